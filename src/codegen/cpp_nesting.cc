#include "codegen/cpp_nesting.h"

#include <set>

namespace holdfast::codegen {
namespace {

/// A member of the type itself, which C++ wants defined before. Readers refuse circles of these.
bool is_needed(const FieldSchema& field) noexcept { return !field.is_list && field.is_required; }

class Order {
 public:
  explicit Order(const Schema& schema) : schema_(schema) {}

  std::vector<const EmbeddedSchema*> made() {
    for (const auto& type : schema_.embedded) define(type);
    return std::move(order_);
  }

 private:
  void define(const EmbeddedSchema& type) {
    if (!met_.insert(&type).second) return;
    open_.insert(&type);
    for (const auto& field : type.fields) {
      const auto* held = held_by(field);
      if (held == nullptr || met_.contains(held)) continue;
      if (is_needed(field) || !needs_open(*held)) define(*held);
    }
    open_.erase(&type);
    order_.push_back(&type);
  }

  /// Whether the type cannot be defined before one that waits for it.
  [[nodiscard]] bool needs_open(const EmbeddedSchema& type) const {
    std::set<const EmbeddedSchema*> seen{&type};
    std::vector<const EmbeddedSchema*> ahead{&type};
    while (!ahead.empty()) {
      const auto* next = ahead.back();
      ahead.pop_back();
      for (const auto& field : next->fields) {
        const auto* held = is_needed(field) ? held_by(field) : nullptr;
        if (held == nullptr || !seen.insert(held).second) continue;
        if (open_.contains(held)) return true;
        ahead.push_back(held);
      }
    }
    return false;
  }

  [[nodiscard]] const EmbeddedSchema* held_by(const FieldSchema& field) const {
    return field.kind == FieldKind::embedded ? schema_.embedded_type(field.type_name) : nullptr;
  }

  const Schema& schema_;
  std::set<const EmbeddedSchema*> met_;
  std::set<const EmbeddedSchema*> open_;
  std::vector<const EmbeddedSchema*> order_;
};

}  // namespace

std::vector<const EmbeddedSchema*> definition_order(const Schema& schema) { return Order(schema).made(); }

}  // namespace holdfast::codegen
