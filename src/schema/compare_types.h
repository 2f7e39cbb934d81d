// What a change of a field's type does to the values that are stored. Private to the room.
#pragma once

#include <string>

#include "schema/compare.h"

namespace holdfast::schema {

/// What becomes of values when their type changes from one to the other.
struct Conversion {
  bool is_same = false;                 ///< Nothing changes but nullability, at most.
  bool keeps_values = false;            ///< Every value of the old type is one of the new type.
  std::string reason = {};
  OldClients old_clients = OldClients::work;
  std::string old_clients_reason = {};
};

/// Nullability is left aside.
Conversion conversion(const Schema& old_schema, const FieldSchema& was, const Schema& new_schema, const FieldSchema& is);

}  // namespace holdfast::schema
