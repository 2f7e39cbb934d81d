#include "server/store/sqlite/write_group.h"

#include <algorithm>
#include <utility>

namespace holdfast::server {
namespace {

thread_local WriteGroup* running = nullptr;

}  // namespace

WriteGroup::WriteGroup(const Store& store, GroupGround ground, Stamp last)
    : store_(store), ground_(ground), last_(last) {
  HOLDFAST_ASSERT(running == nullptr, "a thread runs one group of puts at a time");
  running = this;
}

WriteGroup::~WriteGroup() { running = nullptr; }

WriteGroup* WriteGroup::of(const Store& store) noexcept {
  return running != nullptr && &running->store_ == &store ? running : nullptr;
}

Result<std::optional<Image>> WriteGroup::get(const ModelSchema& model, const Key& key) {
  auto text = key.text();
  HOLDFAST_TRY(current, read_current(ground_.writer, model, text));
  last_read_ = ReadRecord{&model, std::move(text), current.standing};
  return std::move(current.image);
}

Result<PutOutcome> WriteGroup::put(const ConditionalPut& put) {
  // SQLite may have rolled back by itself: the next statement would be a transaction of its own.
  if (failure_) return *failure_;
  const Stamp next{last_.sequence + 1, std::max({last_.at + Milliseconds(1), ground_.horizon, ground_.clock.wall()})};
  auto applied = apply_put(ground_.writer, ground_.put, put, next, std::exchange(last_read_, std::nullopt));
  if (!applied) {
    failure_ = applied.error();
    return std::move(applied).error();
  }
  if (applied->outcome.kind == PutOutcome::Kind::written) {
    last_ = next;
    changes.push_back({next.sequence, applied->outcome.image, applied->is_new, put.request});
  }
  return std::move(applied->outcome);
}

}  // namespace holdfast::server
