// The head of an HTTP answer, as it goes to the wire.
#pragma once

#include <string>

#include "base/transport.h"

namespace holdfast::net {

/// What the form of an answer depends on. Has constructors because coroutines take it by value.
class Asked {
 public:
  Asked() = default;  // What could not be read; the connection ends with the answer.
  Asked(unsigned http_version, bool is_kept, bool is_head_only)
      : version(http_version), keeps_alive(is_kept), is_head(is_head_only) {}

  unsigned version = 11;
  bool keeps_alive = false;
  bool is_head = false;
};

/// Whether answers of this status have a body.
bool may_have_body(int status) noexcept;

/// The status line and the headers of `answer`, with the length of its body if it may have one, to the blank line.
/// Headers that frame a message, and those that would break out of their line, are left out. A status outside of 200 to
/// 999 reads as 500.
std::string head_of(const HttpResponse& answer, const Asked& asked);

}  // namespace holdfast::net
