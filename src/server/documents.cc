#include "server/documents.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "graphql/parser.h"

namespace holdfast::server {
namespace {

constexpr std::size_t kept_bytes_max = 8U * 1024 * 1024;

/// How far a selection unfolds. Saturates just above the limits.
struct Extent {
  std::size_t depth = 0;
  std::size_t fields = 0;
};

/// Measures with every fragment once, so that measuring is linear however much a document unfolds to.
class Measuring {
 public:
  explicit Measuring(const graphql::Document& document) : document_(document) {}

  Extent of(const std::vector<graphql::Selection>& selections) {
    Extent whole;
    for (const auto& each : selections) {
      const auto part = of(each);
      whole.depth = std::max(whole.depth, part.depth);
      whole.fields = std::min(whole.fields + part.fields, document_fields_max + 1);
    }
    return whole;
  }

 private:
  Extent of(const graphql::Selection& selection) {
    if (selection.kind == graphql::Selection::Kind::fragment_spread) return of_fragment(selection.name);
    auto extent = of(selection.selections);
    if (selection.kind == graphql::Selection::Kind::field) {
      ++extent.depth;
      ++extent.fields;
    }
    return extent;
  }

  Extent of_fragment(const std::string& name) {
    const auto known = fragments_.find(name);
    if (known != fragments_.end()) return known->second;
    // A fragment inside itself counts as nothing here; validation refuses it.
    fragments_[name] = {};
    const auto* fragment = document_.fragment(name);
    if (fragment == nullptr) return {};
    return fragments_[name] = of(fragment->selections);
  }

  const graphql::Document& document_;
  std::map<std::string, Extent, std::less<>> fragments_;
};

Refused refused(Refused::Kind kind, std::string message, graphql::Location at = {}) {
  Refused result;
  result.kind = kind;
  graphql::RequestError error;
  error.message = std::move(message);
  if (at.line > 0) error.locations.push_back(at);
  result.errors.push_back(std::move(error));
  return result;
}

std::optional<Refused> beyond_limits(const graphql::Document& document) {
  for (const auto& operation : document.operations) {
    const auto extent = Measuring(document).of(operation.selections);
    if (extent.depth > document_depth_max) {
      return refused(Refused::Kind::syntax, "The document nests fields more than 50 deep.", operation.at);
    }
    if (extent.fields > document_fields_max) {
      return refused(Refused::Kind::syntax, "The document asks for more than 20000 fields.", operation.at);
    }
  }
  return std::nullopt;
}

void note_variables(const graphql::AstValue& value, std::set<std::string>& names) {
  if (value.kind == graphql::AstValue::Kind::variable) names.insert(value.text);
  for (const auto& item : value.items) note_variables(item, names);
  for (const auto& field : value.fields) note_variables(field.value, names);
}

void note_variables(const std::vector<graphql::Selection>& selections, std::set<std::string>& names) {
  for (const auto& each : selections) {
    for (const auto& argument : each.arguments) note_variables(argument.value, names);
    for (const auto& directive : each.directives) {
      for (const auto& argument : directive.arguments) note_variables(argument.value, names);
    }
    note_variables(each.selections, names);
  }
}

void drop_unused_variables(graphql::Document& document) {
  std::set<std::string> used;
  for (const auto& operation : document.operations) note_variables(operation.selections, used);
  for (const auto& fragment : document.fragments) note_variables(fragment.selections, used);
  for (auto& operation : document.operations) {
    std::erase_if(operation.variables, [&](const auto& variable) { return !used.contains(variable.name); });
  }
}

void drop_unknown_arguments(const graphql::TypeSystem& types, graphql::Document& document) {
  for (auto& operation : document.operations) {
    const auto* root = types.root(operation.type);
    if (root == nullptr) continue;
    for (auto& selection : operation.selections) {
      const auto* field = types.field(*root, selection.name);
      if (field == nullptr) continue;
      std::erase_if(selection.arguments, [&](const auto& argument) { return field->argument(argument.name) == nullptr; });
    }
  }
  drop_unused_variables(document);
}

}  // namespace

Documents::Found Documents::prepare(const std::string& text, Strictness strictness) {
  if (text.size() > document_size_max) {
    return refused(Refused::Kind::syntax, "The document is larger than 262144 bytes.");
  }
  const auto key = (strictness == Strictness::lenient ? "l" : "s") + text;
  if (auto prepared = recall(key)) {
    metrics_.documents_known.add();
    return prepared;
  }
  metrics_.documents_new.add();
  auto parsed = graphql::parse_document(text);
  if (const auto* problem = std::get_if<graphql::Diagnostic>(&parsed)) {
    return refused(Refused::Kind::syntax, problem->message, problem->at);
  }
  auto& document = std::get<graphql::Document>(parsed);
  if (auto beyond = beyond_limits(document)) return *std::move(beyond);
  if (strictness == Strictness::lenient) drop_unknown_arguments(types_, document);
  if (auto errors = graphql::validate(types_, document); !errors.empty()) {
    return Refused{Refused::Kind::invalid, std::move(errors)};
  }
  // Shared: see Found.
  auto prepared = std::make_shared<const Prepared>(Prepared{std::move(document)});
  keep(key, prepared);
  return prepared;
}

std::shared_ptr<const Prepared> Documents::recall(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(key);
  if (place == places_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, place->second);
  return kept_.front().prepared;
}

void Documents::keep(std::string key, std::shared_ptr<const Prepared> prepared) {
  const std::lock_guard lock(mutex_);
  if (places_.contains(key)) return;
  kept_bytes_ += key.size();
  kept_.push_front({std::move(key), std::move(prepared)});
  places_.emplace(kept_.front().key, kept_.begin());
  while (kept_bytes_ > kept_bytes_max) {
    kept_bytes_ -= kept_.back().key.size();
    places_.erase(kept_.back().key);
    kept_.pop_back();
  }
}

}  // namespace holdfast::server
