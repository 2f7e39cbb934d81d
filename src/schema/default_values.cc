// @default: which fields may have one, and whether its text is a value of the field's type.
#include <algorithm>
#include <cstdlib>

#include "model/scalar_text.h"
#include "schema/draft.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

using graphql::Directive;
using graphql::FieldDefinition;

bool is_digit(char letter) noexcept { return letter >= '0' && letter <= '9'; }
bool is_letter(char letter) noexcept { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

bool is_whole_number(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 18 && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_number(const std::string& text) noexcept {
  const bool is_plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
    return is_digit(letter) || letter == '.' || letter == '-' || letter == '+' || letter == 'e' || letter == 'E';
  });
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return is_plain && end == text.c_str() + text.size();
}

bool is_boolean(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return lowered == "true" || lowered == "false";
}

/// A default must say seconds and offset, which the scalar itself leaves open. `text` is a fitting time.
bool is_exact_time(std::string_view text) noexcept {
  const bool has_seconds = text.size() > 5 && text[5] == ':';
  if (!has_seconds) return false;
  return text.back() == 'Z' || (text.size() > 6 && (text[text.size() - 6] == '+' || text[text.size() - 6] == '-'));
}

bool is_host_label(std::string_view label) noexcept {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char letter) { return is_letter(letter) || is_digit(letter) || letter == '-'; });
}

bool has_host(std::string_view email) noexcept {
  auto host = email.substr(email.rfind('@') + 1);
  while (true) {
    const auto dot = host.find('.');
    if (!is_host_label(host.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

/// With its country code, and where that is +1, with an area that exists: none begins with 0 or 1, none is 555.
bool is_world_phone(std::string_view text) {
  if (!text.starts_with('+')) return false;
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  if (digits.size() < 7 || digits.front() == '0') return false;
  if (digits.front() != '1') return true;
  return digits.size() == 11 && digits[1] > '1' && digits[4] > '1' && digits.substr(1, 3) != "555" &&
         digits.substr(2, 2) != "11";
}

bool is_default(Scalar scalar, const std::string& text) {
  switch (scalar) {
    case Scalar::integer:
    case Scalar::aws_timestamp: return is_whole_number(text);
    case Scalar::floating: return is_number(text);
    case Scalar::boolean: return is_boolean(text);
    case Scalar::aws_date: return text.size() == 10 && fits_scalar(scalar, text);
    case Scalar::aws_time: return fits_scalar(scalar, text) && is_exact_time(text);
    case Scalar::aws_date_time: return fits_scalar(scalar, text) && is_exact_time(std::string_view(text).substr(11));
    case Scalar::aws_email: return fits_scalar(scalar, text) && has_host(text);
    case Scalar::aws_phone: return fits_scalar(scalar, text) && is_world_phone(text);
    case Scalar::aws_ip_address: return fits_scalar(scalar, text) && text.find('/') == std::string::npos;
    default: return fits_scalar(scalar, text);
  }
}

std::string example_of(Scalar scalar) {
  switch (scalar) {
    case Scalar::integer:
    case Scalar::aws_timestamp: return "a whole number, as in \"3\"";
    case Scalar::floating: return "a number, as in \"3.5\"";
    case Scalar::boolean: return "\"true\" or \"false\"";
    case Scalar::aws_date: return "a day, as in \"2024-02-29\"";
    case Scalar::aws_time: return "a time with seconds and offset, as in \"12:30:00Z\"";
    case Scalar::aws_date_time: return "a moment with seconds and offset, as in \"2024-02-29T12:30:00.000Z\"";
    case Scalar::aws_email: return "an address, as in \"a@example.com\"";
    case Scalar::aws_json: return "JSON text, as in \"{}\"";
    case Scalar::aws_url: return "a URL with its scheme, as in \"https://example.com\"";
    case Scalar::aws_phone: return "a number that exists, with its country code, as in \"+49 30 123456\"";
    case Scalar::aws_ip_address: return "an address, as in \"192.0.2.1\"";
    default: return "a text";
  }
}

void check_value(Draft& draft, const FieldDefinition& field, const graphql::AstValue& value) {
  const auto& type = field.type.name;
  if (const auto scalar = scalar_named(type)) {
    if (is_default(*scalar, value.text)) return;
    return draft.problem(value.at, "Default value \"" + value.text + "\" is not a valid " + type + ".",
                         "Write " + example_of(*scalar) + ".");
  }
  const auto* named = draft.type(type);
  if (named == nullptr || named->has_value(value.text)) return;
  std::vector<std::string> values;
  for (const auto& one : named->values) values.push_back(one.name);
  const auto near = nearest(value.text, values);
  draft.problem(value.at, "Default value \"" + value.text + "\" is not a member of " + type + " enum.",
                near.empty() ? "It has " + listed(values) + "." : "Did you mean \"" + near + "\"?");
}

bool may_have_default(const Draft& draft, const graphql::TypeRef& type) {
  if (type.is_list()) return false;
  const auto* named = draft.type(type.name);
  return scalar_named(type.name) || named == nullptr || named->kind == graphql::TypeKind::enumeration;
}

void check_default(Draft& draft, const FieldDefinition& field, const Directive& directive) {
  if (!may_have_default(draft, field.type)) {
    return draft.problem(directive.at, "The @default directive may only be added to scalar or enum field types.",
                         "Remove it, and let the application fill the field.");
  }
  const auto* value = graphql::argument(directive.arguments, "value");
  if (value == nullptr) {
    draft.problem(directive.at, "The @default directive requires a value property on non-Postgres datasources.",
                  "Add value, in quotes whatever the type: @default(value: \"3\").");
  } else if (value->kind == graphql::AstValue::Kind::null) {
    draft.problem(value->at, "The @default directive does not support null values.",
                  "Remove it: a field that is left out is null already.");
  } else if (value->kind == graphql::AstValue::Kind::string) {
    check_value(draft, field, *value);
  }
}

}  // namespace

void check_defaults(Draft& draft) {
  draft.each_model([&](const ModelSchema&, const graphql::TypeDefinition& type) {
    for (const auto& field : type.fields) {
      if (const auto* directive = graphql::directive(field.directives, "default"))
        check_default(draft, field, *directive);
    }
  });
}

}  // namespace holdfast::schema
