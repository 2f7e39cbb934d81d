#include "server/resolve/aws_scalars.h"

#include "base/json.h"
#include "model/scalar_text.h"

namespace holdfast::server {
namespace {

Error refused(const graphql::TypeDefinition& scalar) {
  return {Code::invalid_argument, "Unable to parse value as a valid '" + scalar.name + "'."};
}

}  // namespace

Result<Value> AwsScalars::read(const graphql::TypeDefinition& scalar, const Value& input) const {
  const auto known = scalar_named(scalar.name);
  if (!known) return input;
  if (*known == Scalar::aws_timestamp) {
    if (input.as_integer() == nullptr) return refused(scalar);
    return input;
  }
  const auto* text = input.as_string();
  if (text == nullptr || !fits_scalar(*known, *text)) return refused(scalar);
  return input;
}

Result<Value> AwsScalars::write(const graphql::TypeDefinition& scalar, const Value& result) const {
  if (result.as_string() != nullptr && scalar.name != "AWSTimestamp") return result;
  if (scalar.name == "AWSJSON") return Value(json::write(result));
  const bool is_number = result.as_integer() != nullptr || result.as_floating() != nullptr;
  if (!scalar.name.starts_with("AWS") || (scalar.name == "AWSTimestamp" && is_number)) return result;
  return Error{Code::invalid_argument,
               "Can't serialize value: Unable to serialize it as a valid '" + scalar.name + "'."};
}

bool AwsScalars::keeps(const graphql::TypeDefinition& scalar, Value::Kind kind) const {
  const bool is_number = kind == Value::Kind::integer || kind == Value::Kind::floating;
  if (scalar.name == "AWSTimestamp") return is_number;
  return kind == Value::Kind::string || !scalar.name.starts_with("AWS");
}

}  // namespace holdfast::server
