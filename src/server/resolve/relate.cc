#include <map>
#include <utility>

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

Predicate with_values(const std::vector<std::string>& fields, const std::vector<Value>& values) {
  std::vector<Predicate> parts;
  for (std::size_t at = 0; at < fields.size(); ++at) parts.push_back(Predicate::compare(fields[at], Op::eq, {values[at]}));
  return parts.size() == 1 ? std::move(parts.front()) : Predicate::all_of(std::move(parts));
}

/// The collections of several parents, read in one pass.
class Gathering {
 public:
  Gathering(const Asked& asked, Selecting selecting) : asked_(asked), selecting_(std::move(selecting)) {}

  void add(const Value& parent) {
    auto values = key_values(*asked_.route.relation, parent);
    if (values.empty()) {
      texts_.emplace_back();
      return;
    }
    texts_.push_back(Key{values}.text());
    collections_.try_emplace(texts_.back(), Collection{std::move(values), {}, {}, {}});
  }

  Answers take() {
    for (auto& [text, collection] : collections_) open(text, collection);
    if (auto read = collections_.size() == 1 ? read_one() : read_all(); !read) return std::move(read).error();
    std::vector<graphql::Outcome> outcomes;
    for (const auto& text : texts_) outcomes.push_back(outcome_of(text));
    return outcomes;
  }

 private:
  struct Collection {
    std::vector<Value> values;
    std::string scope;
    std::optional<SortedRows> rows;
    std::optional<graphql::FieldError> refused;
    CollectionPage page = {};
    Object after = {};
  };

  void open(const std::string& text, Collection& collection) {
    collection.scope = token_scope(asked_, text);
    auto after = token_of(asked_, collection.scope);
    if (!after) {
      collection.refused = bad_request(after.error());
      return;
    }
    collection.after = *std::move(after);
    collection.rows.emplace(selecting_, collection.after);
  }

  Result<void> read_one() {
    auto& collection = collections_.begin()->second;
    if (collection.refused) return {};
    auto selecting = selecting_;
    require(with_values(asked_.route.partition, collection.values), selecting.where);
    HOLDFAST_TRY(page, page_of(asked_.backend.store, selecting, collection.after));
    collection.page = std::move(page);
    return {};
  }

  Result<void> read_all() {
    if (collections_.empty()) return {};
    auto selecting = selecting_;
    require(any_partition(), selecting.where);
    HOLDFAST_TRY(done, scan(asked_.backend.store, selecting, [&](const Image& image) { sort_in(image); }));
    static_cast<void>(done);
    for (auto& [text, collection] : collections_) {
      if (collection.rows) collection.page = collection.rows->take();
    }
    return reread_long_ones();
  }

  /// Without an order of their own, collections are paged in store order: one that does not fit its page is read
  /// again alone, so that its token fits what a later request for it alone will read.
  Result<void> reread_long_ones() {
    if (!selecting_.sort.empty()) return {};
    for (auto& [text, collection] : collections_) {
      if (collection.refused || (collection.page.next.empty() && collection.after.empty())) continue;
      auto selecting = selecting_;
      require(with_values(asked_.route.partition, collection.values), selecting.where);
      HOLDFAST_TRY(page, page_in_store_order(asked_.backend.store, selecting, collection.after));
      collection.page = std::move(page);
    }
    return {};
  }

  Predicate any_partition() const {
    const auto& fields = asked_.route.partition;
    std::vector<Value> firsts;
    std::vector<Predicate> choices;
    for (const auto& [text, collection] : collections_) {
      if (fields.size() == 1) firsts.push_back(collection.values.front());
      else choices.push_back(with_values(fields, collection.values));
    }
    if (fields.size() == 1) return Predicate::compare(fields.front(), Op::in, std::move(firsts));
    return Predicate::any_of(std::move(choices));
  }

  void sort_in(const Image& image) {
    Key key;
    for (const auto& name : asked_.route.partition) key.parts.push_back(image.record[name]);
    const auto found = collections_.find(key.text());
    if (found != collections_.end() && found->second.rows) found->second.rows->add(image);
  }

  graphql::Outcome outcome_of(const std::string& text) const {
    if (text.empty()) return Value(connection(asked_, {}, {}, {}));
    const auto& collection = collections_.at(text);
    if (collection.refused) return *collection.refused;
    return Value(connection(asked_, collection.page.images, collection.page.next, collection.scope));
  }

  const Asked& asked_;
  Selecting selecting_;
  std::vector<std::string> texts_;  // Parallel to the parents; empty for one without a key.
  std::map<std::string, Collection> collections_;
};

Answers relate_many(const Asked& asked, std::span<const Value* const> parents) {
  auto selecting = selecting_of(asked);
  if (!selecting) return std::vector<graphql::Outcome>(parents.size(), bad_request(selecting.error()));
  Gathering gathering(asked, *std::move(selecting));
  for (const auto* parent : parents) gathering.add(*parent);
  return gathering.take();
}

/// has_one by a foreign key on the other side: the first record that has it.
Answers relate_by_their_key(const Asked& asked, std::span<const Value* const> parents) {
  const auto& relation = *asked.route.relation;
  std::map<std::string, std::optional<Image>> found;
  std::vector<Predicate> choices;
  for (const auto* parent : parents) {
    auto values = key_values(relation, *parent);
    if (values.empty()) continue;
    if (!found.try_emplace(Key{values}.text()).second) continue;
    choices.push_back(with_values(relation.target_keys, values));
  }
  Selecting selecting{.model = asked.route.model, .where = Predicate::any_of(std::move(choices))};
  if (!asked.decision.rows.is_always()) require(asked.decision.rows, selecting.where);
  HOLDFAST_TRY(done, scan(asked.backend.store, selecting, [&](const Image& image) {
                 Key key;
                 for (const auto& name : relation.target_keys) key.parts.push_back(image.record[name]);
                 auto& place = found[key.text()];
                 if (!place) place = image;
               }));
  static_cast<void>(done);
  std::vector<graphql::Outcome> outcomes;
  for (const auto* parent : parents) {
    const auto values = key_values(relation, *parent);
    outcomes.emplace_back(values.empty() ? Value() : value_of(found[Key{values}.text()]));
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
