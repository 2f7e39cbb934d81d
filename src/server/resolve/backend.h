// Backend: what answers stand on; one a server, shared by all requests.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "server/auth/authenticate.h"
#include "server/auth/decide.h"
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
  Log& log;
  Functions* functions;  ///< Null when nothing calls any.
  ServerOptions options;
  Tokens tokens;
  Routes routes;
  Authenticator authenticator;
  const Decider& decider;
  CustomFields custom;
  std::map<std::string, schema::InputRules, std::less<>> input_rules;  ///< By model.
  Transport* http;  ///< Null: @http is not served.
  std::unique_ptr<Slots> http_slots;
  Metrics* metrics;  ///< Null: nobody reads them.

  /// As Authenticator, now.
  template <class Credentials>
  [[nodiscard]] std::optional<Caller> caller_of(const Credentials& credentials) const {
    return authenticator.caller_of(credentials, clock.wall());
  }
  /// Null for a model without rules.
  [[nodiscard]] const schema::InputRules* rules_of(const ModelSchema& model) const {
    const auto found = input_rules.find(model.name);
    return found == input_rules.end() ? nullptr : &found->second;
  }
  [[nodiscard]] bool is_versioned() const noexcept { return options.conflict != ConflictStrategy::none; }
};

}  // namespace holdfast::server
