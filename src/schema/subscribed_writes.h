// What a subscription is told of, by its @aws_subscribe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/ast.h"
#include "holdfast/schema.h"

namespace holdfast::schema {

enum class Write : std::uint8_t { create, update, remove };

struct SubscribedWrites {
  const ModelSchema* model = nullptr;          ///< Whose records the field gives; null: it gives something else.
  std::vector<Write> writes = {};              ///< Of the model.
  std::vector<std::string> answered = {};      ///< Mutations of the author's own.
};

/// The type of a mutation of the author's that a function or a service answers; null: there is none of this name.
using AnsweredType = std::function<const graphql::TypeRef*(std::string_view mutation)>;

/// Nothing when there is no directive, or when one of its mutations is neither a write of the model that the field
/// returns nor an answered one of the field's type.
std::optional<SubscribedWrites> subscribed_writes(const Schema& schema, const graphql::FieldDefinition& field,
                                                  const AnsweredType& answered);

}  // namespace holdfast::schema
