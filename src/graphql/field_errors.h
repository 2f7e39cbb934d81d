// The errors of an execution, and the places in the response that they name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graphql/ast.h"
#include "graphql/execute.h"
#include "holdfast/value.h"

namespace holdfast::graphql {

/// One step of a response path: a response name, or (with an empty name) an index. Linked to the step above it, which
/// must outlive it; only errors walk the links.
struct Place {
  const Place* above = nullptr;
  std::string_view name = {};
  std::size_t index = 0;
};

/// `["listPosts", "items", 3, "title"]`; null stands for no place.
Value path_of(const Place* place);
/// "/listPosts/items[3]/title", as AppSync's messages write it.
std::string path_text(const Place& place);

/// Collects errors in AppSync's shape, as JSON texts. While muted it drops them.
class ErrorLog {
 public:
  /// `completed`: the JSON text of the error's data.
  void add(const Place* place, const std::vector<const Selection*>& selections, FieldError error,
           std::string_view completed);
  void add(const Place* place, const std::vector<const Selection*>& selections, std::string message);
  /// Without a place: an error of the whole request.
  void add(const Place* place, const RequestError& error);

  /// Until it is gone, errors are dropped: their place is null already, or is within an error.
  class Mute {
   public:
    explicit Mute(ErrorLog& log) : log_(log) { ++log_.muted_; }
    ~Mute() { --log_.muted_; }
    Mute(const Mute&) = delete;
    Mute& operator=(const Mute&) = delete;

   private:
    ErrorLog& log_;
  };

  /// Objects with commas between them.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

 private:
  void write(const Place* place, List locations, FieldError error, std::string_view completed);

  std::string text_;
  int muted_ = 0;
};

}  // namespace holdfast::graphql
