// What the printers of documents and of types share. Private to the room.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "graphql/ast.h"

namespace holdfast::graphql {

/// Text that grows line by line at an indentation of two spaces a level.
class Lines {
 public:
  /// Appends; line ends inside `text` are followed by the current indentation.
  void write(std::string_view text);
  void end_line() { write("\n"); }
  void open(std::string_view bracket);   ///< Writes the bracket and starts an indented line.
  void close(std::string_view bracket);  ///< Ends the indented lines with the bracket.
  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  std::string text_;
  std::size_t depth_ = 0;
};

/// `parts` with `separator` between them.
std::string joined(const std::vector<std::string>& parts, std::string_view separator);
/// " @a(x: 1) @b", or nothing.
std::string directives_text(const std::vector<Directive>& directives);
std::vector<std::string> argument_texts(const Arguments& arguments);

/// In the order of their places; definitions without a place keep their order.
template <class T>
void sort_by_place(std::vector<T>& parts) {
  std::stable_sort(parts.begin(), parts.end(), [](const T& left, const T& right) {
    const auto place = [](const Location& at) { return std::tuple(at.source, at.line, at.column); };
    return place(left.at) < place(right.at);
  });
}

}  // namespace holdfast::graphql
