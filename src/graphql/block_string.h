// The content of block strings: common indentation off when read, on again when printed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace holdfast::graphql {

/// Removes the indentation that all lines but the first share, and blank lines at both ends (October 2021, 2.9.4).
std::string dedented(const std::vector<std::string>& lines);

/// Whether a block string of this content reads back as this content.
bool fits_block_string(std::string_view content) noexcept;

/// `"""..."""` as graphql-js lays it out: short single lines stay on the line of the quotes.
std::string block_string(std::string_view content);

}  // namespace holdfast::graphql
