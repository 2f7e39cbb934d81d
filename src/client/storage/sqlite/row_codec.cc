#include "client/storage/sqlite/row_codec.h"

#include "base/json.h"
#include "client/storage/stored_form.h"

namespace holdfast::client {
namespace {

std::string json_text(const FieldSchema& field, const Value& value) {
  if (!has_stored_form(field)) return json::write(value);
  auto stored = value;
  to_stored_form(field, stored);
  return json::write(stored);
}

double plus_zero(double value) noexcept { return value == 0.0 ? 0.0 : value; }

void bind_floating(sqlite::Statement& statement, int parameter, const Value& value) {
  if (const auto* integer = value.as_integer()) return statement.bind(parameter, static_cast<double>(*integer));
  if (const auto* floating = value.as_floating()) return statement.bind(parameter, plus_zero(*floating));
  bind_scalar(statement, parameter, value);
}

void set_text(std::string_view text, Value& into) {
  if (auto* held = into.as_string()) {
    held->assign(text);
  } else {
    into = text;
  }
}

// Asking for the column's kind costs as much as reading it, so null is looked for only where the value reads as
// null does: zero or empty.
Result<void> read_value(const sqlite::Statement& statement, int column, ColumnForm form, Value& into) {
  const auto is_null = [&] { return statement.column_is_null(column); };
  if (form == ColumnForm::text || form == ColumnForm::json) {
    const auto text = statement.column_text(column);
    if (text.empty() && is_null()) {
      if (!into.is_null()) into = nullptr;
    } else if (form == ColumnForm::text) {
      set_text(text, into);
    } else {
      HOLDFAST_TRY(parsed, json::parse(text));
      into = std::move(parsed);
    }
  } else if (form == ColumnForm::floating) {
    const auto number = statement.column_floating(column);
    into = number == 0.0 && is_null() ? Value() : Value(number);
  } else {
    const auto number = statement.column_integer(column);
    into = number == 0 && is_null() ? Value() : form == ColumnForm::boolean ? Value(number != 0) : Value(number);
  }
  return {};
}

}  // namespace

void bind_scalar(sqlite::Statement& statement, int parameter, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null: return statement.bind(parameter, nullptr);
    case Value::Kind::boolean: return statement.bind(parameter, std::int64_t{*value.as_boolean() ? 1 : 0});
    case Value::Kind::integer: return statement.bind(parameter, *value.as_integer());
    case Value::Kind::floating: return statement.bind(parameter, *value.as_floating());
    case Value::Kind::string: return statement.bind(parameter, std::string_view(*value.as_string()));
    case Value::Kind::list:
    case Value::Kind::object: break;
  }
  HOLDFAST_ASSERT(false, "a list or object is bound where a scalar belongs");
}

void bind_fields(sqlite::Statement& statement, const Record& record, const ModelTable& table, Texts& texts) {
  HOLDFAST_ASSERT(record.values.size() == table.forms.size(), "a record has one value for each field of its model");
  for (std::size_t field = 0; field < table.forms.size(); ++field) {
    const auto& value = record.values[field];
    const auto parameter = static_cast<int>(field) + 1;
    if (table.forms[field] == ColumnForm::json && !value.is_null()) {
      texts.push_back(json_text(table.model->fields[field], value));
      statement.bind(parameter, std::string_view(texts.back()));
    } else if (table.forms[field] == ColumnForm::floating) {
      bind_floating(statement, parameter, value);
    } else {
      bind_scalar(statement, parameter, value);
    }
  }
}

void bind_key(sqlite::Statement& statement, const Key& key, const ModelTable& table) {
  HOLDFAST_ASSERT(key.parts.size() == table.key_fields.size(), "a key has as many parts as its model's primary key");
  for (std::size_t part = 0; part < key.parts.size(); ++part) {
    bind_scalar(statement, static_cast<int>(part) + 1, key.parts[part]);
  }
}

void bind_key_of(sqlite::Statement& statement, const Record& record, const ModelTable& table) {
  for (std::size_t part = 0; part < table.key_fields.size(); ++part) {
    bind_scalar(statement, static_cast<int>(part) + 1, record.values[table.key_fields[part]]);
  }
}

Result<void> read_fields(const sqlite::Statement& statement, const ModelTable& table, Record& record) {
  for (std::size_t field = 0; field < table.forms.size(); ++field) {
    if (read_value(statement, static_cast<int>(field), table.forms[field], record.values[field])) continue;
    return Error{Code::corrupt, "the column " + table.model->name + "." + table.model->fields[field].name +
                                    " holds a text that is no JSON; restore the file from a copy, or clear the store"};
  }
  return {};
}

}  // namespace holdfast::client
