// Predicates, through relations too: the evaluator, memory and SQLite find the same rows, in the same order.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/storage/memory/memory_storage.h"
#include "client/storage/related_keys.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "fuzz/draw.h"
#include "model/testing.h"

namespace holdfast::fuzz {
namespace {

constexpr std::size_t rows_max = 8;
constexpr int depth_max = 4;

std::string drawn_text(Draw& draw) {
  static const std::vector<std::string> pieces{"",
                                               "a",
                                               "b",
                                               "A",
                                               "%",
                                               "_",
                                               "\\",
                                               "'",
                                               "\"",
                                               "\xC3\xA9",
                                               "\xF0\x9F\x98\x80",
                                               " ",
                                               "1",
                                               std::string(1, '\0'),
                                               "ab",
                                               "ACTIVE"};
  std::string out;
  for (std::size_t left = draw.below(4); left > 0; --left) out += pieces[draw.below(pieces.size())];
  return out;
}

std::int64_t drawn_integer(Draw& draw) {
  static const std::vector<std::int64_t> odd{std::numeric_limits<std::int64_t>::min(),
                                             std::numeric_limits<std::int64_t>::max(), (std::int64_t{1} << 53) + 1,
                                             -(std::int64_t{1} << 53) - 1};
  return draw.one_in(8) ? odd[draw.below(odd.size())] : std::int64_t{draw.byte()} - 4;
}

double drawn_number(Draw& draw) {
  static const std::vector<double> odd{-0.0,
                                       0.5,
                                       1e300,
                                       -1e300,
                                       9007199254740992.0,
                                       9223372036854775807.0,
                                       5e-324,
                                       std::numeric_limits<double>::infinity()};
  return draw.one_in(4) ? odd[draw.below(odd.size())] : static_cast<double>(draw.byte()) / 2 - 4;
}

Value drawn_scalar(Draw& draw) {
  switch (draw.below(5)) {
    case 0: return nullptr;
    case 1: return draw.one_in(2);
    case 2: return drawn_integer(draw);
    case 3: return drawn_number(draw);
    default: return drawn_text(draw);
  }
}

/// Of the field's type, or null.
Value drawn_value(Draw& draw, const FieldSchema& field) {
  if (draw.one_in(4) && !field.is_required) return nullptr;
  if (field.is_list) {
    List list;
    for (std::size_t left = draw.below(4); left > 0; --left)
      list.push_back(draw.one_in(5) ? Value() : Value(drawn_text(draw)));
    return list;
  }
  if (field.kind == FieldKind::embedded) return Object{{"city", drawn_text(draw)}};
  if (field.kind == FieldKind::enumeration) return draw.one_in(2) ? "ACTIVE" : "INACTIVE";
  if (field.scalar == Scalar::id) return std::string(1, static_cast<char>('a' + draw.below(4)));  // They refer to each other.
  if (field.scalar == Scalar::integer) return drawn_integer(draw);
  if (field.scalar == Scalar::floating) return draw.one_in(2) ? Value(drawn_integer(draw)) : Value(drawn_number(draw));
  if (field.scalar == Scalar::boolean) return draw.one_in(2);
  return drawn_text(draw);
}

/// Mostly of the field's type; a tenth of the rest is refused by check, which is part of what is tested.
Value drawn_operand(Draw& draw, const FieldSchema& field) {
  if (draw.one_in(10)) return drawn_scalar(draw);
  if (!field.is_list) return drawn_value(draw, field);
  return draw.one_in(5) ? Value() : Value(drawn_text(draw));
}

Predicate drawn_comparison(Draw& draw, const ModelSchema& model) {
  const auto& field = model.fields[draw.below(model.fields.size())];
  const auto op = static_cast<Op>(draw.below(12));
  const bool is_of_size = draw.one_in(6);
  std::size_t count = 1;
  if (op == Op::between) count = 2;
  if (op == Op::in || op == Op::not_in) count = draw.below(4);
  std::vector<Value> operands;
  for (; count > 0; --count)
    operands.push_back(is_of_size ? Value(std::int64_t{draw.byte()} % 5) : drawn_operand(draw, field));
  auto out = Predicate::compare(field.name, op, std::move(operands));
  if (is_of_size) out.subject = Predicate::Subject::size;
  return out;
}

Predicate drawn_predicate(Draw& draw, const Schema& schema, const ModelSchema& model, int depth) {
  const auto kind = draw.below(9);
  if (kind < 4 || depth == depth_max) return drawn_comparison(draw, model);
  if (kind == 4) return {};
  if (kind == 5) return Predicate::negation(drawn_predicate(draw, schema, model, depth + 1));
  if (kind == 8) {
    if (model.relations.empty()) return drawn_comparison(draw, model);
    const auto& relation = model.relations[draw.below(model.relations.size())];
    return Predicate::related(relation.name, drawn_predicate(draw, schema, *schema.model(relation.target), depth + 1));
  }
  std::vector<Predicate> children;
  for (std::size_t left = draw.below(4); left > 0; --left) {
    children.push_back(drawn_predicate(draw, schema, model, depth + 1));
  }
  return kind == 6 ? Predicate::all_of(std::move(children)) : Predicate::any_of(std::move(children));
}

/// Of the row, or of what a relation of it leads to; when that is many, check refuses it.
SortKey drawn_sort(Draw& draw, const Schema& schema, const ModelSchema& model) {
  SortKey key{.field = {}, .direction = draw.one_in(2) ? Direction::ascending : Direction::descending};
  const auto* at = &model;
  if (!model.relations.empty() && draw.one_in(3)) {
    const auto& relation = model.relations[draw.below(model.relations.size())];
    key.path = {relation.name};
    at = schema.model(relation.target);
  }
  key.field = at->fields[draw.below(at->fields.size())].name;
  return key;
}

Query drawn_query(Draw& draw, const Schema& schema, const ModelSchema& model) {
  Query query;
  query.where = drawn_predicate(draw, schema, model, 1);
  for (std::size_t left = draw.below(3); left > 0; --left) query.sort.push_back(drawn_sort(draw, schema, model));
  query.limit = draw.below(5);
  query.page = query.limit == 0 ? 0 : draw.below(3);
  return query;
}

std::vector<Record> drawn_rows(Draw& draw, const ModelSchema& model) {
  std::vector<Record> rows;
  for (std::size_t left = draw.below(rows_max + 1); left > 0; --left) {
    Record row(model);
    for (std::size_t at = 0; at < model.fields.size(); ++at) row.values[at] = drawn_value(draw, model.fields[at]);
    rows.push_back(std::move(row));
  }
  return rows;
}

void fill(client::Storage& storage, const std::vector<Record>& rows) {
  HOLDFAST_ASSERT(storage.clear().has_value(), "the storage can be cleared");
  const auto written = storage.write([&rows](client::Transaction& transaction) -> Result<void> {
    for (const auto& row : rows) {
      HOLDFAST_TRY(put, transaction.put(row, Metadata{.version = 1}));
    }
    return {};
  });
  HOLDFAST_ASSERT(written.has_value(), "the rows can be stored");
}

std::vector<Record> found(client::Storage& storage, const ModelSchema& model, const Query& query) {
  std::vector<Record> rows;
  const auto read = storage.query(model, query, [&rows](const Record& row) { rows.push_back(row); });
  HOLDFAST_ASSERT(read.has_value(), "a checked query can be answered");
  return rows;
}

void compare(Draw& draw, const Schema& schema) {
  static const auto memory = client::memory_storage(schema);
  static const auto sqlite = client::open_sqlite_storage(schema, {.path = "file:/holdfast-fuzz?vfs=memdb"}).value();
  const auto& model = schema.models[draw.below(schema.models.size())];
  const auto query = drawn_query(draw, schema, model);
  if (!check(query, model, schema)) return;
  auto rows = drawn_rows(draw, model);
  for (const auto& other : schema.models) {
    if (&other == &model) continue;
    for (auto& row : drawn_rows(draw, other)) rows.push_back(std::move(row));
  }
  fill(*memory, rows);
  fill(*sqlite, rows);
  HOLDFAST_ASSERT(found(*memory, model, {}) == found(*sqlite, model, {}), "both hold the same rows");
  std::vector<Record> satisfying;
  for (const auto& row : found(*memory, model, {})) {
    const auto holds = client::satisfies(*memory, schema, query.where, row);
    if (holds.value()) satisfying.push_back(row);
  }
  HOLDFAST_ASSERT(satisfying == found(*memory, model, {.where = query.where}), "memory finds what the evaluator finds");
  HOLDFAST_ASSERT(satisfying == found(*sqlite, model, {.where = query.where}), "SQLite finds what the evaluator finds");
  HOLDFAST_ASSERT(found(*memory, model, query) == found(*sqlite, model, query), "both sort and page alike");
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto schema = holdfast::testing::blog_schema();
  holdfast::fuzz::Draw draw(bytes, size);
  holdfast::fuzz::compare(draw, schema);
  return 0;
}
