#include "schema/subscribed_writes.h"

#include <algorithm>
#include <string_view>

namespace holdfast::schema {
namespace {

std::optional<Write> write_named(const OperationNames& operations, std::string_view mutation) {
  if (mutation.empty()) return std::nullopt;
  if (mutation == operations.create) return Write::create;
  if (mutation == operations.update) return Write::update;
  if (mutation == operations.remove) return Write::remove;
  return std::nullopt;
}

}  // namespace

std::optional<SubscribedWrites> subscribed_writes(const Schema& schema, const graphql::FieldDefinition& field) {
  const auto* directive = graphql::directive(field.directives, "aws_subscribe");
  const auto* mutations = directive == nullptr ? nullptr : graphql::argument(directive->arguments, "mutations");
  const auto* model = schema.model(field.type.innermost());
  if (mutations == nullptr || model == nullptr || field.type.is_list()) return std::nullopt;
  SubscribedWrites all{.model = model};
  const bool is_list = mutations->kind == graphql::AstValue::Kind::list;
  for (const auto& mutation : is_list ? mutations->items : std::vector{*mutations}) {
    const auto write = write_named(model->operations, mutation.text);
    if (!write) return std::nullopt;
    if (std::find(all.writes.begin(), all.writes.end(), *write) == all.writes.end()) all.writes.push_back(*write);
  }
  if (all.writes.empty()) return std::nullopt;
  return all;
}

}  // namespace holdfast::schema
