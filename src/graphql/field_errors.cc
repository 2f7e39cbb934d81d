#include "graphql/field_errors.h"

#include <algorithm>
#include <cstdint>

namespace holdfast::graphql {
namespace {

Value location(const Location& at) {
  return Object{{"line", std::int64_t{at.line}}, {"column", std::int64_t{at.column}}, {"sourceName", nullptr}};
}

List locations_of(const std::vector<const Selection*>& selections) {
  List locations;
  for (const auto* selection : selections) locations.push_back(location(selection->at));
  return locations;
}

Object error_object(Value path, List locations, FieldError error, Value completed) {
  return {{"path", std::move(path)},
          {"data", std::move(completed)},
          {"errorType", error.error_type.empty() ? Value() : Value(std::move(error.error_type))},
          {"errorInfo", std::move(error.error_info)},
          {"locations", std::move(locations)},
          {"message", std::move(error.message)}};
}

}  // namespace

Value path_of(const Place* place) {
  if (!place) return {};
  List path;
  for (; place; place = place->above) {
    path.push_back(place->name.empty() ? Value(static_cast<std::int64_t>(place->index)) : Value(place->name));
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::string path_text(const Place& place) {
  const auto above = place.above ? path_text(*place.above) : std::string();
  return place.name.empty() ? above + "[" + std::to_string(place.index) + "]" : above + "/" + std::string(place.name);
}

void ErrorLog::add(const Place* place, const std::vector<const Selection*>& selections, FieldError error,
                   Value completed) {
  if (muted_ > 0) return;
  errors_.emplace_back(error_object(path_of(place), locations_of(selections), std::move(error), std::move(completed)));
}

void ErrorLog::add(const Place* place, const std::vector<const Selection*>& selections, std::string message) {
  add(place, selections, FieldError{.message = std::move(message)}, {});
}

void ErrorLog::add(const Place* place, const RequestError& error) {
  if (muted_ > 0) return;
  List locations;
  for (const auto& at : error.locations) locations.push_back(location(at));
  errors_.emplace_back(error_object(path_of(place), std::move(locations), FieldError{.message = error.message}, {}));
}

}  // namespace holdfast::graphql
