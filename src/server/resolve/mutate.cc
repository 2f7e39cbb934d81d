#include "server/resolve/mutate.h"

#include <algorithm>
#include <utility>

#include "model/keyed.h"
#include "server/resolve/admit.h"
#include "server/resolve/conflict_settling.h"
#include "server/resolve/rows.h"
#include "server/resolve/write_attempt.h"

namespace holdfast::server {
namespace {

/// What a judge looks at.
struct Case {
  const Asked& asked;
  const Writing& writing;
  ConflictSettling& settling;
};

Verdict answer(graphql::Outcome outcome) { return {.action = std::move(outcome)}; }

bool is_live(const std::optional<Image>& stored) { return stored && !stored->metadata.is_deleted; }

/// A sending repeated by a client without mutation ids: the record is still exactly what this create wrote.
Result<bool> is_replay(const Case& of, const Image& stored) {
  const bool has_equal_values =
      std::all_of(of.writing.changes.begin(), of.writing.changes.end(), [&](const FieldChange& change) {
        return numbers_equal(change.value, stored.record.values[change.field]);
      });
  const auto version = stored.metadata.version;
  if (!has_equal_values || version == 1) return has_equal_values;
  // A later version is a create's when it stands on a tombstone.
  HOLDFAST_TRY(before, of.asked.backend.store.image_at(*of.writing.model, of.writing.key, version - 1));
  return before && before->metadata.is_deleted;
}

ConditionalPut put_of(const Writing& writing, Record record, const std::optional<Image>& stored, bool is_deleted) {
  return {.record = std::move(record),
          .expected_version = stored ? stored->metadata.version : 0,
          .is_deleted = is_deleted,
          .mutation_id = writing.mutation_id};
}

Result<Verdict> judge_create(const Case& of, const std::optional<Image>& stored) {
  const auto& writing = of.writing;
  if (is_live(stored)) {
    HOLDFAST_TRY(repeats, is_replay(of, *stored));
    if (repeats) return answer(Value(object_of(*stored)));
    return answer(existence_failed(of.asked.backend, stored));
  }
  if (!condition_holds(writing, stored)) return answer(condition_failed(of.asked.backend, std::nullopt));
  auto record = keyed_record(*writing.model, writing.key);
  apply_patch(writing.changes, record);
  complete_created(of.asked, writing, record);
  if (auto missing = missing_field(writing, record, std::nullopt)) return answer(*std::move(missing));
  return Verdict{put_of(writing, std::move(record), stored, false)};
}

/// The end of a conflict. The condition is held against the stored record, not against what was made of it.
Verdict settled(const Case& of, Settlement settlement) {
  if (!settlement.record) return {.action = settlement.refusal, .settlement = std::move(settlement)};
  if (!condition_holds(of.writing, settlement.stored)) {
    return answer(condition_failed(of.asked.backend, settlement.stored));
  }
  if (settlement.outcome == Settlement::Outcome::merged) {
    if (auto missing = missing_field(of.writing, *settlement.record, settlement.stored)) {
      return answer(*std::move(missing));
    }
  }
  const bool is_deleted = settlement.outcome == Settlement::Outcome::removed;
  auto put = put_of(of.writing, *settlement.record, settlement.stored, is_deleted);
  return {.action = std::move(put), .settlement = std::move(settlement)};
}

/// Of what updates and deletes meet: nothing there for them; another version, or, for an update, a tombstone.
bool is_absent(const Case& of, const std::optional<Image>& stored) {
  return !stored || (stored->metadata.is_deleted && !of.asked.backend.is_versioned());
}
bool is_stale(const Case& of, const Image& stored) {
  return of.asked.backend.is_versioned() && of.writing.version != stored.metadata.version;
}

Result<Verdict> judge_update(const Case& of, const std::optional<Image>& stored) {
  const auto& writing = of.writing;
  if (is_absent(of, stored)) return answer(existence_failed(of.asked.backend, std::nullopt));
  if (is_stale(of, *stored) || stored->metadata.is_deleted) {
    HOLDFAST_TRY(settlement, of.settling.update(*stored));
    return settled(of, std::move(settlement));
  }
  if (!condition_holds(writing, stored)) return answer(condition_failed(of.asked.backend, stored));
  auto record = stored->record;
  apply_patch(writing.changes, record);
  stamp(of.asked, writing, writing.model->updated_at, record);
  if (auto missing = missing_field(writing, record, stored)) return answer(*std::move(missing));
  return Verdict{put_of(writing, std::move(record), stored, false)};
}

Result<Verdict> judge_remove(const Case& of, const std::optional<Image>& stored) {
  if (is_absent(of, stored)) return answer(existence_failed(of.asked.backend, std::nullopt));
  if (is_stale(of, *stored)) {
    HOLDFAST_TRY(settlement, of.settling.remove(*stored));
    return settled(of, std::move(settlement));
  }
  if (!condition_holds(of.writing, stored)) return answer(condition_failed(of.asked.backend, stored));
  return Verdict{put_of(of.writing, stored->record, stored, true)};
}

using JudgeFunction = Result<Verdict> (*)(const Case&, const std::optional<Image>&);

Answer run(const Asked& asked, const std::string& mutation_id, JudgeFunction judge) {
  const auto read = writing_of(asked, mutation_id);
  if (const auto* refused = std::get_if<graphql::FieldError>(&read)) return graphql::Outcome(*refused);
  const auto& writing = std::get<Writing>(read);
  ConflictSettling settling(asked, writing);
  return write(asked, writing, admitting(asked, [&](const std::optional<Image>& stored) {
                 return judge({asked, writing, settling}, stored);
               }));
}

}  // namespace

Answer create(const Asked& asked, const std::string& mutation_id) { return run(asked, mutation_id, judge_create); }
Answer update(const Asked& asked, const std::string& mutation_id) { return run(asked, mutation_id, judge_update); }
Answer remove(const Asked& asked, const std::string& mutation_id) { return run(asked, mutation_id, judge_remove); }

}  // namespace holdfast::server
