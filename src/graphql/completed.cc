#include "graphql/completed.h"

#include "base/json.h"

namespace holdfast::graphql {
namespace {

struct Writer {
  std::string& out;

  void operator()(Lost /*lost*/) const { out += "null"; }
  void operator()(const Value* value) const { json::write(*value, out); }
  void operator()(Text text) const { out += text.text; }
  void operator()(CompletedList list) const {
    out += '[';
    bool is_first = true;
    for (const auto& item : *list.items) {
      if (!is_first) out += ',';
      is_first = false;
      write(item, out);
    }
    out += ']';
  }
  void operator()(CompletedObject object) const {
    out += '{';
    std::size_t skipped = 1;  // The comma before the first key.
    for (const auto& [key, values] : object.level->columns) {
      out += key.substr(skipped);
      skipped = 0;
      const auto& value = values[object.row];
      // Most fields are texts.
      if (const auto* text = std::get_if<Text>(&value.held)) out += text->text;
      else write(value, out);
    }
    out += '}';
  }
};

}  // namespace

void write(const Completed& completed, std::string& out) { std::visit(Writer{out}, completed.held); }

}  // namespace holdfast::graphql
