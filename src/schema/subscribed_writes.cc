#include "schema/subscribed_writes.h"

#include <algorithm>

namespace holdfast::schema {
namespace {

std::optional<Write> write_named(const OperationNames& operations, std::string_view mutation) {
  if (mutation.empty()) return std::nullopt;
  if (mutation == operations.create) return Write::create;
  if (mutation == operations.update) return Write::update;
  if (mutation == operations.remove) return Write::remove;
  return std::nullopt;
}

/// Whether both are the same but for `!`, which AppSync does not ask to be the same on both sides.
bool same_shape(const graphql::TypeRef& left, const graphql::TypeRef& right) {
  if (left.is_list() != right.is_list()) return false;
  return left.is_list() ? same_shape(left.element.front(), right.element.front()) : left.name == right.name;
}

template <class Each>
void add_once(std::vector<Each>& all, Each one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
}

}  // namespace

std::optional<SubscribedWrites> subscribed_writes(const Schema& schema, const graphql::FieldDefinition& field,
                                                  const AnsweredType& answered) {
  const auto* directive = graphql::directive(field.directives, "aws_subscribe");
  const auto* mutations = directive == nullptr ? nullptr : graphql::argument(directive->arguments, "mutations");
  if (mutations == nullptr) return std::nullopt;
  SubscribedWrites all{.model = field.type.is_list() ? nullptr : schema.model(field.type.innermost())};
  const bool is_list = mutations->kind == graphql::AstValue::Kind::list;
  for (const auto& mutation : is_list ? mutations->items : std::vector{*mutations}) {
    const auto write = all.model == nullptr ? std::nullopt : write_named(all.model->operations, mutation.text);
    const auto* type = write ? nullptr : answered(mutation.text);
    if (write) add_once(all.writes, *write);
    else if (type != nullptr && same_shape(*type, field.type)) add_once(all.answered, mutation.text);
    else return std::nullopt;
  }
  if (all.writes.empty() && all.answered.empty()) return std::nullopt;
  return all;
}

}  // namespace holdfast::schema
