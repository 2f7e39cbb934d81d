// The client's WebSocket.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "base/transport.h"
#include "net/client_trust.h"
#include "net/gate.h"

namespace holdfast::net {

/// What all sockets of a loop share.
struct WsPremises {
  std::shared_ptr<Gate> gate;  ///< Shut before the loop's io_context is destroyed.
  std::shared_ptr<ClientTrust> trust;
};

/// As Transport::open_socket, on the one thread of `io`.
std::unique_ptr<Socket> open_ws(boost::asio::io_context& io, WsPremises premises, SocketRequest request,
                                SocketEvents events);

}  // namespace holdfast::net
