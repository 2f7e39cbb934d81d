// Names that the dialect makes out of written ones.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace holdfast::schema {

/// Letters, digits and _, not beginning with a digit.
bool is_graphql_name(std::string_view text) noexcept;
std::string upper_first(std::string_view name);
std::string lower_first(std::string_view name);
/// The first part with a small initial, the others with a capital one: (Post, comments, id) -> postCommentsId.
std::string camel(const std::vector<std::string>& parts);
/// `on` + operation + model, cut to 45 characters and 5 of a digest when longer than AppSync's 50.
std::string subscription_name(std::string_view prefix, std::string_view model);
/// The known name that was probably meant; empty when none is near.
std::string nearest(std::string_view written, const std::vector<std::string>& known);
/// `a`, `b` and `c`, for messages.
std::string listed(const std::vector<std::string>& names);

}  // namespace holdfast::schema
