#include "base/blocking_exchange.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace holdfast {
namespace {

/// The transport keeps the time; this is for one that is destroyed meanwhile and answers nobody.
constexpr Milliseconds grace{2'000};

struct Awaited {
  std::mutex mutex;
  std::condition_variable has_come;
  std::optional<Result<HttpResponse>> reply;
};

}  // namespace

Result<HttpResponse> exchange_and_wait(Transport& transport, HttpRequest request, Milliseconds timeout) {
  // Shared with the transport, which may answer after we have given up.
  auto awaited = std::make_shared<Awaited>();
  transport.exchange(std::move(request), timeout, [awaited](Result<HttpResponse> reply) {
    const std::lock_guard lock(awaited->mutex);
    awaited->reply = std::move(reply);
    awaited->has_come.notify_one();
  });
  std::unique_lock lock(awaited->mutex);
  if (!awaited->has_come.wait_for(lock, timeout + grace, [&] { return awaited->reply.has_value(); })) {
    return Error{Code::timed_out, "No answer came in time."};
  }
  return *std::move(awaited->reply);
}

}  // namespace holdfast
