// A client's request as text: its address, checked, and its bytes.
#pragma once

#include <string>

#include "base/transport.h"
#include "net/url.h"

namespace holdfast::net {

/// Code: invalid_argument, when address, method or headers cannot be sent.
Result<Url> http_url(const HttpRequest& request);

/// Head and body in one piece, so that they leave in one packet. The address is that of http_url().
std::string request_text(const HttpRequest& request, const Url& url);

}  // namespace holdfast::net
