#include "server/resolve/conflict.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "base/json.h"

namespace holdfast::server {
namespace {

Value with_ordered_members(const Value& value) {
  if (const List* list = value.as_list()) {
    List ordered;
    ordered.reserve(list->size());
    for (const Value& element : *list) ordered.push_back(with_ordered_members(element));
    return ordered;
  }
  const Object* object = value.as_object();
  if (object == nullptr) return value;
  std::map<std::string, Value> members;
  for (const Member& member : *object) members.emplace(member.name, with_ordered_members(member.value));
  Object ordered;
  for (auto& [name, content] : members) ordered.append(name, std::move(content));
  return ordered;
}

/// Equal elements have equal texts: comparing long lists element by element would take quadratic time.
std::string text_of(const Value& element) { return json::write(with_ordered_members(element)); }

/// How often one element occurs in each of the three lists, and what follows of it: what the client removed or
/// added and nobody else did meanwhile.
struct Occurrences {
  std::ptrdiff_t stored = 0, base = 0, incoming = 0;

  [[nodiscard]] std::ptrdiff_t to_remove() const { return new_in(base - incoming, base - stored); }
  [[nodiscard]] std::ptrdiff_t to_add() const { return new_in(incoming - base, stored - base); }

 private:
  static std::ptrdiff_t new_in(std::ptrdiff_t by_client, std::ptrdiff_t by_others) {
    return std::max<std::ptrdiff_t>(0, std::max<std::ptrdiff_t>(0, by_client) - std::max<std::ptrdiff_t>(0, by_others));
  }
};

/// Keeps the order of `stored`; additions follow in the order of `incoming`.
List merged_three_way(const List& stored, const List& base, const List& incoming) {
  std::map<std::string, Occurrences> counts;
  for (const Value& element : stored) ++counts[text_of(element)].stored;
  for (const Value& element : base) ++counts[text_of(element)].base;
  for (const Value& element : incoming) ++counts[text_of(element)].incoming;
  std::map<std::string, std::ptrdiff_t> removals, additions;
  for (const auto& [text, count] : counts) {
    removals[text] = count.to_remove();
    additions[text] = count.to_add();
  }
  List merged;
  for (const Value& element : stored) {
    if (--removals[text_of(element)] < 0) merged.push_back(element);
  }
  for (const Value& element : incoming) {
    if (--additions[text_of(element)] >= 0) merged.push_back(element);
  }
  return merged;
}

/// The table of spec/conflict.md, section 4.2. Values tell their type well enough: lists and embedded objects are the
/// only ones that are not scalars, and AWSJSON is a string.
class Merge {
 public:
  explicit Merge(bool is_three_way_list) : is_three_way_list_(is_three_way_list) {}

  /// `base` is null when it is unknown.
  [[nodiscard]] Value field(const Value& stored, const Value* base, const Value& incoming) const {
    if (numbers_equal(incoming, stored)) return stored;
    if (base != nullptr && numbers_equal(stored, *base)) return incoming;
    if (base != nullptr && numbers_equal(incoming, *base)) return stored;
    if (stored.is_null()) return incoming;
    return both_changed(stored, base, incoming);
  }

 private:
  [[nodiscard]] Value both_changed(const Value& stored, const Value* base, const Value& incoming) const {
    if (stored.as_list() != nullptr && incoming.as_list() != nullptr) {
      const List* ancestor = base == nullptr ? nullptr : base->as_list();
      return lists(*stored.as_list(), ancestor, *incoming.as_list());
    }
    if (stored.as_object() == nullptr || incoming.as_object() == nullptr) return stored;
    Object merged = *stored.as_object();
    for (const auto& [name, value] : *incoming.as_object()) {
      merged.set(name, field(stored[name], base == nullptr ? nullptr : &(*base)[name], value));
    }
    return merged;
  }

  [[nodiscard]] Value lists(const List& stored, const List* base, const List& incoming) const {
    if (is_three_way_list_) return merged_three_way(stored, base == nullptr ? List() : *base, incoming);
    List merged = stored;
    merged.insert(merged.end(), incoming.begin(), incoming.end());
    return merged;
  }

  bool is_three_way_list_;
};

}  // namespace

Record auto_merged(const Record& stored, const std::optional<Record>& base, const Patch& incoming,
                   bool is_three_way_list) {
  const Merge merge(is_three_way_list);
  Record merged = stored;
  for (const auto& [index, value] : incoming) {
    merged.values[index] = merge.field(stored.values[index], base ? &base->values[index] : nullptr, value);
  }
  return merged;
}

}  // namespace holdfast::server
