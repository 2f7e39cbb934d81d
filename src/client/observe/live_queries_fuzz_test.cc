// Random predicates, sorts, pages and transactions: after every commit each live query shows what a fresh query reads,
// on memory and on SQLite. A failing seed is printed; put it into `first_seed` to see it alone.
#include <gtest/gtest.h>

#include <random>

#include "base/json.h"
#include "client/observe/live_queries.h"
#include "client/observe/span.h"
#include "client/storage/memory/memory_storage.h"
#include "client/storage/sqlite/sqlite_storage.h"

namespace holdfast::observe {
namespace {

using client::Place;
using client::Storage;
using client::Transaction;

constexpr std::uint64_t first_seed = 1;
constexpr std::uint64_t seeds = 12;
constexpr int commits_per_seed = 100;
constexpr std::size_t queries_at_once = 10;
constexpr std::size_t keys = 30;

ModelSchema model_named(std::string name) {
  ModelSchema model{.name = std::move(name), .plural_name = "Rows"};
  model.fields = {{.name = "id", .scalar = Scalar::id},         {.name = "group", .scalar = Scalar::integer},
                  {.name = "text", .scalar = Scalar::string},   {.name = "number", .scalar = Scalar::integer},
                  {.name = "share", .scalar = Scalar::floating}, {.name = "open", .scalar = Scalar::boolean},
                  {.name = "tags", .scalar = Scalar::string, .is_list = true}};
  model.primary_key = {"id", "group"};
  return model;
}

/// Row belongs to Other, which has many of it; Other follows another Other.
Schema related_schema() {
  auto row = model_named("Row");
  auto other = model_named("Other");
  for (auto* model : {&row, &other}) {
    model->fields.push_back({.name = "otherId", .scalar = Scalar::id});
    model->fields.push_back({.name = "otherGroup", .scalar = Scalar::integer});
    model->relations.push_back(
        {.name = "other", .target = "Other", .keys = {"otherId", "otherGroup"}, .target_keys = {"id", "group"}});
  }
  other.relations.push_back({.name = "rows", .kind = RelationKind::has_many, .target = "Row", .keys = {"id", "group"},
                             .target_keys = {"otherId", "otherGroup"}});
  Schema schema;
  schema.models = {std::move(row), std::move(other), model_named("Lone")};
  return schema;
}

/// Draws out of one seed. Values are drawn from few, so that rows tie and predicates hold.
class Dice {
 public:
  Dice(std::uint64_t seed, const Schema& schema) : schema_(schema), engine_(seed) {}

  std::size_t below(std::size_t bound) { return engine_() % bound; }
  bool one_in(std::size_t chances) { return below(chances) == 0; }

  Value value(const FieldSchema& field) {
    if (field.name != "id" && field.name != "group" && one_in(5)) return {};
    if (field.is_list) return one_in(2) ? List{} : List{text(), text()};
    if (field.scalar == Scalar::id) return "r" + std::to_string(below(keys));
    if (field.name == "group" || field.name == "otherGroup") return static_cast<std::int64_t>(below(2));
    switch (field.scalar) {
      case Scalar::integer: return static_cast<std::int64_t>(below(4));
      case Scalar::floating: return static_cast<double>(below(4)) / 2;
      case Scalar::boolean: return one_in(2);
      default: return text();
    }
  }
  Record record(const ModelSchema& model) {
    Record record(model);
    for (std::size_t at = 0; at < model.fields.size(); ++at) record.values[at] = value(model.fields[at]);
    return record;
  }
  Query query(const ModelSchema& model) {
    Query query{.where = one_in(6) ? Predicate{} : predicate(model, 3)};
    const auto sorts = below(3);
    for (std::size_t at = 0; at < sorts; ++at) {
      const auto& field = model.fields[below(6)];
      query.sort.push_back({field.name, one_in(2) ? Direction::ascending : Direction::descending});
      if (!model.relations.empty() && one_in(4)) query.sort.back().path = {"other"};  // Which has the same fields.
    }
    if (one_in(2)) query.limit = 1 + below(6);
    if (query.limit > 0) query.page = below(3);
    return query;
  }

 private:
  Value text() { return std::string(1, static_cast<char>('a' + below(3))); }

  Predicate predicate(const ModelSchema& model, int levels) {
    switch (levels > 0 ? below(7) : 6) {
      case 0: return Predicate::all_of(children(model, levels));
      case 1: return Predicate::any_of(children(model, levels));
      case 2: return Predicate::negation(predicate(model, levels - 1));
      case 3: return related(model, levels);
      default: return compare(model);
    }
  }
  Predicate related(const ModelSchema& model, int levels) {
    if (model.relations.empty()) return compare(model);
    const auto& relation = model.relations[below(model.relations.size())];
    return Predicate::related(relation.name, predicate(*schema_.model(relation.target), levels - 1));
  }
  std::vector<Predicate> children(const ModelSchema& model, int levels) {
    std::vector<Predicate> out;
    const auto count = below(4);
    for (std::size_t at = 0; at < count; ++at) out.push_back(predicate(model, levels - 1));
    return out;
  }
  Value operand(const FieldSchema& field) {
    if (field.is_list) return text();
    // Whole numbers of a Float are written without a point as well.
    return field.scalar == Scalar::floating && one_in(2) ? Value(static_cast<std::int64_t>(below(2))) : value(field);
  }
  // Drawn without regard to what fits; what does not is drawn anew. Equality more often: it is found by value.
  Predicate compare(const ModelSchema& model) {
    for (;;) {
      const auto& field = model.fields[below(model.fields.size())];
      const auto op = one_in(2) ? Op::eq : static_cast<Op>(below(12));
      const auto count = op == Op::between ? 2 : op == Op::in || op == Op::not_in ? below(4) : 1;
      std::vector<Value> operands;
      for (std::size_t at = 0; at < count; ++at) operands.push_back(operand(field));
      auto drawn = Predicate::compare(field.name, op, std::move(operands));
      if (check(drawn, model)) return drawn;
    }
  }

  const Schema& schema_;
  std::mt19937_64 engine_;
};

std::string shown(const std::vector<Record>& rows) {
  std::string out;
  for (const auto& row : rows) out += json::write(row.values) + "\n";
  return out;
}

/// A storage with live queries on it, as a device has them.
class World {
 public:
  World(std::uint64_t seed, const Schema& schema, Storage& storage) : dice_(seed, schema), schema_(schema), storage_(storage) {}

  void watch_one() {
    const auto& model = any_model();
    auto query = dice_.query(model);
    LiveQuery live(model, {query, row_form<Record>(), span_of(query, model, schema_)});
    std::vector<LiveQueries::FirstRow> rows;
    ASSERT_TRUE(storage_.query_placed(model, live.whole(), [&](Record& row, Place place) {
      rows.push_back({row.key().text(), live.row_of(row, place, {})});
    }));
    queries_.add(++last_id_, std::move(live), std::move(rows));
    watched_[last_id_] = {&model, std::move(query), {}};
    show(last_id_);
  }

  void commit() {
    if (watched_.size() == queries_at_once) {
      const auto dropped = std::next(watched_.begin(), static_cast<std::ptrdiff_t>(dice_.below(queries_at_once)));
      queries_.remove(dropped->first);
      watched_.erase(dropped);
    }
    while (watched_.size() < queries_at_once) watch_one();
    std::vector<RecordChange> changes;
    const auto count = dice_.one_in(3) ? 1 + dice_.below(8) : 1;
    ASSERT_TRUE(storage_.write([&](Transaction& transaction) -> Result<void> {
      for (std::size_t at = 0; at < count; ++at) {
        HOLDFAST_TRY(done, change(transaction, changes));
      }
      return {};
    }));
    for (const auto id : queries_.apply(changes, {}).queries) show(id);
    if (dice_.one_in(60)) clear();
  }

  /// What is not due must not have changed.
  void compare() {
    for (const auto& [id, watched] : watched_) {
      std::vector<Record> fresh;
      ASSERT_TRUE(storage_.query(*watched.model, watched.query, [&fresh](Record& row) { fresh.push_back(row); }));
      ASSERT_TRUE(watched.rows == fresh) << json::write(to_json(watched.query.where)) << "\nshown:\n"
                                         << shown(watched.rows) << "read:\n" << shown(fresh);
    }
  }

 private:
  struct Watched {
    const ModelSchema* model = nullptr;
    Query query;
    std::vector<Record> rows;
  };

  const ModelSchema& any_model() { return schema_.models[dice_.below(schema_.models.size())]; }
  /// Nothing is shown of a query that was read again and is as it was.
  void show(QueryId id) {
    const auto taken = queries_.take(id);
    if (!taken) return;
    const Items<Record> items(taken->rows);
    std::vector<Record> rows(items.begin(), items.end());
    EXPECT_TRUE(rows.empty() || items[rows.size() - 1] == rows.back());
    watched_.at(id).rows = std::move(rows);
  }
  /// One write, noted as a device notes it.
  Result<void> change(Transaction& transaction, std::vector<RecordChange>& changes) {
    auto record = dice_.record(any_model());
    HOLDFAST_TRY(stored, transaction.find(*record.model, record.key()));
    if (stored.record && dice_.one_in(3)) {
      changes.push_back({ChangeType::removed, Origin::local, *stored.record});
      return transaction.erase(*record.model, record.key(), {});
    }
    // Often a single field, often of the same value.
    if (stored.record && dice_.one_in(2)) {
      const auto field = 2 + dice_.below(record.values.size() - 2);
      std::swap(stored.record->values[field], record.values[field]);
      record = *stored.record;
    }
    changes.push_back({stored.record ? ChangeType::updated : ChangeType::inserted, Origin::local, record});
    return transaction.put(record, {});
  }
  void clear() {
    ASSERT_TRUE(storage_.clear());
    for (const auto id : queries_.clear().queries) show(id);
  }

  Dice dice_;
  const Schema& schema_;
  Storage& storage_;
  LiveQueries queries_{{.place_of = [this](const ModelSchema& model, const Key& key) {
                          const auto found = storage_.find(model, key).value();
                          return found.record ? std::optional(found.place) : std::nullopt;
                        },
                        .rows = [this](const ModelSchema& model, const Query& query, const auto& sink) {
                          return storage_.query_placed(model, query, sink);
                        }}};
  QueryId last_id_ = 0;
  std::map<QueryId, Watched> watched_;
};

void run_one_seed(std::uint64_t seed, const Schema& schema, Storage& storage) {
  World world(seed, schema, storage);
  for (int commit = 0; commit < commits_per_seed; ++commit) {
    SCOPED_TRACE("commit " + std::to_string(commit));
    world.commit();
    world.compare();
    if (testing::Test::HasFatalFailure()) return;
  }
}

// OQ02 to OQ07, OQ21, OQ22
TEST(LiveQueriesFuzz, EqualAFreshQueryAfterEveryCommit) {
  const auto schema = related_schema();
  for (auto seed = first_seed; seed < first_seed + seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    run_one_seed(seed, schema, *client::memory_storage(schema));
    if (HasFatalFailure()) return;
    const auto path = "file:/live_queries" + std::to_string(seed) + "?vfs=memdb";
    run_one_seed(seed, schema, **client::open_sqlite_storage(schema, {.path = path}));
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace holdfast::observe
