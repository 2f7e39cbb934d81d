// AskedStart: a `start` whose subscription has a @function or an @http of its own, which may refuse it.
#pragma once

#include <memory>
#include <optional>

#include "server/parts.h"
#include "server/realtime/subscription.h"

namespace holdfast::server {

/// Whether something of the author's is asked before this may start.
bool is_asked(const Server::Parts& parts, const Listening& listening);

/// As AppSync does it, the document is run once, with the answer as what the root field gives: an error anywhere in it
/// refuses the start, and what it gives otherwise is told to nobody. Used by one thread at a time.
class AskedStart {
 public:
  /// Shared: the parts with all sessions, the listening with its like. `authorization`: of the `start`; what there is a
  /// text are the request's headers to the function.
  AskedStart(std::shared_ptr<Server::Parts> parts, std::shared_ptr<const Listening> listening,
             const Object& authorization);

  [[nodiscard]] const std::shared_ptr<const Listening>& listening() const noexcept { return listening_; }
  /// Asks. Blocks as long as functions and services may take.
  void ask();
  /// Afterwards: the payload of the `error` frame, or nothing if it may start.
  [[nodiscard]] const std::optional<Value>& refusal() const noexcept { return refusal_; }

 private:
  const std::shared_ptr<Server::Parts> parts_;  // Shared: see the constructor, here and below.
  const std::shared_ptr<const Listening> listening_;
  Headers headers_;
  std::optional<Value> refusal_;
};

}  // namespace holdfast::server
