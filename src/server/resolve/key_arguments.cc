#include "server/resolve/key_arguments.h"

#include <string>

#include "server/resolve/rows.h"

namespace holdfast::server {
namespace {

graphql::FieldError unfit(std::string message) { return refusal("InvalidArgumentsError", std::move(message)); }

std::string providing(const std::string& argument) {
  return "When providing argument '" + argument + "' you must also provide ";
}

bool is_given(const Asked& asked, const std::string& argument) { return !asked.call.arguments.at(argument).is_null(); }

/// Of a list, or an index query of the older dialect, without its partition: the records come as they were first
/// written, which nothing here can narrow or turn.
std::optional<graphql::FieldError> without_partition(const Asked& asked) {
  const auto& route = asked.route;
  const auto& partition = route.partition.front();
  if (is_given(asked, "sortDirection")) {
    if (!route.sort.empty()) return unfit(providing("sortDirection") + "argument '" + partition + "'.");
    return unfit("sortDirection is not supported for List operations without a Sort key defined.");
  }
  if (!route.narrowing || !is_given(asked, route.narrowing->name)) return std::nullopt;
  const auto& name = route.narrowing->name;
  return unfit(providing(name) + (route.narrowing->is_composite() ? "'" + partition + "'." : "arguments " + partition));
}

/// `place`: the argument and its operator. Fields of a composite key are compared one after the other.
std::optional<graphql::FieldError> gap_in(const Value& value, const std::vector<std::string>& fields,
                                          const std::string& place) {
  for (std::size_t at = 1; at < fields.size(); ++at) {
    if (value[fields[at]].is_null() || !value[fields[at - 1]].is_null()) continue;
    return unfit(providing(place + "." + fields[at]) + "'" + place + "." + fields[at - 1] + "'.");
  }
  return std::nullopt;
}

std::optional<graphql::FieldError> gap_of(const Asked& asked) {
  const auto& narrowing = asked.route.narrowing;
  if (!narrowing || !narrowing->is_composite()) return std::nullopt;
  const auto* tests = asked.call.arguments.at(narrowing->name).as_object();
  if (tests == nullptr) return std::nullopt;
  for (const auto& [name, value] : *tests) {
    const auto place = narrowing->name + "." + name;
    const auto* bounds = value.as_list();
    if (bounds == nullptr) {
      if (auto gap = gap_in(value, narrowing->fields, place)) return gap;
      continue;
    }
    for (std::size_t at = 0; at < bounds->size(); ++at) {
      if (auto gap = gap_in((*bounds)[at], narrowing->fields, place + "[" + std::to_string(at) + "]")) return gap;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<graphql::FieldError> unfit_key_arguments(const Asked& asked) {
  const auto& route = asked.route;
  const bool has_partition = route.kind != Route::Kind::relation && !route.partition.empty();
  if (has_partition && !is_given(asked, route.partition.front())) {
    if (auto refused = without_partition(asked)) return refused;
  }
  return gap_of(asked);
}

}  // namespace holdfast::server
