// Input rules: what @default and @validate say about the inputs of creates and updates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graphql/ast.h"
#include "holdfast/value.h"
#include "schema/pattern.h"

namespace holdfast::schema {

/// One @validate. Lengths are counted as Java counts them, in UTF-16.
struct Validation {
  enum class Kind : std::uint8_t { gt, lt, gte, lte, min_length, max_length, starts_with, ends_with, matches };
  Kind kind = Kind::gt;
  double bound = 0;                     ///< Of numbers and lengths.
  std::string text = {};                ///< starts_with, ends_with
  std::optional<Pattern> pattern = {};  ///< matches
  std::string message = {};             ///< What a refusal says.
};

struct FieldRule {
  std::string field = {};
  Value fallback = {};  ///< @default: what a create stores for a field that is absent or null; null: nothing.
  std::vector<Validation> validations = {};  ///< In the order written.
};

struct InputRules {
  std::string model = {};
  std::vector<FieldRule> fields = {};  ///< Only those with rules, in the order of the model.
};

/// Models without rules are left out. The document is sound: of Written.
std::vector<InputRules> input_rules(const graphql::SchemaDocument& document);

}  // namespace holdfast::schema
