#include "server/document_limits.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::server {
namespace {

using graphql::AstValue;
using graphql::Directive;
using graphql::Document;
using graphql::Selection;

/// How far a selection unfolds. Saturates just above the limits.
struct Extent {
  std::size_t depth = 0;
  std::size_t fields = 0;
  std::size_t roots = 0;  ///< Fields at the top.
};

/// Measures with every fragment once, so that measuring is linear however much a document unfolds to.
class Measuring {
 public:
  Measuring(const Document& document, const RequestLimits& limits) : document_(document), limits_(limits) {}

  Extent of(const std::vector<Selection>& selections) {
    Extent whole;
    for (const auto& each : selections) {
      const auto part = of(each);
      whole.depth = std::min(std::max(whole.depth, part.depth), limits_.depth_max + 1);
      whole.fields = std::min(whole.fields + part.fields, limits_.fields_max + 1);
      whole.roots = std::min(whole.roots + part.roots, limits_.root_fields_max + 1);
    }
    return whole;
  }

 private:
  Extent of(const Selection& selection) {
    if (selection.kind == Selection::Kind::fragment_spread) return of_fragment(selection.name);
    auto extent = of(selection.selections);
    if (selection.kind == Selection::Kind::field) {
      ++extent.depth;
      ++extent.fields;
      extent.roots = 1;
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

  const Document& document_;
  const RequestLimits& limits_;
  std::map<std::string, Extent, std::less<>> fragments_;
};

/// What stands in a document as it is written.
struct Written {
  std::size_t aliases = 0;
  std::size_t directives = 0;
  std::size_t bytes = 0;
};

class Counting {
 public:
  static Written of(const Document& document) {
    Counting counting;
    for (const auto& operation : document.operations) {
      counting.add(operation.directives);
      for (const auto& variable : operation.variables) {
        counting.add(variable.directives);
        counting.written_.bytes += sizeof variable;
        if (variable.default_value) counting.add(*variable.default_value);
      }
      counting.add(operation.selections);
    }
    for (const auto& fragment : document.fragments) {
      counting.written_.bytes += sizeof fragment;
      counting.add(fragment.directives);
      counting.add(fragment.selections);
    }
    return counting.written_;
  }

 private:
  void add(const std::vector<Selection>& selections) {
    for (const auto& selection : selections) {
      if (!selection.alias.empty()) ++written_.aliases;
      written_.bytes += sizeof selection;
      add(selection.arguments);
      add(selection.directives);
      add(selection.selections);
    }
  }
  void add(const std::vector<Directive>& directives) {
    written_.directives += directives.size();
    for (const auto& directive : directives) {
      written_.bytes += sizeof directive;
      add(directive.arguments);
    }
  }
  void add(const graphql::Arguments& arguments) {
    for (const auto& argument : arguments) {
      written_.bytes += sizeof argument;
      add(argument.value);
    }
  }
  void add(const AstValue& value) {
    written_.bytes += sizeof value + value.text.size();
    for (const auto& item : value.items) add(item);
    add(value.fields);
  }

  Written written_;
};

graphql::RequestError beyond(std::string_view asks, std::size_t most, std::string_view unit, graphql::Location at) {
  return {"The document " + std::string(asks) + " more than " + std::to_string(most) + std::string(unit) + ".", {at}};
}

}  // namespace

std::optional<graphql::RequestError> beyond_limits(const Document& document, const RequestLimits& limits) {
  const auto written = Counting::of(document);
  const auto start = document.operations.empty() ? graphql::Location{1, 1, 0} : document.operations.front().at;
  if (written.aliases > limits.aliases_max) return beyond("has", limits.aliases_max, " aliases", start);
  if (written.directives > limits.directives_max) return beyond("has", limits.directives_max, " directives", start);
  for (const auto& operation : document.operations) {
    const auto extent = Measuring(document, limits).of(operation.selections);
    if (extent.depth > limits.depth_max) return beyond("nests fields", limits.depth_max, " deep", operation.at);
    if (extent.fields > limits.fields_max) return beyond("asks for", limits.fields_max, " fields", operation.at);
    if (extent.roots > limits.root_fields_max) {
      return beyond("asks for", limits.root_fields_max, " fields of the root", operation.at);
    }
  }
  return std::nullopt;
}

std::size_t weight_of(const Document& document) { return sizeof document + Counting::of(document).bytes; }

}  // namespace holdfast::server
