// Signer: what the engine wants sent, as it is sent.
#pragma once

#include <string>

#include "client/sync/effects.h"
#include "protocol/signers.h"

namespace holdfast::auth {

/// Stateless but for the API's address and schema.
class Signer {
 public:
  /// `schema` outlives it.
  Signer(const Schema& schema, std::string endpoint) : schema_(schema), endpoint_(std::move(endpoint)) {}

  [[nodiscard]] sync::effect::Exchange sign(sync::effect::Exchange exchange, const protocol::Credentials& credentials,
                                            Instant now) const;
  [[nodiscard]] sync::effect::OpenSocket sign(sync::effect::OpenSocket open, const protocol::Credentials& credentials,
                                              Instant now) const;
  /// `owner`: the argument that narrows the subscription to what a user may see; null: none is needed.
  [[nodiscard]] sync::effect::SendFrame sign(const sync::effect::Subscribe& subscribe,
                                             const protocol::Credentials& credentials, Instant now,
                                             const protocol::OwnerArgument* owner = nullptr) const;

 private:
  const Schema& schema_;
  const std::string endpoint_;
};

}  // namespace holdfast::auth
