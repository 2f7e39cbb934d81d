// Value: any JSON or GraphQL value, and the only dynamic value type of the code base.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace holdfast {

class Value;
struct Member;
using List = std::vector<Value>;

/// Members in the order they were added; names are unique by construction of whoever fills it
/// (the JSON parser keeps the last of two equal names). Lookup is linear: objects here have tens of members.
class Object {
 public:
  Object();
  Object(std::initializer_list<Member> members);
  Object(const Object&);
  Object(Object&&) noexcept;
  Object& operator=(const Object&);
  Object& operator=(Object&&) noexcept;
  ~Object();

  [[nodiscard]] const Value* find(std::string_view name) const noexcept;  ///< Null when absent.
  [[nodiscard]] Value* find(std::string_view name) noexcept;
  /// The member's value; a shared null when absent.
  [[nodiscard]] const Value& at(std::string_view name) const noexcept;
  /// Adds the member, or replaces its value and keeps its place.
  void set(std::string_view name, Value value);
  /// Adds without looking for an equal name: for producers that know their names are distinct.
  Value& append(std::string name, Value value);
  bool erase(std::string_view name);  ///< True when it was there.
  void reserve(std::size_t count);

  [[nodiscard]] std::size_t size() const noexcept;  ///< How many members.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] const Member* begin() const noexcept;  ///< In the order of the members.
  [[nodiscard]] const Member* end() const noexcept;
  [[nodiscard]] Member* begin() noexcept;
  [[nodiscard]] Member* end() noexcept;

  /// Equal names with equal values, whatever the order.
  friend bool operator==(const Object& left, const Object& right);

 private:
  std::vector<Member> members_;
};

/// Null, boolean, 64-bit integer, double, string, list or object. A regular type: copied deeply, compared by
/// content. The integer 1 and the double 1.0 are different values; `numbers_equal` compares across the two.
/// Not thread-safe; share it const.
class Value {
 public:
  /// What a Value holds.
  enum class Kind : std::uint8_t { null, boolean, integer, floating, string, list, object };

  Value() noexcept = default;
  Value(std::nullptr_t) noexcept {}
  Value(bool value) noexcept : held_(value) {}
  Value(int value) noexcept : held_(std::int64_t{value}) {}
  Value(std::int64_t value) noexcept : held_(value) {}
  Value(double value) noexcept : held_(value) {}
  Value(std::string value) noexcept : held_(std::move(value)) {}
  Value(std::string_view value) : held_(std::string(value)) {}
  Value(const char* value) : held_(std::string(value)) {}
  Value(List value) noexcept : held_(std::move(value)) {}
  Value(Object value) noexcept : held_(std::move(value)) {}

  [[nodiscard]] Kind kind() const noexcept { return static_cast<Kind>(held_.index()); }  ///< What it is.
  [[nodiscard]] bool is_null() const noexcept { return kind() == Kind::null; }

  /// The content when the kind fits, else null.
  [[nodiscard]] const bool* as_boolean() const noexcept { return std::get_if<bool>(&held_); }
  [[nodiscard]] const std::int64_t* as_integer() const noexcept { return std::get_if<std::int64_t>(&held_); }
  [[nodiscard]] const double* as_floating() const noexcept { return std::get_if<double>(&held_); }
  [[nodiscard]] const std::string* as_string() const noexcept { return std::get_if<std::string>(&held_); }
  [[nodiscard]] const List* as_list() const noexcept { return std::get_if<List>(&held_); }
  [[nodiscard]] const Object* as_object() const noexcept { return std::get_if<Object>(&held_); }
  [[nodiscard]] std::string* as_string() noexcept { return std::get_if<std::string>(&held_); }
  [[nodiscard]] List* as_list() noexcept { return std::get_if<List>(&held_); }
  [[nodiscard]] Object* as_object() noexcept { return std::get_if<Object>(&held_); }

  /// The member of an object; a shared null for absent members and for everything that is not an object.
  [[nodiscard]] const Value& operator[](std::string_view name) const noexcept;

  friend bool operator==(const Value& left, const Value& right);

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Object> held_;
};

struct Member {  ///< Of an Object.
  std::string name;
  Value value;
};

inline bool operator==(const Value& left, const Value& right) { return left.held_ == right.held_; }

/// Equality in which 1 and 1.0 are the same number, at any depth: GraphQL and SQL compare so.
bool numbers_equal(const Value& left, const Value& right);

/// "null", "boolean", "integer", "number", "string", "list", "object": for messages.
std::string_view kind_name(Value::Kind kind) noexcept;

}  // namespace holdfast
