// Between our Headers and Beast's. For .cc files that include Beast anyway.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <string>

#include "base/bytes.h"
#include "base/transport.h"
#include "net/url.h"

namespace holdfast::net {

inline Headers to_headers(const boost::beast::http::fields& fields) {
  Headers headers;
  for (const auto& field : fields) headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  return headers;
}

/// What frames a message; the connection writes that itself.
inline bool is_framing(std::string_view name) {
  return equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "Connection") ||
         equal_ignoring_case(name, "Transfer-Encoding");
}

/// Leaves out what frames the message and what would break out of its line.
inline void put_headers(const Headers& headers, boost::beast::http::fields& fields) {
  for (const auto& [name, value] : headers) {
    if (!is_framing(name) && is_clean_header(name, value)) fields.insert(name, value);
  }
}

}  // namespace holdfast::net
