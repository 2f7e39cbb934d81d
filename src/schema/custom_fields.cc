#include "schema/custom_fields.h"

#include <algorithm>
#include <cctype>

#include "holdfast/schema.h"

namespace holdfast::schema {
namespace {

std::string text_of(const graphql::Arguments& arguments, std::string_view name) {
  const auto* value = graphql::argument(arguments, name);
  return value == nullptr ? std::string() : value->text;
}

std::size_t word_end(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_')) ++at;
  return at;
}

HttpStep http_step(const graphql::FieldDefinition& field, const graphql::Directive& written) {
  HttpStep step{.url = text_of(written.arguments, "url")};
  if (auto method = text_of(written.arguments, "method"); !method.empty()) step.method = std::move(method);
  if (const auto* headers = graphql::argument(written.arguments, "headers")) {
    const bool is_list = headers->kind == graphql::AstValue::Kind::list;
    for (const auto& each : is_list ? headers->items : std::vector{*headers}) {
      step.headers.emplace_back(text_of(each.fields, "key"), text_of(each.fields, "value"));
    }
  }
  if (!step.has_body()) return step;
  const auto parameters = url_parameters(step.url);
  for (const auto& each : field.arguments) {
    const bool is_in_path = std::find(parameters.begin(), parameters.end(), each.name) != parameters.end();
    const bool is_left_out = is_in_path || (!parameters.empty() && !scalar_named(each.type.innermost()));
    if (each.type.is_non_null && !is_left_out) step.required.push_back(each.name);
  }
  return step;
}

}  // namespace

std::vector<CustomField> custom_fields(const graphql::SchemaDocument& document) {
  std::vector<CustomField> all;
  for (const auto& type : document.types) {
    for (const auto& field : type.fields) {
      CustomField custom{.type = type.name, .field = field.name};
      for (const auto& directive : field.directives) {
        if (directive.name != "function") continue;
        custom.functions.push_back(
            {text_of(directive.arguments, "name"), text_of(directive.arguments, "invocationType") == "Event"});
      }
      const auto* http = graphql::directive(field.directives, "http");
      if (custom.functions.empty() && http != nullptr) custom.http = http_step(field, *http);
      if (!custom.functions.empty() || custom.http) all.push_back(std::move(custom));
    }
  }
  return all;
}

std::size_t path_start(std::string_view url) noexcept {
  constexpr std::string_view host_mark = "://";
  const auto host = url.find(host_mark);
  return std::min(url.find('/', host == std::string_view::npos ? 0 : host + host_mark.size()), url.size());
}

std::string with_url_parameters(std::string_view url, const std::function<std::string(std::string_view name)>& value) {
  auto at = path_start(url);
  std::string text(url.substr(0, at));
  while (at < url.size()) {
    const auto end = url[at] == ':' ? word_end(url, at + 1) : at;
    if (end > at + 1) {
      text += value(url.substr(at + 1, end - at - 1));
      at = end;
    } else {
      text += url[at++];
    }
  }
  return text;
}

std::vector<std::string> url_parameters(std::string_view url) {
  std::vector<std::string> names;
  with_url_parameters(url, [&](std::string_view name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
    return std::string();
  });
  return names;
}

}  // namespace holdfast::schema
