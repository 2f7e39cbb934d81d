// Encodings and digests of byte strings.
#pragma once

#include <string>
#include <string_view>

#include "holdfast/result.h"

namespace holdfast {

/// RFC 4648 §4, with padding.
std::string base64(std::string_view bytes);
/// RFC 4648 §5, without padding.
std::string base64url(std::string_view bytes);
/// Reads either alphabet, padded or not; no white space. Code: malformed.
Result<std::string> from_base64(std::string_view text);

std::string hex(std::string_view bytes);                              ///< Lower case.
std::string sha256(std::string_view bytes);                           ///< 32 raw bytes.
std::string md5(std::string_view bytes);                              ///< 16 raw bytes; for names, never for security.
std::string hmac_sha256(std::string_view key, std::string_view bytes);  ///< 32 raw bytes.
/// Compares in time that depends on the lengths only.
bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

/// ASCII only.
bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;
/// Decodes %XX and '+' of a URL query part; undecodable escapes stay as they are.
std::string percent_decoded(std::string_view text);

}  // namespace holdfast
