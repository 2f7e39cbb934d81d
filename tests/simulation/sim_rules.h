// SimRules: what each device may read and write at the backend: everything, but what a world takes away for a while,
// and rows that one device may never see.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "server/auth/decide.h"

namespace holdfast::simulation {

/// Seats in this city are hidden from the device that World hides them from. Part of the key: a row never moves out of
/// the rule or into it. No other record has the word.
inline constexpr const char* hidden_city = "Oslo";

/// Callers are named by key_of() of their device. Single-threaded.
class SimRules final : public server::Decider {
 public:
  void set_revoked(const std::string& caller, const std::string& model, bool is_revoked) {
    if (is_revoked) {
      revoked_.emplace(caller, model);
    } else {
      revoked_.erase({caller, model});
    }
  }
  void hide_city_from(std::string caller) { blind_ = std::move(caller); }

  [[nodiscard]] bool is_revoked(const std::string& caller, const std::string& model) const {
    return revoked_.contains({caller, model});
  }
  [[nodiscard]] bool is_hidden_from(const std::string& caller, const Record& row) const {
    return blind_ == caller && row.model->name == "Seat" && row["city"] == Value(hidden_city);
  }
  [[nodiscard]] bool has_hidden_rows(const std::string& caller) const { return blind_ == caller; }

  [[nodiscard]] server::Decision decide(const server::Question& question) const override {
    if (!question.model) return {};
    if (is_revoked(question.caller.key_name, question.model->name)) return {.is_allowed = false};
    if (question.model->name != "Seat" || blind_ != question.caller.key_name) return {};
    const auto is_shown = Predicate::compare("city", Op::ne, {Value(hidden_city)});
    return {.is_allowed = true, .rows = is_shown, .written = is_shown};
  }
  [[nodiscard]] bool guards(std::string_view /*type*/, std::string_view /*field*/) const override { return false; }

 private:
  std::set<std::pair<std::string, std::string>> revoked_;
  std::optional<std::string> blind_;
};

}  // namespace holdfast::simulation
