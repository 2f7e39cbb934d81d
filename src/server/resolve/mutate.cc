#include "server/resolve/mutate.h"

#include <algorithm>
#include <utility>

#include "model/keyed.h"
#include "server/resolve/admit.h"
#include "server/resolve/conflict.h"
#include "server/resolve/rows.h"
#include "server/resolve/write_attempt.h"

namespace holdfast::server {
namespace {

Verdict answer(graphql::Outcome outcome) { return Verdict(std::in_place_index<1>, std::move(outcome)); }

bool is_live(const std::optional<Image>& stored) { return stored && !stored->metadata.is_deleted; }

/// Sets the service's own field unless the input, which only authors of such a field can, says otherwise.
void stamp(const Backend& backend, const Writing& writing, const std::string& name, Record& record) {
  const auto* field = name.empty() ? nullptr : writing.model->field(name);
  if (field == nullptr || !writing.input.at(name).is_null()) return;
  record[name] = timestamp_for(*field, backend.clock.wall());
}

/// A sending repeated by a client without mutation ids: the record is still exactly what this create wrote.
bool is_replay(const Writing& writing, const Image& stored) {
  if (stored.metadata.version != 1) return false;
  return std::all_of(writing.changes.begin(), writing.changes.end(), [&](const FieldChange& change) {
    return numbers_equal(change.value, stored.record.values[change.field]);
  });
}

ConditionalPut put_of(const Writing& writing, Record record, const std::optional<Image>& stored, bool is_deleted) {
  return {.record = std::move(record),
          .expected_version = stored ? stored->metadata.version : 0,
          .is_deleted = is_deleted,
          .mutation_id = writing.mutation_id};
}

Result<Verdict> judge_create(const Backend& backend, const Writing& writing, const std::optional<Image>& stored) {
  if (is_live(stored)) {
    if (is_replay(writing, *stored)) return answer(Value(object_of(*stored)));
    return answer(existence_failed(stored));
  }
  if (!condition_holds(writing, stored)) return answer(condition_failed(std::nullopt));
  auto record = keyed_record(*writing.model, writing.key);
  apply_patch(writing.changes, record);
  stamp(backend, writing, writing.model->created_at, record);
  stamp(backend, writing, writing.model->updated_at, record);
  if (auto missing = missing_field(writing, record, std::nullopt)) return answer(*std::move(missing));
  return Verdict(put_of(writing, std::move(record), stored, false));
}

/// The record after the update, or nothing when the strategy refuses.
Result<std::optional<Record>> updated_record(const Backend& backend, const Writing& writing, const Image& stored) {
  const bool is_current = !backend.is_versioned() || writing.version == stored.metadata.version;
  if (is_current) {
    auto record = stored.record;
    apply_patch(writing.changes, record);
    return std::optional<Record>(std::move(record));
  }
  if (backend.options.conflict == ConflictStrategy::optimistic) return std::optional<Record>();
  std::optional<Record> base;
  if (writing.version > 0) {
    HOLDFAST_TRY(image, backend.store.image_at(*writing.model, writing.key, writing.version));
    if (image) base = std::move(image->record);
  }
  return std::optional<Record>(
      auto_merged(stored.record, base, writing.changes, backend.options.merges_lists_three_way));
}

Result<Verdict> judge_update(const Backend& backend, const Writing& writing, const std::optional<Image>& stored) {
  const bool is_absent = !stored || (stored->metadata.is_deleted && !backend.is_versioned());
  if (is_absent) return answer(existence_failed(std::nullopt));
  if (stored->metadata.is_deleted) return answer(conflict_unhandled(*stored));
  HOLDFAST_TRY(record, updated_record(backend, writing, *stored));
  if (!record) return answer(conflict_unhandled(*stored));
  if (!condition_holds(writing, stored)) return answer(condition_failed(stored));
  stamp(backend, writing, writing.model->updated_at, *record);
  if (auto missing = missing_field(writing, *record, stored)) return answer(*std::move(missing));
  return Verdict(put_of(writing, *std::move(record), stored, false));
}

Result<Verdict> judge_remove(const Backend& backend, const Writing& writing, const std::optional<Image>& stored) {
  const bool is_absent = !stored || (stored->metadata.is_deleted && !backend.is_versioned());
  if (is_absent) return answer(existence_failed(std::nullopt));
  // A delete that rests on an older version cannot be merged: only its sender can tell whether it is still meant.
  const bool is_stale = backend.is_versioned() && writing.version != stored->metadata.version;
  if (is_stale) return answer(conflict_unhandled(*stored));
  if (!condition_holds(writing, stored)) return answer(condition_failed(stored));
  return Verdict(put_of(writing, stored->record, stored, true));
}

using JudgeFunction = Result<Verdict> (*)(const Backend&, const Writing&, const std::optional<Image>&);

Answer run(const Asked& asked, const std::string& mutation_id, JudgeFunction judge) {
  const auto read = writing_of(asked, mutation_id);
  if (const auto* refused = std::get_if<graphql::FieldError>(&read)) return graphql::Outcome(*refused);
  const auto& writing = std::get<Writing>(read);
  return write(asked.backend, writing, admitting(asked, [&](const std::optional<Image>& stored) {
                 return judge(asked.backend, writing, stored);
               }));
}

}  // namespace

Answer create(const Asked& asked, const std::string& mutation_id) { return run(asked, mutation_id, judge_create); }
Answer update(const Asked& asked, const std::string& mutation_id) { return run(asked, mutation_id, judge_update); }
Answer remove(const Asked& asked, const std::string& mutation_id) { return run(asked, mutation_id, judge_remove); }

}  // namespace holdfast::server
