// Url: the parts of an absolute http or ws address that a connection needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "holdfast/result.h"

namespace holdfast::net {

struct Url {
  std::string scheme = {};     ///< Lower case.
  std::string host = {};       ///< A name or address; IPv6 without its brackets.
  std::uint16_t port = 0;      ///< The scheme's own when none is written.
  std::string authority = {};  ///< For the Host header: as written, without the scheme's own port.
  std::string target = {};     ///< Path and query, at least "/"; a fragment is dropped.

  friend bool operator==(const Url&, const Url&) = default;
};

/// Reads `http:`, `https:`, `ws:` and `wss:` addresses; the scheme in any case. Code: invalid_argument, for anything
/// else, for user names, bad ports, and for bytes that may not stand in a request line.
Result<Url> parse_url(std::string_view text);

/// The path and query of a request's target: servers take whole addresses, too (RFC 9112, section 3.2.2).
std::string origin_form(std::string_view target);

/// Whether name and value can stand in a header without breaking out of it.
bool is_clean_header(std::string_view name, std::string_view value) noexcept;

}  // namespace holdfast::net
