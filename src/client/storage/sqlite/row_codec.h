// Values to columns and back.
#pragma once

#include <string>
#include <vector>

#include "client/storage/sqlite/tables.h"
#include "client/storage/storage.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// What bound texts borrow from: JSON written for them. Keep it until the statement is reset.
using Texts = std::vector<std::string>;

/// Binds the record's fields to the parameters from 1 on, in their stored form. `texts` must have room for one text
/// a field (`reserve`): it must not move.
void bind_fields(sqlite::Statement& statement, const Record& record, const ModelTable& table, Texts& texts);
/// Binds the key's parts to the parameters from 1 on. Asserts that there are as many as the model's key has.
void bind_key(sqlite::Statement& statement, const Key& key, const ModelTable& table);
/// As above, with the key of a record.
void bind_key_of(sqlite::Statement& statement, const Record& record, const ModelTable& table);
/// Binds a scalar: a list or object has no place here.
void bind_scalar(sqlite::Statement& statement, int parameter, const Value& value);

/// Reads the model's fields from the columns 0 on into `record`, whose strings are reused.
/// Code: corrupt, naming model and field.
Result<void> read_fields(const sqlite::Statement& statement, const ModelTable& table, Record& record);

}  // namespace holdfast::client
