#include "server/store/memory/memory_store.h"

#include "server/store/store_contract.h"

namespace holdfast::server {
namespace {

class Memory final : public StorePlace {
 public:
  Result<std::unique_ptr<Store>> open(const Schema& schema, Clock& clock) override {
    return memory_store(schema, clock);
  }
  [[nodiscard]] bool keeps_its_content() const override { return false; }
};

const auto kind = testing::Values(StoreKind{"Memory", [] { return std::make_unique<Memory>(); }});
INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, kind, name_of);
INSTANTIATE_TEST_SUITE_P(Memory, IndexContract, kind, name_of);
INSTANTIATE_TEST_SUITE_P(Memory, TrimContract, kind, name_of);
INSTANTIATE_TEST_SUITE_P(Memory, DeadlineContract, kind, name_of);

}  // namespace
}  // namespace holdfast::server
