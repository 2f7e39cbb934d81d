// How deep embedded types stand in each other: what contains itself ends somewhere, and no record is too large to
// select.
#include <algorithm>
#include <array>
#include <set>

#include "schema/draft.h"

namespace holdfast::schema {
namespace {

/// What one record of a model may hold in embedded types, all levels together: a device asks for each field by name.
constexpr std::size_t selected_fields_max = 10'000;
/// The backend takes documents of 50 levels; what a page of records stands in needs a few of them.
constexpr std::size_t levels_max = 40;
/// How often a type may stand inside itself: the first of these with which every record is small enough.
constexpr std::array<std::size_t, 5> repeats_choices = {8, 4, 2, 1, 0};

using Types = std::map<std::string_view, EmbeddedSchema*>;

/// Counts the fields that devices select of a record; protocol/documents.cc prints them.
class Selection {
 public:
  Selection(const Types& types, std::size_t repeats) : types_(types), repeats_(repeats) {}

  [[nodiscard]] bool is_small(const ModelSchema& model) {
    count_ = 0;
    is_too_deep_ = false;
    add(model.fields, 0);
    return count_ <= selected_fields_max && !is_too_deep_;
  }

 private:
  void add(const std::vector<FieldSchema>& fields, std::size_t level) {
    for (const auto& field : fields) {
      if (field.kind != FieldKind::embedded) continue;
      const auto found = types_.find(field.type_name);
      if (found == types_.end()) continue;
      auto& around = around_[found->second];
      if (around > repeats_) continue;
      count_ += found->second->fields.size();
      is_too_deep_ = is_too_deep_ || level >= levels_max;
      if (count_ > selected_fields_max || is_too_deep_) return;
      ++around;
      add(found->second->fields, level + 1);
      --around;
    }
  }

  const Types& types_;
  std::size_t repeats_;
  std::map<const EmbeddedSchema*, std::size_t> around_;
  std::size_t count_ = 0;
  bool is_too_deep_ = false;
};

/// Looks for types that need each other without end: `type N { n: N! }`. A list may be empty, a nullable field null.
class Endless {
 public:
  Endless(Draft& draft, const Types& types) : draft_(draft), types_(types) {}

  void check(const EmbeddedSchema& type) {
    // So long a chain is too deep a record, which is reported as such.
    if (open_.size() > levels_max) return;
    if (!met_.insert(type.name).second) return;
    open_.insert(type.name);
    for (const auto& field : type.fields) {
      if (field.kind != FieldKind::embedded || field.is_list || !field.is_required) continue;
      if (open_.contains(field.type_name)) {
        report(type, field);
      } else if (const auto found = types_.find(field.type_name); found != types_.end()) {
        check(*found->second);
      }
    }
    open_.erase(type.name);
  }

 private:
  void report(const EmbeddedSchema& type, const FieldSchema& field) {
    draft_.problem(
        draft_.type(type.name)->field(field.name)->at,
        "Type \"" + field.type_name + "\" can never be written: its non-null fields need each other without end.",
        "Write `" + field.name + ": " + field.type_name + "`, without !, or make it a list.");
  }

  Draft& draft_;
  const Types& types_;
  std::set<std::string> met_;
  std::set<std::string> open_;
};

bool are_small(const Schema& schema, const Types& types, std::size_t repeats) {
  Selection selection(types, repeats);
  return std::all_of(schema.models.begin(), schema.models.end(),
                     [&](const ModelSchema& model) { return selection.is_small(model); });
}

void report_large(Draft& draft, const Types& types) {
  Selection selection(types, 0);
  draft.each_model([&](const ModelSchema& model, const graphql::TypeDefinition& written) {
    if (selection.is_small(model)) return;
    draft.problem(written.at,
                  "Records of \"" + model.name + "\" hold types within types: more than " +
                      std::to_string(selected_fields_max) + " fields, or " + std::to_string(levels_max) + " levels.",
                  "Make one of these types a model, or use AWSJSON.");
  });
}

void notice(Draft& draft, const std::string& name, std::size_t repeats) {
  draft.notice(draft.type(name)->at,
               "Type \"" + name + "\" contains itself: devices keep it up to " + std::to_string(repeats + 1) +
                   (repeats == 0 ? " level" : " levels") +
                   " deep, and the published DataStore for JavaScript cannot select it at all.",
               "Relate a model to itself for deeper trees, or use AWSJSON.");
}

}  // namespace

void settle_nesting(Draft& draft, const std::set<std::string>& circular) {
  Types types;
  for (auto& type : draft.schema.embedded) types[type.name] = &type;
  Endless endless(draft, types);
  for (const auto& name : circular) endless.check(*types.at(name));
  const auto* const chosen = std::find_if(repeats_choices.begin(), repeats_choices.end(), [&](std::size_t repeats) {
    return are_small(draft.schema, types, repeats);
  });
  if (chosen == repeats_choices.end()) return report_large(draft, types);
  for (const auto& name : circular) {
    types.at(name)->repeats = *chosen;
    notice(draft, name, *chosen);
  }
}

}  // namespace holdfast::schema
