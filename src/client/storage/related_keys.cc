#include "client/storage/related_keys.h"

#include <utility>

namespace holdfast::client {

std::optional<Key> key_in(const Record& record, const std::vector<std::string>& fields) {
  Key key;
  for (const auto& field : fields) {
    const auto& part = record[field];
    if (part.is_null()) return std::nullopt;
    key.parts.push_back(part);
  }
  return key;
}

RelatedKeys::RelatedKeys(const Predicate& where, Read read)
    : where_(where),
      read_(std::move(read)),
      has_related_([this](const Record& record, const RelationSchema& relation, const Predicate& child) {
        const auto key = key_in(record, relation.keys);
        return key && keys_of(relation, child).contains(key->text());
      }) {}

const RelatedKeys::Keys& RelatedKeys::keys_of(const RelationSchema& relation, const Predicate& child) {
  if (const auto known = keys_.find(&child); known != keys_.end()) return known->second;
  Keys keys;
  auto read = read_(relation, child, [&](const Record& target) {
    if (const auto key = key_in(target, relation.target_keys)) keys.insert(key->text());
  });
  if (!read && outcome_) outcome_ = std::move(read);
  return keys_.emplace(&child, std::move(keys)).first->second;
}

Result<bool> satisfies(Storage& storage, const Schema& schema, const Predicate& where, const Record& record) {
  Result<void> outcome;
  const HasRelated has_related = [&](const Record& asking, const RelationSchema& relation, const Predicate& child) {
    auto key = key_in(asking, relation.keys);
    if (!key) return false;
    std::vector<Predicate> parts;
    for (std::size_t at = 0; at < key->parts.size(); ++at) {
      parts.push_back(Predicate::compare(relation.target_keys[at], Op::eq, {std::move(key->parts[at])}));
    }
    parts.push_back(child);
    const auto count = storage.count(*schema.model(relation.target), Predicate::all_of(std::move(parts)));
    if (!count && outcome) outcome = count.error();
    return count && *count > 0;
  };
  const bool holds = evaluate(where, record, has_related);
  if (!outcome) return outcome.error();
  return holds;
}

}  // namespace holdfast::client
