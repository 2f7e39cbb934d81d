// What the backend's conflict journal says of a merge, held against the law of docs/merge.md and the true ancestor.
#include "tests/simulation/checkers.h"

namespace holdfast::simulation {
namespace {

// What a field must be after the merge; nothing where the law needs more than equality: lists and objects that both
// sides changed.
std::optional<Value> merged(const Value& stored, const Value& base, const Value& incoming) {
  if (numbers_equal(stored, base)) return incoming;
  if (numbers_equal(incoming, base) || numbers_equal(incoming, stored)) return stored;
  if (stored.is_null()) return incoming;
  if (stored.as_list() || stored.as_object()) return std::nullopt;
  return stored;
}

}  // namespace

void Checkers::on_journal(const server::JournalEntry& entry) {
  if (entry.outcome != "merged" || entry.operation != "update") return;
  const auto* model = world_.served_->model(entry.model);
  const auto key = Key::from_text(entry.key);
  if (!model || !key) return world_.fail("the journal names a record that cannot be: " + entry.model + " " + entry.key);
  const auto truth = world_.store_->image_at(*model, *key, entry.client_version);
  if (!truth || !*truth) return;  // The log never had what the device named.
  for (std::size_t at = 0; at < model->fields.size(); ++at) {
    const auto& name = model->fields[at].name;
    const auto& base = (*truth)->record.values[at];
    if (entry.base.as_object() && !numbers_equal(entry.base[name], base)) {
      return world_.fail("merge: " + entry.model + " " + entry.key + " was merged against another " + name +
                         " than that of version " + std::to_string(entry.client_version));
    }
    const auto* incoming = entry.incoming.as_object() ? entry.incoming.as_object()->find(name) : nullptr;
    if (!incoming || model->fields[at].is_read_only) continue;
    const auto expected = merged(entry.stored[name], base, *incoming);
    if (expected && !numbers_equal(*expected, entry.result[name])) {
      return world_.fail("merge: " + name + " of " + entry.model + " " + entry.key +
                         " is not what the law makes of it");
    }
  }
}

}  // namespace holdfast::simulation
