// The scalars of AppSync: what may go in. Stored as given.
#pragma once

#include "graphql/execute.h"

namespace holdfast::server {

/// Stateless; safe from any thread.
class AwsScalars final : public graphql::Scalars {
 public:
  /// Code: invalid_argument, naming the scalar.
  [[nodiscard]] Result<Value> read(const graphql::TypeDefinition& scalar, const Value& input) const override;
  /// Records were checked when they were written; functions answer with anything. So only what is no text (for
  /// AWSTimestamp, no number) is refused, and AWSJSON that is not text yet becomes it. Code: invalid_argument.
  [[nodiscard]] Result<Value> write(const graphql::TypeDefinition& scalar, const Value& result) const override;
  [[nodiscard]] bool keeps(const graphql::TypeDefinition& scalar, Value::Kind kind) const override;
};

}  // namespace holdfast::server
