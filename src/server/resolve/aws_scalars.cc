#include "server/resolve/aws_scalars.h"

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

Result<Value> AwsScalars::write(const graphql::TypeDefinition& /*scalar*/, const Value& result) const {
  return result;
}

}  // namespace holdfast::server
