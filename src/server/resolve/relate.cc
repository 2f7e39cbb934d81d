#include <map>
#include <utility>

#include "server/resolve/key_arguments.h"
#include "server/resolve/read.h"
#include "server/resolve/rows.h"
#include "server/resolve/selecting.h"

namespace holdfast::server {
namespace {

bool selects_only(const std::vector<graphql::Selection>& selections, const ModelSchema& model) {
  for (const auto& each : selections) {
    const bool is_known = each.name == "_deleted" || each.name == "__typename" || model.is_key(each.name);
    if (each.kind != graphql::Selection::Kind::field || !is_known) return false;
  }
  return true;
}

/// A parent that is not here (yet) is shown by its key where nothing else is asked for and the key is known to the
/// client in no other way, or the field may not be null.
bool may_show_key(const Asked& asked) {
  const auto& relation = *asked.route.relation;
  if (!selects_only(asked.call.selections, *asked.route.model)) return false;
  if (relation.is_required) return true;
  const auto* owner = asked.backend.schema.model(asked.call.parent.name);
  const auto* key = owner == nullptr ? nullptr : owner->field(relation.keys.front());
  return key != nullptr && key->is_hidden;
}

std::vector<Value> key_values(const RelationSchema& relation, const Value& parent) {
  std::vector<Value> values;
  for (const auto& name : relation.keys) {
    if (parent[name].is_null()) return {};
    values.push_back(parent[name]);
  }
  return values;
}

Value shown(const Asked& asked, const std::optional<Image>& image, const Value& parent) {
  if (image && (asked.backend.is_versioned() || !image->metadata.is_deleted)) return object_of(*image);
  if (image || !may_show_key(asked)) return {};
  Object stub;
  const auto values = key_values(*asked.route.relation, parent);
  for (std::size_t at = 0; at < values.size(); ++at) stub.set(asked.route.relation->target_keys[at], values[at]);
  return stub;
}

Answers relate_by_key(const Asked& asked, std::span<const Value* const> parents) {
  std::vector<Key> keys;
  std::vector<std::size_t> askers;
  for (std::size_t at = 0; at < parents.size(); ++at) {
    auto values = key_values(*asked.route.relation, *parents[at]);
    if (values.empty()) continue;
    keys.push_back({std::move(values)});
    askers.push_back(at);
  }
  HOLDFAST_TRY(images, asked.backend.store.get_all(*asked.route.model, keys));
  std::vector<graphql::Outcome> outcomes(parents.size());
  for (std::size_t at = 0; at < askers.size(); ++at) {
    outcomes[askers[at]] = shown(asked, images[at], *parents[askers[at]]);
  }
  return outcomes;
}

/// What distinct parents lead to: each key once.
class Askers {
 public:
  void add(const RelationSchema& relation, const Value& parent) {
    auto values = key_values(relation, parent);
    if (values.empty()) return places_.push_back(std::nullopt);
    const auto [at, is_new] = known_.try_emplace(Key{values}.text(), keys_.size());
    if (is_new) keys_.push_back(std::move(values));
    places_.emplace_back(at->second);
  }

  [[nodiscard]] const std::vector<std::vector<Value>>& keys() const { return keys_; }
  /// For each parent, the place of its key among keys(); none when the parent has a null in it.
  [[nodiscard]] const std::vector<std::optional<std::size_t>>& places() const { return places_; }

 private:
  std::vector<std::vector<Value>> keys_;
  std::map<std::string, std::size_t> known_;
  std::vector<std::optional<std::size_t>> places_;
};

/// A parent's own pages: its token is for no other one.
struct Opened {
  Collection collection;
  std::string scope;
  std::optional<graphql::FieldError> refused;
};

Opened opened(const Asked& asked, const std::vector<Value>& key) {
  Opened one{{key}, token_scope(asked, Key{key}.text()), std::nullopt};
  auto after = token_of(asked, one.scope);
  if (after) one.collection.after = *std::move(after);
  else one.refused = bad_request(after.error());
  return one;
}

Answers relate_many(const Asked& asked, std::span<const Value* const> parents) {
  if (const auto unfit = unfit_key_arguments(asked)) return std::vector<graphql::Outcome>(parents.size(), *unfit);
  const auto selecting = selecting_of(asked);
  if (!selecting) return std::vector<graphql::Outcome>(parents.size(), bad_request(selecting.error()));
  Askers askers;
  for (const auto* parent : parents) askers.add(*asked.route.relation, *parent);
  std::vector<Opened> all;
  std::vector<Collection> collections;
  for (const auto& key : askers.keys()) {
    all.push_back(opened(asked, key));
    if (!all.back().refused) collections.push_back(all.back().collection);
  }
  HOLDFAST_TRY(pages, pages_of(asked.backend.store, *selecting, collections));
  std::vector<graphql::Outcome> answers;
  std::size_t read = 0;
  for (const auto& one : all) {
    if (one.refused) {
      answers.emplace_back(*one.refused);
      continue;
    }
    auto& page = pages[read++];
    answers.emplace_back(connection(asked, std::move(page.images), page.next, one.scope));
  }
  std::vector<graphql::Outcome> outcomes;
  for (const auto& place : askers.places()) {
    outcomes.push_back(place ? answers[*place] : connection(asked, {}, {}, {}));
  }
  return outcomes;
}

/// has_one by a foreign key on the other side: the first record that has it.
Answers relate_by_their_key(const Asked& asked, std::span<const Value* const> parents) {
  Askers askers;
  for (const auto* parent : parents) askers.add(*asked.route.relation, *parent);
  const Selecting first{.model = asked.route.model,
                        .index = asked.route.relation->target_keys,
                        .where = asked.decision.rows,
                        .limit = 1};
  std::vector<Collection> collections;
  for (const auto& key : askers.keys()) collections.push_back({key});
  HOLDFAST_TRY(pages, pages_of(asked.backend.store, first, collections));
  std::vector<graphql::Outcome> outcomes;
  for (const auto& place : askers.places()) {
    const bool is_found = place && !pages[*place].images.empty();
    outcomes.emplace_back(is_found ? Value(object_of(pages[*place].images.front())) : Value());
  }
  return outcomes;
}

}  // namespace

Answers relate(const Asked& asked, std::span<const Value* const> parents) {
  if (asked.route.relation->kind == RelationKind::has_many) return relate_many(asked, parents);
  if (asked.route.relation->target_keys == asked.route.model->primary_key) return relate_by_key(asked, parents);
  return relate_by_their_key(asked, parents);
}

}  // namespace holdfast::server
