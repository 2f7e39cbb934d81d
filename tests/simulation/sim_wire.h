// What SimNetwork's requests and sockets have in common.
#pragma once

#include <string>

#include "base/transport.h"

namespace holdfast::simulation {

/// What a server sees of an absolute URL.
inline std::string path_of(const std::string& url) {
  const auto at = url.find('/', url.find("://") + 3);
  return at == std::string::npos ? "/" : url.substr(at);
}

inline constexpr const char* expired_key = "da2-expired";

/// The credentials become ones that the backend does not know.
inline void expire(Headers& headers) {
  for (auto& [name, value] : headers) {
    if (name == "x-api-key") value = expired_key;
  }
}

}  // namespace holdfast::simulation
