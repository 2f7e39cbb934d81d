// Where a page ended, as the text of `ImagePage::next`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "holdfast/result.h"

namespace holdfast::server {

/// The sequence after which a page goes on; 0 for an empty text, the start. Code: invalid_argument.
Result<std::int64_t> position_of(std::string_view after);
std::string position_text(std::int64_t sequence);

}  // namespace holdfast::server
