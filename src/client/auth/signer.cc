#include "client/auth/signer.h"

#include <utility>

#include "protocol/frames.h"

namespace holdfast::auth {

using namespace sync::effect;

Exchange Signer::sign(Exchange exchange, const protocol::Credentials& credentials, Instant now) const {
  protocol::sign(credentials, exchange.request, now);
  return exchange;
}

OpenSocket Signer::sign(OpenSocket open, const protocol::Credentials& credentials, Instant now) const {
  open.request.protocols.push_back(
      protocol::header_protocol(protocol::connect_authorization(credentials, endpoint_, now)));
  return open;
}

SendFrame Signer::sign(const Subscribe& subscribe, const protocol::Credentials& credentials, Instant now,
                       const protocol::OwnerArgument* owner) const {
  auto request = protocol::subscription_request(schema_, *subscribe.model, subscribe.what, subscribe.filter, owner);
  protocol::ClientFrame frame{.type = protocol::ClientFrame::Type::start,
                              .id = subscribe.subscription,
                              .query = std::move(request.query),
                              .variables = std::move(request.variables)};
  frame.authorization = protocol::start_authorization(credentials, endpoint_, now, protocol::start_data(frame));
  return {subscribe.id, protocol::write(frame)};
}

}  // namespace holdfast::auth
