// Backend: what answers stand on; one a server, shared by all requests.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/random.h"
#include "server/functions/slots.h"
#include "server/resolve/custom.h"
#include "server/resolve/routes.h"
#include "server/resolve/token.h"
#include "server/server.h"

namespace holdfast::server {

/// Immutable itself; safe from any thread because its ports are.
struct Backend {
  const Schema& schema;
  Store& store;
  Clock& clock;
  Random& random;
  ServerOptions options;
  Tokens tokens;
  Routes routes;
  CustomFields custom;
  Functions* functions;                ///< May be null.
  Transport* http;                     ///< May be null.
  std::unique_ptr<Slots> http_slots;

  [[nodiscard]] bool is_versioned() const noexcept { return options.conflict != ConflictStrategy::none; }
};

}  // namespace holdfast::server
