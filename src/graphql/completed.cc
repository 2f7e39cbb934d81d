#include "graphql/completed.h"

#include <cstddef>

#include "base/json.h"

namespace holdfast::graphql {
namespace {

class Writer {
 public:
  explicit Writer(std::string& written) : out_(written) {}

  void operator()(Lost /*lost*/) const { out_ += "null"; }
  void operator()(const Value* value) const { json::write(*value, out_); }
  void operator()(Text text) const { out_ += text.text; }
  void operator()(CompletedList list) const {
    out_ += '[';
    bool is_first = true;
    for (const auto& item : *list.items) {
      if (!is_first) out_ += ',';
      is_first = false;
      write(item, out_);
    }
    out_ += ']';
  }
  void operator()(CompletedObject object) const {
    const auto& columns = object.level->columns;
    out_ += '{';
    std::size_t skipped = 1;  // The comma before the first key.
    for (std::size_t at = 0; at < columns.size(); ++at) {
      out_ += columns[at].key.substr(skipped);
      skipped = 0;
      if (columns[at].values.empty()) {
        const auto [text, last] = object.level->rows->stretch(object.row, columns[at].member, columns[at].more);
        out_ += text;
        at += last - columns[at].member;
        continue;
      }
      const auto& value = columns[at].values[object.row];
      // Most fields are texts.
      if (const auto* text = std::get_if<Text>(&value.held)) out_ += text->text;
      else write(value, out_);
    }
    out_ += '}';
  }

 private:
  std::string& out_;
};

}  // namespace

void write(const Completed& completed, std::string& out) { std::visit(Writer(out), completed.held); }

}  // namespace holdfast::graphql
