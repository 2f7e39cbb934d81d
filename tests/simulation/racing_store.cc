#include "tests/simulation/racing_store.h"

#include <utility>

namespace holdfast::simulation {

Result<server::PutOutcome> RacingStore::put(const server::ConditionalPut& put) {
  if (race && !group_ && depth_ < 3 && random_.happens(race_permille)) {
    ++depth_;
    race();
    --depth_;
  }
  auto outcome = ForwardingStore::put(put);
  ++puts_;
  if (!outcome) {
    if (!put.mutation_id.empty()) in_doubt_.insert(put.mutation_id);
    return outcome;
  }
  if (outcome->kind == server::PutOutcome::Kind::changed_meanwhile) probes_.hit(Probe::raced_write);
  if (outcome->kind == server::PutOutcome::Kind::repeated) probes_.hit(Probe::repeated_mutation);
  if (outcome->kind != server::PutOutcome::Kind::written) return outcome;
  const Write write{put.mutation_id, outcome->image};
  if (group_) {
    group_->push_back(write);
  } else {
    note(write);
  }
  return outcome;
}

void RacingStore::note(const Write& write) {
  if (!write.mutation_id.empty()) ++written_[write.mutation_id];
  if (on_written) on_written(write.image);
}

std::vector<Result<void>> RacingStore::put_together(Works works) {
  if (!puts_together) return Store::put_together(works);
  std::vector<std::vector<Write>> writes(works.size());
  std::vector<std::function<void()>> watched;
  for (std::size_t at = 0; at < works.size(); ++at) {
    watched.emplace_back([this, &works, &writes, at] {
      writes[at].clear();  // What it wrote before was taken back.
      group_ = &writes[at];
      works[at]();
      group_ = nullptr;
    });
  }
  auto kept = ForwardingStore::put_together(watched);
  ++puts_;
  for (std::size_t at = 0; at < works.size(); ++at) {
    for (const auto& write : writes[at]) {
      if (kept[at]) {
        note(write);
      } else {
        in_doubt_.insert(write.mutation_id);
      }
    }
  }
  return kept;
}

std::string RacingStore::settle() {
  ++puts_;
  for (const auto& id : std::exchange(in_doubt_, {})) {
    const auto found = ForwardingStore::find_mutation(id);
    if (!found || !*found || written_.contains(id)) continue;
    probes_.hit(Probe::write_in_doubt);
    note({id, **found});
  }
  for (const auto& [id, count] : written_) {
    const auto found = ForwardingStore::find_mutation(id);
    if (!found) return "the store cannot be read after a power cut: " + found.error().message;
    if (!*found) return "invariant 4: mutation " + id + " was written, and is gone after a power cut";
  }
  return {};
}

Result<std::optional<server::Image>> RacingStore::find_mutation(std::string_view mutation_id) {
  auto found = ForwardingStore::find_mutation(mutation_id);
  if (found && *found) probes_.hit(Probe::repeated_mutation);
  return found;
}

Result<server::ImagePage> RacingStore::changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                                     std::string_view after) {
  probes_.hit(Probe::delta_sync);
  return ForwardingStore::changed_since(model, since, limit, after);
}

Result<void> RacingStore::journal(const server::JournalEntry& entry, std::int64_t rows_max) {
  if (on_journal) on_journal(entry);
  if (entry.outcome == "merged") probes_.hit(Probe::conflict_merged);
  return ForwardingStore::journal(entry, rows_max);
}

}  // namespace holdfast::simulation
