// LastValues: what the fields that one writer alone writes may end with.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "tests/simulation/workload.h"

namespace holdfast::simulation {

/// By the record's name: the value that its writer saved last. After a crash in a save, the one before as well; after a
/// sign-out with changes that were not sent, every one there was, because requests under way may still arrive. Null: no
/// such record.
class LastValues {
 public:
  /// What the field may end with before anybody wrote it.
  void begin(const std::string& record, Value value) { fields_.try_emplace(record, Field{{value}, {}, {value}}); }

  void wrote(const std::string& record, Made made, const Value& value) {
    auto& field = fields_.try_emplace(record, Field{{Value()}, {}, {Value()}}).first->second;
    if (made == Made::no) return;
    if (made == Made::yes) field.candidates.clear();
    field.candidates.push_back(value);
    field.all.push_back(value);
  }

  void on_sign_out(const std::set<std::string>& unsent) {
    for (const auto& name : unsent) {
      const auto found = fields_.find(name);
      if (found != fields_.end()) found->second.lingering = found->second.all;
    }
  }

  [[nodiscard]] bool is_certain(const std::string& record) const {
    const auto found = fields_.find(record);
    return found == fields_.end() || found->second.lingering.empty();
  }

  /// What is wrong when the backend holds these rows; empty when nothing is.
  [[nodiscard]] std::string check(const Rows& backend, std::string_view field_name) const {
    for (const auto& [name, field] : fields_) {
      const auto found = backend.find(name);
      const Value held = found == backend.end() ? Value() : found->second[field_name];
      const auto is_held = [&held](const Value& value) { return numbers_equal(value, held); };
      if (std::any_of(field.candidates.begin(), field.candidates.end(), is_held)) continue;
      if (std::any_of(field.lingering.begin(), field.lingering.end(), is_held)) continue;
      return "lost: " + std::string(field_name) + " of " + name + " ends with " + json::write(held) + ", last saved " +
             json::write(field.candidates.back());
    }
    return {};
  }

 private:
  struct Field {
    std::vector<Value> candidates;
    std::vector<Value> lingering;
    std::vector<Value> all;
  };
  std::map<std::string, Field> fields_;
};

}  // namespace holdfast::simulation
