#include "net/joint_queue.h"

#include <algorithm>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <iterator>
#include <vector>

namespace holdfast::net {
namespace asio = boost::asio;

namespace {

/// Hands the results out, in the thread of one connection's loop: the connections of that loop run what they are given
/// at once, without queueing; those of another are told one after the other, and begin meanwhile.
template <class Waiting>
void hand_out(std::deque<Waiting>& taken, std::vector<Result<void>>& kept) {
  for (std::size_t at = 0; at < taken.size(); ++at) {
    asio::dispatch(asio::append(std::move(taken[at].done), std::move(kept[at])));
  }
}

}  // namespace

void JointQueue::add(JointWork& work, Done done) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({&work, std::move(done)});
    if (std::exchange(is_finishing_, true)) return;
  }
  asio::post(finisher_, [this]() noexcept { finish_all(); });
}

void JointQueue::finish_all() {
  for (auto taken = take(); !taken.empty(); taken = take()) {
    std::vector<JointWork*> works;
    works.reserve(taken.size());
    for (const auto& one : taken) works.push_back(one.work);
    auto kept = service_.finish(works);
    HOLDFAST_ASSERT(kept.size() == taken.size(), "every joint work has its result");
    const auto loop = asio::get_associated_executor(taken.front().done);
    asio::dispatch(asio::bind_executor(loop, [taken = std::move(taken), kept = std::move(kept)]() mutable {
      hand_out(taken, kept);
    }));
  }
}

std::deque<JointQueue::Waiting> JointQueue::take() {
  const std::lock_guard lock(mutex_);
  std::deque<Waiting> taken;
  if (waiting_.size() <= batch_max) {
    taken.swap(waiting_);
  } else {
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(batch_max);
    taken.insert(taken.end(), std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
  }
  is_finishing_ = !taken.empty();
  return taken;
}

}  // namespace holdfast::net
