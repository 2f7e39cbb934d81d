// From a host's name to the addresses a client may connect to.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "holdfast/result.h"

namespace holdfast::net {

/// At least one endpoint. An address is taken as it stands; only names are looked up. Code: unavailable.
boost::asio::awaitable<Result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(std::string host,
                                                                                      std::uint16_t port);

/// "No connection to host:port: reason". Code: unavailable, or timed_out when that was the reason.
Error connect_failed(const std::string& host, std::uint16_t port, const boost::system::error_code& reason);

}  // namespace holdfast::net
