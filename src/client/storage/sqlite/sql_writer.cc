#include "client/storage/sqlite/sql_writer.h"

#include <algorithm>
#include <limits>

#include "base/json.h"
#include "client/storage/sqlite/row_codec.h"
#include "client/storage/sqlite/sql_bounds.h"
#include "client/storage/stored_form.h"
#include "model/temporal_order.h"

namespace holdfast::client {
namespace {

/// Where a condition stands: the alias of the rows that it is about, and how related records are looked for.
struct Scope {
  std::size_t depth = 0;           ///< In how many subqueries.
  bool has_few_rows = false;       ///< An index leads to them: what is related is looked up row by row.
  bool is_of_many = false;         ///< A has_many was looked up on the way here: another one would multiply the rows.

  [[nodiscard]] std::string column(std::string_view name) const {
    return (depth == 0 ? "m." : "m" + std::to_string(depth) + ".") + sql_name(name);
  }
};

bool leads_an_index(const ModelSchema& model, const std::string& field) { return is_found_by(model, {field}); }

/// Whether it is a list of texts where the index holds points in time.
bool is_list_of_times(const Predicate& where, const ModelSchema& model) {
  return where.op == Op::in && has_time_order(*model.field(where.field));
}

/// Whether an index finds the rows, since one of its fields must have a given value.
bool names_few_rows(const Predicate& where, const ModelSchema& model) {
  const auto& parts = where.children;
  if (where.kind == Predicate::Kind::all_of) {
    return std::any_of(parts.begin(), parts.end(), [&](const Predicate& part) { return names_few_rows(part, model); });
  }
  return where.kind == Predicate::Kind::compare && where.subject == Predicate::Subject::value &&
         (where.op == Op::eq || where.op == Op::in) && leads_an_index(model, where.field) &&
         !is_list_of_times(where, model);
}

/// Writes conditions. SQL's logic has three values, the predicate's two. `exact` says that a condition must be true
/// or false: below a negation. Elsewhere null may stand for false, as WHERE, AND and OR take it so, and an index
/// remains usable.
class ConditionWriter {
 public:
  ConditionWriter(const ModelTable& table, Scope scope, Sql& sql)
      : table_(table), model_(*table.model), scope_(scope), sql_(sql) {}

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
      case Predicate::Kind::related: return write_related(predicate, exact);
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

  // As a set of keys, which SQLite puts together once, or which leads it to the rows by the index of their foreign key;
  // where there are few rows, as a search for each of them.
  void write_related(const Predicate& related, bool exact) {
    const auto* relation = model_.relation(related.field);
    HOLDFAST_ASSERT(relation, "the predicate has passed check");
    const auto* target = table_.targets[static_cast<std::size_t>(relation - model_.relations.data())];
    HOLDFAST_ASSERT(target, "the predicate has passed check");
    const bool is_many = relation->kind == RelationKind::has_many;
    const bool is_searched =
        scope_.has_few_rows && !(is_many && scope_.is_of_many) && is_found_by(*target->model, relation->target_keys);
    const auto& child = related.children.front();
    if (is_searched) return write_search(*relation, *target, child);
    write_perhaps_null(exact, [&] { write_membership(*relation, *target, child); });
  }

  void write_search(const RelationSchema& relation, const ModelTable& target, const Predicate& child) {
    const Scope inner{scope_.depth + 1, true, scope_.is_of_many || relation.kind == RelationKind::has_many};
    add("EXISTS (SELECT 1");
    write_from(target, inner);
    for (std::size_t at = 0; at < relation.keys.size(); ++at) {
      add(at == 0 ? " WHERE " : " AND ");
      add(inner.column(relation.target_keys[at]) + " = " + scope_.column(relation.keys[at]));
    }
    if (!child.is_always()) {
      add(" AND ");
      ConditionWriter(target, inner, sql_).write(child, false);
    }
    add(")");
  }

  void write_membership(const RelationSchema& relation, const ModelTable& target, const Predicate& child) {
    const Scope inner{scope_.depth + 1, names_few_rows(child, *target.model), false};
    const bool is_row = relation.keys.size() > 1;
    add(is_row ? "((" : "(");
    write_columns(relation.keys, scope_);
    add(is_row ? ") IN (SELECT " : " IN (SELECT ");
    write_columns(relation.target_keys, inner);
    write_from(target, inner);
    if (!child.is_always()) {
      add(" WHERE ");
      ConditionWriter(target, inner, sql_).write(child, false);
    }
    add("))");
  }

  void write_columns(const std::vector<std::string>& fields, const Scope& scope) {
    for (const auto& field : fields) {
      if (&field != &fields.front()) add(", ");
      add(scope.column(field));
    }
  }
  void write_from(const ModelTable& target, const Scope& scope) {
    add(" FROM " + sql_name(target.model->name) + " AS m" + std::to_string(scope.depth));
  }

  void write_compare(const Predicate& compare, bool exact) {
    const auto* field = model_.field(compare.field);
    HOLDFAST_ASSERT(field, "the predicate has passed check");
    const FieldSchema size{.name = field->name, .scalar = Scalar::integer};
    const bool is_size = compare.subject == Predicate::Subject::size;
    const auto column = scope_.column(field->name);
    const auto length = field->is_list ? "json_array_length(" + column + ")" : "length(CAST(" + column + " AS BLOB))";
    const Subject subject{is_size ? size : *field, is_size ? length : column};
    switch (compare.op) {
      case Op::eq:
        if (!is_size && has_time_order(*field) && leads_an_index(model_, field->name)) {
          return write_same_time(subject, compare);
        }
        [[fallthrough]];
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

  /// The same text, found by the index of the points in time.
  void write_same_time(const Subject& subject, const Predicate& compare) {
    add("(" + order_sql(subject.field, subject.sql) + " IS ");
    add_order_parameter(subject, compare.operands.front());
    add(" AND ");
    write_equal(subject, compare);
    add(")");
  }

  void add_order_parameter(const Subject& subject, const Value& operand) {
    auto value = order_value(subject.field, operand);
    const bool is_key = has_time_order(subject.field) && !value.is_null();
    add_parameter(std::move(value), is_key);
  }

  void write_order(const Subject& subject, const Predicate& compare, bool exact) {
    write_perhaps_null(exact, [&] {
      add(exact ? "" : "(");
      add(order_sql(subject.field, subject.sql));
      add(compare.op == Op::lt ? " < " : compare.op == Op::le ? " <= " : compare.op == Op::gt ? " > "
          : compare.op == Op::between ? " BETWEEN " : " >= ");
      add_order_parameter(subject, compare.operands.front());
      if (compare.op == Op::between) {
        add(" AND ");
        add_order_parameter(subject, compare.operands.back());
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

  const ModelTable& table_;
  const ModelSchema& model_;
  const Scope scope_;
  Sql& sql_;
};

void write_where(const Predicate& where, const ModelTable& table, Sql& sql) {
  if (where.is_always()) return;
  sql.text += " WHERE ";
  write_condition(where, table, sql);
}

std::int64_t clamped(std::uint64_t count) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(count, std::numeric_limits<std::int64_t>::max()));
}

bool is_open_range(const Predicate& predicate, const ModelSchema& model) {
  const bool is_order =
      predicate.op == Op::lt || predicate.op == Op::le || predicate.op == Op::gt || predicate.op == Op::ge;
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

/// The field at the end of a path, of the first row there is: one hop is s1, the next s2.
void write_field_at_end(const SortKey& key, const ModelTable& table, Sql& sql) {
  std::string from;
  std::string where;
  std::string order;
  const auto* at = &table;
  std::string alias = "m";
  for (std::size_t hop = 0; hop < key.path.size(); ++hop) {
    const auto& relation = *at->model->relation(key.path[hop]);
    at = at->targets[static_cast<std::size_t>(&relation - at->model->relations.data())];
    const auto next = "s" + std::to_string(hop + 1);
    from += (hop == 0 ? " FROM " : " JOIN ") + sql_name(at->model->name) + " AS " + next;
    for (std::size_t part = 0; part < relation.keys.size(); ++part) {
      where += (where.empty() ? " WHERE " : " AND ") + next + "." + sql_name(relation.target_keys[part]) + " = " +
               alias + "." + sql_name(relation.keys[part]);
    }
    if (relation.target_keys != at->model->primary_key) order += (order.empty() ? "" : ", ") + next + ".\"_place\"";
    alias = next;
  }
  sql.text += "(SELECT " + order_sql(*at->model->field(key.field), alias + "." + sql_name(key.field)) + from + where;
  if (!order.empty()) sql.text += " ORDER BY " + order + " LIMIT 1";
  sql.text += ")";
}

void write_sort(const SortKey& key, const ModelTable& table, Sql& sql) {
  if (key.path.empty()) {
    sql.text += order_sql(*table.model->field(key.field), "m." + sql_name(key.field));
  } else {
    write_field_at_end(key, table, sql);
  }
  sql.text += key.direction == Direction::descending ? " DESC, " : ", ";
}

void write_page(const Query& query, Sql& sql) {
  if (query.limit == 0) return;
  const bool is_beyond = query.page > std::numeric_limits<std::uint64_t>::max() / query.limit;
  sql.text += " LIMIT ? OFFSET ?";
  // Made in place: of a temporary moved there, GCC 12 warns at -O3 that a string it never holds is not initialised.
  // And by a member: clang 14 lacks what constructs an aggregate from emplace_back's arguments.
  sql.parameters.emplace_back().value = clamped(query.limit);
  sql.parameters.emplace_back().value =
      is_beyond ? std::numeric_limits<std::int64_t>::max() : clamped(query.limit * query.page);
}

}  // namespace

void write_condition(const Predicate& predicate, const ModelTable& table, Sql& sql) {
  const Scope outermost{.has_few_rows = names_few_rows(predicate, *table.model)};
  ConditionWriter(table, outermost, sql).write(predicate, false);
}

Sql count_statement(const ModelTable& table, const Predicate& where) {
  Sql sql{"SELECT count(*) FROM " + sql_name(table.model->name) + " AS m", {}};
  write_where(where, table, sql);
  return sql;
}

Sql select_statement(const ModelTable& table, const Query& query, bool with_place) {
  const bool fits = fits_sql(query.where);
  constexpr std::size_t room = 160;  // For an ordinary condition and order: one allocation.
  const auto& select = with_place ? table.select_placed : table.select;
  Sql sql;
  sql.text.reserve(select.size() + room);
  sql.text = select;
  if (fits) write_where(query.where, table, sql);
  sql.text += " ORDER BY ";
  for (const auto& key : query.sort) write_sort(key, table, sql);
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
