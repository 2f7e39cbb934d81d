// What a request's target says after its question mark.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdfast::protocol {

/// The value of a query parameter, percent-decoded; nothing when there is none. Of two the first counts.
std::optional<std::string> query_parameter(std::string_view target, std::string_view name);

/// Takes the part before `separator`, and that itself, off the front of `text`.
std::string_view next_part(std::string_view& text, char separator);

}  // namespace holdfast::protocol
