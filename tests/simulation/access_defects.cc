// What the backend would do wrong with callers and their rights.
#include <memory>

#include "tests/simulation/defects.h"

namespace holdfast::simulation {
namespace {

/// `asked` outlives it.
class CarelessDecider : public server::Decider {
 public:
  explicit CarelessDecider(const server::Decider& asked) : asked_(asked) {}
  [[nodiscard]] server::Decision decide(const server::Question& question) const override {
    return asked_.decide(question);
  }
  [[nodiscard]] bool guards(std::string_view type, std::string_view field) const override {
    return asked_.guards(type, field);
  }

 private:
  const server::Decider& asked_;
};

class ShowsEveryRow final : public CarelessDecider {
 public:
  using CarelessDecider::CarelessDecider;
  [[nodiscard]] server::Decision decide(const server::Question& question) const override {
    auto decision = CarelessDecider::decide(question);
    decision.rows = {};
    return decision;
  }
};

/// Asks at the handshake and the first time only: whoever had access keeps it.
class NeverRevokes final : public CarelessDecider {
 public:
  using CarelessDecider::CarelessDecider;
  [[nodiscard]] server::Decision decide(const server::Question& question) const override {
    auto decision = CarelessDecider::decide(question);
    decision.is_allowed = true;
    return decision;
  }
};

template <class Decider>
void use(WorldOptions& options) {
  options.wrap_decider = [](const server::Decider& asked) { return std::make_unique<Decider>(asked); };
  options.hides_a_city = true;
  options.revocations = 4;
}

// What a new token would mend is refused for good.
void refuse_expired_for_good(WorldOptions& options) {
  options.expiries = 6;
  options.taps.response = [](HttpResponse& response) {
    if (response.status != 401) return;
    response = {
        .status = 200, .headers = {}, .body = R"({"data":null,"errors":[{"errorType":"BadRequest","message":"no"}]})"};
  };
}

}  // namespace

void add_access_defects(std::vector<Defect>& table) {
  const std::vector<Defect> ours{
      {"hidden-rows", "the backend forgets which rows a caller may see", "rule: ", use<ShowsEveryRow>},
      {"revoked", "the backend goes on serving a model that it has taken away", "rule: ", use<NeverRevokes>},
      {"expired-for-good", "a change that meets expired credentials is refused for good", "lost",
       refuse_expired_for_good},
  };
  table.insert(table.end(), ours.begin(), ours.end());
}

}  // namespace holdfast::simulation
