#include "holdfast/value.h"

#include <algorithm>
#include <array>

namespace holdfast {
namespace {

const Value null_value;

}  // namespace

Object::Object() = default;
Object::Object(std::initializer_list<Member> members) : members_(members) {}
Object::Object(const Object&) = default;
Object::Object(Object&&) noexcept = default;
Object& Object::operator=(const Object&) = default;
Object& Object::operator=(Object&&) noexcept = default;
Object::~Object() = default;

const Value* Object::find(std::string_view name) const noexcept {
  for (const auto& member : members_) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Value* Object::find(std::string_view name) noexcept {
  for (auto& member : members_) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

const Value& Object::at(std::string_view name) const noexcept {
  const auto* found = find(name);
  return found ? *found : null_value;
}

void Object::set(std::string_view name, Value value) {
  if (auto* found = find(name)) {
    *found = std::move(value);
  } else {
    members_.push_back({std::string(name), std::move(value)});
  }
}

Value& Object::append(std::string name, Value value) {
  return members_.emplace_back(Member{std::move(name), std::move(value)}).value;
}

bool Object::erase(std::string_view name) {
  return std::erase_if(members_, [name](const Member& member) { return member.name == name; }) != 0;
}

void Object::reserve(std::size_t count) { members_.reserve(count); }
std::size_t Object::size() const noexcept { return members_.size(); }
const Member* Object::begin() const noexcept { return members_.data(); }
const Member* Object::end() const noexcept { return members_.data() + members_.size(); }
Member* Object::begin() noexcept { return members_.data(); }
Member* Object::end() noexcept { return members_.data() + members_.size(); }

bool operator==(const Object& left, const Object& right) {
  return left.size() == right.size() && std::all_of(left.begin(), left.end(), [&](const Member& member) {
           const auto* other = right.find(member.name);
           return other && *other == member.value;
         });
}

const Value& Value::operator[](std::string_view name) const noexcept {
  const auto* object = as_object();
  return object ? object->at(name) : null_value;
}

namespace {

bool equal_lists(const List& left, const List& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), numbers_equal);
}

bool equal_objects(const Object& left, const Object& right) {
  return left.size() == right.size() && std::all_of(left.begin(), left.end(), [&](const Member& member) {
           const auto* other = right.find(member.name);
           return other && numbers_equal(*other, member.value);
         });
}

}  // namespace

bool numbers_equal(const Value& left, const Value& right) {
  if (const auto* integer = left.as_integer()) {
    const auto* floating = right.as_floating();
    return floating ? static_cast<double>(*integer) == *floating : left == right;
  }
  if (left.as_floating() && right.as_integer()) return numbers_equal(right, left);
  if (left.as_list() && right.as_list()) return equal_lists(*left.as_list(), *right.as_list());
  if (left.as_object() && right.as_object()) return equal_objects(*left.as_object(), *right.as_object());
  return left == right;
}

std::string_view kind_name(Value::Kind kind) noexcept {
  constexpr std::array<std::string_view, 7> names{"null", "boolean", "integer", "number", "string", "list", "object"};
  return names.at(static_cast<std::size_t>(kind));
}

}  // namespace holdfast
