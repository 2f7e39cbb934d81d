// AES-256-SIV (RFC 5297): encryption that notices every change, and gives equal texts for equal texts. No nonce to repeat.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdfast {

inline constexpr std::size_t siv_key_bytes = 64;
inline constexpr std::size_t siv_tag_bytes = 16;  ///< By so much a sealed text is longer.

/// `key` has siv_key_bytes. `scope` is not in what is sealed, but has to be the same when it is opened. `text` is not empty.
std::string siv_seal(std::string_view key, std::string_view scope, std::string_view text);
/// Nothing when siv_seal() did not give it out for this key and scope.
std::optional<std::string> siv_open(std::string_view key, std::string_view scope, std::string_view sealed);

}  // namespace holdfast
