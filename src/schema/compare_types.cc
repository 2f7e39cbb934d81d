#include "schema/compare_types.h"

#include "model/scalars.h"
#include "model/type_change.h"

namespace holdfast::schema {
namespace {

/// Kept as text, and free of rules that a value could break.
bool takes_any_text(Scalar scalar) noexcept { return scalar == Scalar::string || scalar == Scalar::id; }

std::string bare_name(const FieldSchema& field) {
  return field.kind == FieldKind::scalar ? std::string(graphql_name(field.scalar)) : field.type_name;
}

bool holds_all(const EnumSchema* wider, const EnumSchema* narrower) {
  return wider != nullptr && narrower != nullptr && holds_every(*wider, *narrower);
}

Conversion lost(const FieldSchema& was, const FieldSchema& is) {
  return {.is_same = false,
          .keeps_values = false,
          .reason = "a stored " + type_text(was) + " is no " + type_text(is),
          .old_clients = OldClients::fail,
          .old_clients_reason = "they send and expect " + type_text(was)};
}

Conversion widened(const FieldSchema& was, const FieldSchema& is) {
  return {.is_same = false,
          .keeps_values = true,
          .reason = "every " + bare_name(was) + " is also a value of " + bare_name(is),
          .old_clients = OldClients::may_fail,
          .old_clients_reason = "they may receive a " + bare_name(is) + " that is no " + bare_name(was)};
}

Conversion of_scalars(const FieldSchema& was, const FieldSchema& is) {
  if (!holds_every(is.scalar, was.scalar)) return lost(was, is);
  auto out = widened(was, is);
  if (takes_any_text(was.scalar)) {
    out.old_clients = OldClients::work;
    out.old_clients_reason.clear();
  }
  return out;
}

Conversion of_elements(const Schema& old_schema, const FieldSchema& was, const Schema& new_schema,
                       const FieldSchema& is) {
  if (was.kind == FieldKind::scalar && is.kind == FieldKind::scalar) return of_scalars(was, is);
  if (was.kind != FieldKind::enumeration) return lost(was, is);
  if (is.kind == FieldKind::scalar) return takes_any_text(is.scalar) ? widened(was, is) : lost(was, is);
  const auto* narrow = old_schema.enumeration(was.type_name);
  const auto* wide = new_schema.enumeration(is.type_name);
  if (is.kind != FieldKind::enumeration || !holds_all(wide, narrow)) return lost(was, is);
  auto out = widened(was, is);
  if (!holds_all(narrow, wide)) return out;
  out.old_clients = OldClients::work;
  out.old_clients_reason.clear();
  return out;
}

}  // namespace

Conversion conversion(const Schema& old_schema, const FieldSchema& was, const Schema& new_schema,
                      const FieldSchema& is) {
  if (was.is_list != is.is_list) return lost(was, is);
  if (was.kind == is.kind && bare_name(was) == bare_name(is)) return {.is_same = true, .keeps_values = true};
  return of_elements(old_schema, was, new_schema, is);
}

}  // namespace holdfast::schema
