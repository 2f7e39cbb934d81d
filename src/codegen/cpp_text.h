// Pieces of C++ text: names, literals, comments. Private to the room.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::codegen {

/// Names of one scope. Gives each schema name a C++ name: itself, or with underscores behind it when C++, the
/// generated code around it or another name of the scope has it already.
class Scope {
 public:
  explicit Scope(std::set<std::string> taken = {}) : taken_(std::move(taken)) {}
  std::string add(std::string_view schema_name);

 private:
  std::set<std::string> taken_;
};

/// A string literal with its quotes; everything but printable ASCII is escaped.
std::string literal(std::string_view text);
/// `{"a", "b"}`.
std::string literals(const std::vector<std::string>& texts);
/// Lines of `/// text` at an indentation of so many spaces; nothing for an empty description.
std::string doc_comment(std::string_view description, std::size_t indent);

}  // namespace holdfast::codegen
