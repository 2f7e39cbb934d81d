// What clients are told of a server: an endpoint that works for HTTP and realtime, a key that a header carries.
#pragma once

#include <string>
#include <string_view>

namespace holdfast::cli {

/// Half a sentence; empty when clients can use it.
std::string wrong_with_endpoint(std::string_view endpoint);
std::string wrong_with_key(std::string_view key);

}  // namespace holdfast::cli
