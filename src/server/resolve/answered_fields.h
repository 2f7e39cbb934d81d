// What functions answered for records that a request has written:
// no store keeps it, and its subscribers are to hear it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "holdfast/value.h"

namespace holdfast::server {

/// A record as one write left it.
struct WrittenRecord {
  std::string model = {};
  std::string key = {};  ///< Key::text()
  std::int64_t version = 0;
  friend auto operator<=>(const WrittenRecord&, const WrittenRecord&) = default;
};

/// Values by name of field, of each record that was written; null where a function failed.
using AnsweredFields = std::map<WrittenRecord, Object>;

}  // namespace holdfast::server
