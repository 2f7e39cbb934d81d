#include "server/resolve/key_range.h"

#include <utility>

namespace holdfast::server {
namespace {

std::vector<Value> values_of(const std::vector<std::string>& fields, const Value& value) {
  if (fields.size() == 1) return value.is_null() ? std::vector<Value>() : std::vector<Value>{value};
  std::vector<Value> values;
  for (auto& member : leading_members(fields, value)) values.push_back(std::move(member.value));
  return values;
}

void set(IndexBound bound, IndexBound& end) {
  if (end.values.empty()) end = std::move(bound);
}

/// The texts that begin with the last value lie from it to its successor in the order of bytes. No byte of a text is
/// 0xFF, so there is one, except for the empty text, with which all begin.
void set_prefix(std::vector<Value> values, IndexRange& range) {
  auto past = values;
  bool is_exclusive = false;
  if (auto* text = past.empty() ? nullptr : past.back().as_string()) {
    if (text->empty()) {
      past.pop_back();
    } else {
      text->back() = static_cast<char>(static_cast<unsigned char>(text->back()) + 1U);
      is_exclusive = true;
    }
  }
  set({std::move(values)}, range.from);
  set({std::move(past), is_exclusive}, range.to);
}

}  // namespace

std::vector<Member> leading_members(const std::vector<std::string>& fields, const Value& value) {
  std::vector<Member> given;
  for (const auto& name : fields) {
    if (value[name].is_null()) break;
    given.push_back({name, value[name]});
  }
  return given;
}

IndexRange key_range(const std::vector<std::string>& fields, const Value& condition) {
  IndexRange range;
  const auto* tests = condition.as_object();
  if (tests == nullptr) return range;
  for (const auto& [name, value] : *tests) {
    const bool is_equal = name == "eq";
    if (is_equal || name == "ge") set({values_of(fields, value)}, range.from);
    if (is_equal || name == "le") set({values_of(fields, value)}, range.to);
    if (name == "gt") set({values_of(fields, value), true}, range.from);
    if (name == "lt") set({values_of(fields, value), true}, range.to);
    if (name == "beginsWith") set_prefix(values_of(fields, value), range);
    const auto* bounds = name == "between" ? value.as_list() : nullptr;
    if (bounds == nullptr || bounds->size() != 2) continue;
    set({values_of(fields, bounds->front())}, range.from);
    set({values_of(fields, bounds->back())}, range.to);
  }
  return range;
}

}  // namespace holdfast::server
