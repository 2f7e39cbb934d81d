// Times as AWS writes them. Internal to the room.
#pragma once

#include <string>

#include "base/instant.h"

namespace holdfast::protocol {

/// "20261121T015901Z", the basic format.
inline std::string amz_date(Instant now) {
  std::string text;
  for (const char letter : iso8601(std::chrono::floor<std::chrono::seconds>(now))) {
    if (letter == '.') break;
    if (letter != '-' && letter != ':') text += letter;
  }
  return text + 'Z';
}

}  // namespace holdfast::protocol
