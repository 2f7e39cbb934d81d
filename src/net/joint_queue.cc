#include "net/joint_queue.h"

#include <algorithm>
#include <boost/asio/append.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <iterator>
#include <vector>

namespace holdfast::net {
namespace asio = boost::asio;

void JointQueue::add(JointWork& work, Done done) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({&work, std::move(done)});
    if (std::exchange(is_finishing_, true)) return;
  }
  asio::post(workers_, [this]() noexcept { finish_all(); });
}

void JointQueue::finish_all() {
  for (auto taken = take(); !taken.empty(); taken = take()) {
    std::vector<JointWork*> works;
    works.reserve(taken.size());
    for (const auto& one : taken) works.push_back(one.work);
    auto kept = service_.finish(works);
    HOLDFAST_ASSERT(kept.size() == taken.size(), "every joint work has its result");
    for (std::size_t at = 0; at < taken.size(); ++at) {
      asio::dispatch(asio::append(std::move(taken[at].done), std::move(kept[at])));
    }
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
