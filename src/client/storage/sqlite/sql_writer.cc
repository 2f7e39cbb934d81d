#include "client/storage/sqlite/sql_writer.h"

#include <algorithm>
#include <limits>

#include "base/json.h"
#include "client/storage/sqlite/row_codec.h"
#include "client/storage/stored_form.h"

namespace holdfast::client {
namespace {

// SQLite's parser has a stack of 100 entries, of which a level takes up to three; expressions may be 1000 deep, and
// a chain of AND or OR is as deep as it is long; builds with little memory allow 999 parameters.
constexpr std::size_t levels_max = 20;
constexpr std::size_t children_max = 400;
constexpr std::size_t operands_max = 900;

struct Extent {
  std::size_t levels = 0;
  std::size_t children = 0;  // Of the widest node.
  std::size_t operands = 0;  // In all.
};

// Stops going down where it is too deep in any case.
void measure(const Predicate& predicate, std::size_t level, Extent& extent) {
  extent.levels = std::max(extent.levels, level);
  extent.children = std::max(extent.children, predicate.children.size());
  extent.operands += predicate.operands.size() + (predicate.op == Op::begins_with ? 1 : 0);  // Two bounds.
  if (level > levels_max) return;
  for (const auto& child : predicate.children) measure(child, level + 1, extent);
}

/// Writes conditions. SQL's logic has three values, the predicate's two. `exact` says that a condition must be true
/// or false: below a negation. Elsewhere null may stand for false, as WHERE, AND and OR take it so, and an index
/// remains usable.
class ConditionWriter {
 public:
  ConditionWriter(const ModelSchema& model, Sql& sql) : model_(model), sql_(sql) {}

  void write(const Predicate& predicate, bool exact) {
    switch (predicate.kind) {
      case Predicate::Kind::always: return add("1");
      case Predicate::Kind::all_of: return write_group(predicate, " AND ", "1", exact);
      case Predicate::Kind::any_of: return write_group(predicate, " OR ", "0", exact);
      case Predicate::Kind::negation:
        add("NOT (");
        write(predicate.children.front(), true);
        return add(")");
      case Predicate::Kind::compare: return write_compare(predicate, exact);
      case Predicate::Kind::related: HOLDFAST_ASSERT(false, "no relation passes check yet");
    }
  }

 private:
  void add(std::string_view text) { sql_.text += text; }
  void add_parameter(Value value, bool as_bytes = false) {
    add("?");
    sql_.parameters.push_back({std::move(value), as_bytes});
  }

  void write_group(const Predicate& group, std::string_view between, std::string_view empty, bool exact) {
    if (group.children.empty()) return add(empty);
    add("(");
    for (const auto& child : group.children) {
      if (&child != &group.children.front()) add(between);
      write(child, exact);
    }
    add(")");
  }

  void write_compare(const Predicate& compare, bool exact) {
    const auto* field = model_.field(compare.field);
    HOLDFAST_ASSERT(field, "the predicate has passed check");
    const FieldSchema size{.name = field->name, .scalar = Scalar::integer};
    const bool is_size = compare.subject == Predicate::Subject::size;
    const auto column = "m." + quoted(field->name);
    const auto length = field->is_list ? "json_array_length(" + column + ")" : "length(CAST(" + column + " AS BLOB))";
    const Subject subject{is_size ? size : *field, is_size ? length : column};
    switch (compare.op) {
      case Op::eq:
      case Op::ne: return write_equal(subject, compare);
      case Op::in: return write_in(subject, compare.operands, exact);
      case Op::not_in: return write_complement([&] { write_in(subject, compare.operands, true); });
      case Op::contains: return write_contains(subject, compare.operands.front(), exact);
      case Op::not_contains: return write_complement([&] { write_contains(subject, compare.operands.front(), true); });
      case Op::begins_with: return write_begins_with(subject, compare.operands.front(), exact);
      default: return write_order(subject, compare, exact);
    }
  }

  /// What is compared: the field as it is checked, and its SQL.
  struct Subject {
    const FieldSchema& field;
    std::string sql;
  };

  template <class Write>
  void write_complement(const Write& write) {
    add("NOT (");
    write();
    add(")");
  }
  /// What `write` writes may be null; here null is false.
  template <class Write>
  void write_perhaps_null(bool exact, const Write& write) {
    if (!exact) return write();
    add("ifnull(");
    write();
    add(", 0)");
  }

  /// The operand in the form in which the column holds values.
  static Value column_value(const FieldSchema& field, Value operand) {
    to_stored_form(field, operand);
    if (operand.as_list() || operand.as_object()) return json::write(operand);
    return operand;
  }

  void write_equal(const Subject& subject, const Predicate& compare) {
    add(subject.sql);
    add(compare.op == Op::eq ? " IS " : " IS NOT ");
    add_parameter(column_value(subject.field, compare.operands.front()));
  }

  void write_order(const Subject& subject, const Predicate& compare, bool exact) {
    write_perhaps_null(exact, [&] {
      add(exact ? "" : "(");
      add(subject.sql);
      add(compare.op == Op::lt ? " < " : compare.op == Op::le ? " <= " : compare.op == Op::gt ? " > "
          : compare.op == Op::between ? " BETWEEN " : " >= ");
      add_parameter(compare.operands.front());
      if (compare.op == Op::between) {
        add(" AND ");
        add_parameter(compare.operands.back());
      }
      add(exact ? "" : ")");
    });
  }

  void write_in(const Subject& subject, const std::vector<Value>& operands, bool exact) {
    const bool has_null = std::any_of(operands.begin(), operands.end(), [](const Value& one) { return one.is_null(); });
    add("(");
    write_perhaps_null(exact, [&] {
      add(subject.sql + " IN (");
      std::string_view between;
      for (const auto& operand : operands) {
        if (operand.is_null()) continue;
        add(between);
        add_parameter(column_value(subject.field, operand));
        between = ", ";
      }
      add(")");
    });
    if (has_null) add(" OR " + subject.sql + " IS NULL");
    add(")");
  }

  void write_contains(const Subject& subject, const Value& part, bool exact) {
    if (subject.field.is_list) return write_element(subject, part);
    if (part.is_null()) return add("0");
    write_perhaps_null(exact, [&] {
      add((exact ? "instr(CAST(" : "(instr(CAST(") + subject.sql + " AS BLOB), ");
      add_parameter(part, true);
      add(exact ? ") > 0" : ") > 0)");
    });
  }

  void write_element(const Subject& subject, const Value& element) {
    add("EXISTS (SELECT 1 FROM json_each(" + subject.sql + ") AS e WHERE e.value IS ");
    auto value = element;
    to_stored_form(subject.field, value);
    if (value.as_floating()) {
      // Through the same reading of the same text as the element: equal numbers are then equal to the last bit.
      add("json_extract(");
      add_parameter(json::write(value));
      add(", '$')");
    } else {
      add_parameter(std::move(value));
    }
    add(")");
  }

  void write_begins_with(const Subject& subject, const Value& prefix, bool exact) {
    const auto* text = prefix.as_string();
    if (!text) return add("0");
    if (text->empty()) return add(subject.sql + " IS NOT NULL");
    // The texts from the prefix up to the next one that does not begin with it, so that an index finds them.
    auto beyond = *text;
    beyond.back() = static_cast<char>(static_cast<unsigned char>(beyond.back()) + 1);  // UTF-8 has no byte 0xFF.
    write_perhaps_null(exact, [&] {
      add("(" + subject.sql + " >= ");
      add_parameter(prefix);
      add(" AND " + subject.sql + " < ");
      add_parameter(std::move(beyond));
      add(")");
    });
  }

  const ModelSchema& model_;
  Sql& sql_;
};

void write_where(const Predicate& where, const ModelSchema& model, Sql& sql) {
  if (where.is_always()) return;
  sql.text += " WHERE ";
  write_condition(where, model, sql);
}

std::int64_t clamped(std::uint64_t count) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(count, std::numeric_limits<std::int64_t>::max()));
}

bool leads_an_index(const ModelSchema& model, const std::string& field) {
  return model.primary_key.front() == field ||
         std::any_of(model.indexes.begin(), model.indexes.end(),
                     [&](const IndexSchema& index) { return !index.fields.empty() && index.fields.front() == field; });
}

bool is_open_range(const Predicate& predicate, const ModelSchema& model) {
  const bool is_order = predicate.op == Op::lt || predicate.op == Op::le || predicate.op == Op::gt || predicate.op == Op::ge;
  return predicate.kind == Predicate::Kind::compare && is_order && predicate.subject == Predicate::Subject::value &&
         leads_an_index(model, predicate.field);
}

/// Whether every row is wanted of one side of an indexed value. SQLite takes a scan, which gives the rows in order of
/// their places, for cheaper than the index and a sort, however narrow the range is: unless the order is not one that
/// a scan gives, which a sign before the place tells it.
bool searches_range(const Query& query, const ModelSchema& model) {
  if (!query.sort.empty() || query.limit > 0) return false;
  if (query.where.kind != Predicate::Kind::all_of) return is_open_range(query.where, model);
  return std::any_of(query.where.children.begin(), query.where.children.end(),
                     [&](const Predicate& child) { return is_open_range(child, model); });
}

void write_page(const Query& query, Sql& sql) {
  if (query.limit == 0) return;
  const bool is_beyond = query.page > std::numeric_limits<std::uint64_t>::max() / query.limit;
  sql.text += " LIMIT ? OFFSET ?";
  sql.parameters.push_back({clamped(query.limit)});
  sql.parameters.push_back({is_beyond ? std::numeric_limits<std::int64_t>::max() : clamped(query.limit * query.page)});
}

}  // namespace

bool fits_sql(const Predicate& predicate) {
  Extent extent;
  measure(predicate, 1, extent);
  return extent.levels <= levels_max && extent.children <= children_max && extent.operands <= operands_max;
}

void write_condition(const Predicate& predicate, const ModelSchema& model, Sql& sql) {
  ConditionWriter(model, sql).write(predicate, false);
}

Sql count_statement(const ModelTable& table, const Predicate& where) {
  Sql sql{"SELECT count(*) FROM " + quoted(table.model->name) + " AS m", {}};
  write_where(where, *table.model, sql);
  return sql;
}

Sql select_statement(const ModelTable& table, const Query& query, bool with_place) {
  const bool fits = fits_sql(query.where);
  Sql sql{with_place ? table.select_placed : table.select, {}};
  if (fits) write_where(query.where, *table.model, sql);
  sql.text += " ORDER BY ";
  for (const auto& key : query.sort) {
    sql.text += "m." + quoted(key.field) + (key.direction == Direction::descending ? " DESC, " : ", ");
  }
  sql.text += searches_range(query, *table.model) ? "+m.\"_place\"" : "m.\"_place\"";
  if (fits) write_page(query, sql);
  return sql;
}

void bind_all(sqlite::Statement& statement, const Sql& sql) {
  int parameter = 0;
  for (const auto& [value, as_bytes] : sql.parameters) {
    ++parameter;
    if (as_bytes) {
      statement.bind_blob(parameter, *value.as_string());
    } else {
      bind_scalar(statement, parameter, value);
    }
  }
}

}  // namespace holdfast::client
