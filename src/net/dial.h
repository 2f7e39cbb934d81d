// From an address to a connection: the host's name is looked up, one of its addresses is connected to, and TLS is
// spoken where the scheme asks for it. For .cc files that include Beast anyway.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "holdfast/result.h"
#include "holdfast/time.h"
#include "net/client_trust.h"
#include "net/stream.h"
#include "net/url.h"

namespace holdfast::net {

/// How long the connection may take, and again the handshake of TLS;
/// and whether, after the look-up, it is still wanted.
struct DialOptions {
  DialOptions(Milliseconds time_max, std::function<bool()> wanted)
      : step_time_max(time_max), is_wanted(std::move(wanted)) {}
  Milliseconds step_time_max;
  std::function<bool()> is_wanted;
};

/// `stream` and `trust` are shared with those who may close or replace them meanwhile. Gives what went wrong, if
/// anything. Codes: unavailable, timed_out; those of client_tls().
boost::asio::awaitable<std::optional<Error>> dial(std::shared_ptr<Stream> stream, std::shared_ptr<ClientTrust> trust,
                                                  Url url, DialOptions options);

}  // namespace holdfast::net
