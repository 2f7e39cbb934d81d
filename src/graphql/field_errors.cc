#include "graphql/field_errors.h"

#include <algorithm>
#include <cstdint>

#include "base/json.h"

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
                   std::string_view completed) {
  if (muted_ == 0) write(place, locations_of(selections), std::move(error), completed);
}

void ErrorLog::add(const Place* place, const std::vector<const Selection*>& selections, std::string message) {
  add(place, selections, FieldError{.message = std::move(message)}, "null");
}

void ErrorLog::add(const Place* place, const RequestError& error) {
  if (muted_ > 0) return;
  List locations;
  for (const auto& at : error.locations) locations.push_back(location(at));
  write(place, std::move(locations), FieldError{.message = error.message}, "null");
}

void ErrorLog::write(const Place* place, List locations, FieldError error, std::string_view completed) {
  const auto member = [&](std::string_view key, const Value& value) {
    text_ += key;
    json::write(value, text_);
  };
  if (!text_.empty()) text_ += ',';
  member(R"({"path":)", path_of(place));
  text_ += R"(,"data":)";
  text_ += completed;
  member(R"(,"errorType":)", error.error_type.empty() ? Value() : Value(std::move(error.error_type)));
  member(R"(,"errorInfo":)", error.error_info);
  member(R"(,"locations":)", std::move(locations));
  member(R"(,"message":)", std::move(error.message));
  text_ += '}';
}

}  // namespace holdfast::graphql
