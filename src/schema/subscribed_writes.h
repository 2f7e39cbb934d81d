// What a subscription is told of, by its @aws_subscribe.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graphql/ast.h"
#include "holdfast/schema.h"

namespace holdfast::schema {

enum class Write : std::uint8_t { create, update, remove };

struct SubscribedWrites {
  const ModelSchema* model = nullptr;
  std::vector<Write> writes = {};
};

/// Nothing when there is no directive, or one of its mutations is no write of the model that the field returns.
std::optional<SubscribedWrites> subscribed_writes(const Schema& schema, const graphql::FieldDefinition& field);

}  // namespace holdfast::schema
