#include "server/auth/decide.h"

namespace holdfast::server {
namespace {

class AcceptedMayAll final : public Decider {
 public:
  [[nodiscard]] Decision decide(const Question& /*question*/) const override { return {}; }
  [[nodiscard]] bool guards(std::string_view /*type*/, std::string_view /*field*/) const override { return false; }
};

}  // namespace

const Decider& accepted_may_all() noexcept {
  static const AcceptedMayAll decider;
  return decider;
}

}  // namespace holdfast::server
