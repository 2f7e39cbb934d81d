// The client's WebSocket.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "base/transport.h"
#include "net/gate.h"

namespace holdfast::net {

/// As Transport::open_socket, on the one thread of `io`. `gate` is shut before `io` is destroyed.
std::unique_ptr<Socket> open_ws(boost::asio::io_context& io, std::shared_ptr<Gate> gate, SocketRequest request,
                                SocketEvents events);

}  // namespace holdfast::net
