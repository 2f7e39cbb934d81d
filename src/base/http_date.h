// Times as HTTP writes them (RFC 9110, section 5.6.7).
#pragma once

#include <optional>
#include <string_view>

#include "base/transport.h"
#include "holdfast/time.h"

namespace holdfast {

/// "Sun, 06 Nov 1994 08:49:37 GMT", and the two obsolete forms: "Sunday, 06-Nov-94 08:49:37 GMT", of 1951 to 2050, and
/// "Sun Nov  6 08:49:37 1994". Null for any other text. The name of the day is not compared with the date.
std::optional<Instant> read_http_date(std::string_view text);

/// When the answer was made, by the sender's clock: its Date header. Null when there is none.
std::optional<Instant> date_of(const Headers& headers);

}  // namespace holdfast
