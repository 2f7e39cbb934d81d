#include "client/open_transaction.h"

#include <string>
#include <utility>
#include <vector>

#include "model/keyed.h"

namespace holdfast {
namespace {

/// A refusal comes before the first write: nothing of the call is left in the transaction.
bool is_refusal(Code code) {
  return code == Code::invalid_argument || code == Code::condition_failed || code == Code::not_found;
}

}  // namespace

Result<void> check_model(const Schema& schema, const ModelSchema& model) {
  if (schema.model(model.name) == &model) return {};
  return Error{Code::invalid_argument, "the model " + model.name + " is not of the schema the store was opened with"};
}

Result<void> check_key(const Schema& schema, const ModelSchema& model, const Key& key) {
  HOLDFAST_TRY(known, check_model(schema, model));
  if (key.parts.size() == model.primary_key.size()) return {};
  return Error{Code::invalid_argument,
               "the key of " + model.name + " has " + std::to_string(model.primary_key.size()) + " parts"};
}

template <class T>
Result<T> OpenTransaction::noted(Result<T> result) {
  if (!result && outcome_ && !is_refusal(result.error().code)) outcome_ = result.error();
  return result;
}

Result<Record> OpenTransaction::save(Record record, const Patch* changes, const Predicate& condition) {
  return noted(write(std::move(record), changes, condition));
}

Result<Record> OpenTransaction::write(Record record, const Patch* changes, const Predicate& condition) {
  HOLDFAST_TRY(known, check_model(schema_, *record.model));
  HOLDFAST_TRY(checked, check(condition, *record.model));
  if (!changes) fill_key(record);
  HOLDFAST_TRY(validated, validate(schema_, record));
  return outbox::save(transaction_, {std::move(record), changes, &condition, requires_parents_ ? &schema_ : nullptr},
                      written_);
}

/// A key that begins with `id: ID` gets a UUID there where the application left it empty; other keys are its own.
void OpenTransaction::fill_key(Record& record) {
  const auto& model = *record.model;
  const auto* field = model.field("id");
  if (!field || model.primary_key.front() != "id" || field->kind != FieldKind::scalar || field->scalar != Scalar::id) {
    return;
  }
  auto& id = record["id"];
  const auto* text = id.as_string();
  if (id.is_null() || (text && text->empty())) id = uuid(random_);
}

Result<std::optional<Record>> OpenTransaction::find(const ModelSchema& model, const Key& key) {
  HOLDFAST_TRY(checked, check_key(schema_, model, key));
  return noted(transaction_.find(model, key)).transform([](client::Stored&& stored) {
    return std::move(stored.record);
  });
}

Result<void> OpenTransaction::query(const ModelSchema& model, const Query& query,
                                    const std::function<void(Record&)>& sink) {
  HOLDFAST_TRY(known, check_model(schema_, model));
  HOLDFAST_TRY(checked, check(query, model, schema_));
  return noted(transaction_.query(model, query, sink));
}

Result<std::size_t> OpenTransaction::count(const ModelSchema& model, const Predicate& where) {
  HOLDFAST_TRY(known, check_model(schema_, model));
  HOLDFAST_TRY(checked, check(where, model, schema_));
  return noted(transaction_.count(model, where));
}

Result<bool> OpenTransaction::remove(const Record& record, const Predicate& condition) {
  HOLDFAST_TRY(known, check_model(schema_, *record.model));
  HOLDFAST_TRY(checked, check(condition, *record.model));
  return noted(outbox::remove(schema_, transaction_, {record.model, record.key(), &condition}, written_));
}

Result<std::size_t> OpenTransaction::remove_where(const ModelSchema& model, const Predicate& where) {
  HOLDFAST_TRY(known, check_model(schema_, model));
  HOLDFAST_TRY(checked, check(where, model, schema_));
  return noted(erase_all(model, where));
}

Result<std::size_t> OpenTransaction::erase_all(const ModelSchema& model, const Predicate& where) {
  std::vector<Key> keys;
  const Query matching{.where = where};
  HOLDFAST_TRY(read, transaction_.query(model, matching, [&keys](Record& row) { keys.push_back(row.key()); }));
  for (const auto& key : keys) {
    // Gone already when it was below an earlier one.
    HOLDFAST_TRY(removed, outbox::remove(schema_, transaction_, {&model, key, nullptr}, written_));
  }
  return keys.size();
}

Result<void> OpenTransaction::retry_dead_letter(std::int64_t id) {
  HOLDFAST_TRY(letter, dead_letter(id));
  HOLDFAST_TRY(made, make_again(letter.entry));
  return noted(transaction_.drop_dead_letter(id));
}

Result<void> OpenTransaction::drop_dead_letter(std::int64_t id) {
  HOLDFAST_TRY(letter, dead_letter(id));
  return noted(transaction_.drop_dead_letter(id));
}

Result<client::DeadLetter> OpenTransaction::dead_letter(std::int64_t id) {
  HOLDFAST_TRY(found, noted(transaction_.dead_letter(id)));
  if (found) return std::move(*found);
  return Error{Code::not_found,
               "there is no dead letter " + std::to_string(id) + ": it was retried or dropped before; list them again"};
}

Result<void> OpenTransaction::make_again(const client::OutboxEntry& change) {
  const auto& model = *change.model;
  if (change.operation == client::Operation::remove) {
    HOLDFAST_TRY(removed, remove(keyed_record(model, change.key), change.condition));
    return {};
  }
  HOLDFAST_TRY(row, find(model, change.key));
  if (!row && change.operation == client::Operation::update) {
    return Error{Code::not_found, "the " + model.name + " that the dead letter " + std::to_string(change.id) +
                                      " changes is gone: save it as a new one, or drop the letter"};
  }
  auto record = row ? *row : keyed_record(model, change.key);
  apply_patch(change.changes, record);
  HOLDFAST_TRY(saved, save(std::move(record), row ? &change.changes : nullptr, change.condition));
  return {};
}

}  // namespace holdfast
