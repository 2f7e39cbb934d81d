// Spellings that the published generator derives from names, as npm's change-case 4 derives them: a name is cut into
// words where a capital follows a small letter or digit, before the last capital of a run that ends in a small letter,
// and at everything that is neither letter nor digit.
#pragma once

#include <string>
#include <string_view>

namespace holdfast::codegen {

std::string pascal_case(std::string_view name);    ///< blog_post -> BlogPost, HTTPLog -> HttpLog
std::string camel_case(std::string_view name);     ///< BlogPost -> blogPost, HTTPLog -> httpLog
std::string constant_case(std::string_view name);  ///< inProgress -> IN_PROGRESS

}  // namespace holdfast::codegen
