#include "graphql/validate.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "graphql/validate_rules.h"

namespace holdfast::graphql {
namespace {

// As graphql-js: a hostile document must not buy a long answer or a long computation.
constexpr std::size_t error_count_max = 100;
constexpr std::size_t step_count_max = 500'000;

}  // namespace

Validation::Validation(const TypeSystem& type_system, const Document& request)
    : types(type_system), document(request), budget_(step_count_max) {
  for (const auto& fragment : document.fragments) fragments_[fragment.name] = &fragment;
}

const Fragment* Validation::fragment(std::string_view name) const noexcept {
  const auto found = fragments_.find(name);
  return found == fragments_.end() ? nullptr : found->second;
}

const std::vector<const Selection*>& Validation::spreads(const std::vector<Selection>& selections) {
  const auto [cached, is_new] = spreads_.try_emplace(&selections);
  if (!is_new) return cached->second;
  std::vector<const std::vector<Selection>*> open{&selections};
  while (!open.empty()) {
    const auto* next = open.back();
    open.pop_back();
    for (const auto& selection : *next) {
      if (selection.kind == Selection::Kind::fragment_spread) {
        cached->second.push_back(&selection);
      } else if (!selection.selections.empty()) {
        open.push_back(&selection.selections);
      }
    }
  }
  return cached->second;
}

std::vector<const Fragment*> Validation::reachable(const std::vector<Selection>& selections) {
  std::vector<const Fragment*> reached;
  std::set<const Fragment*> seen;
  std::vector<const std::vector<Selection>*> open{&selections};
  while (!open.empty()) {
    const auto* next = open.back();
    open.pop_back();
    for (const auto* spread : spreads(*next)) {
      if (!spend(1)) return reached;
      const auto* target = fragment(spread->name);
      if (!target || !seen.insert(target).second) continue;
      reached.push_back(target);
      open.push_back(&target->selections);
    }
  }
  return reached;
}

void Validation::report(std::string message, std::vector<Location> locations) {
  if (errors_.size() > error_count_max) return;
  if (errors_.size() == error_count_max) {
    errors_.push_back({"Too many validation errors, error limit reached. Validation aborted.", {}});
    return;
  }
  errors_.push_back({std::move(message), std::move(locations)});
}

bool Validation::spend(std::size_t steps) {
  if (budget_ < steps) return give_up();
  budget_ -= steps;
  return true;
}

bool Validation::give_up() {
  if (!std::exchange(is_over_, true)) {
    report("Validation aborted: the document takes more than " + std::to_string(step_count_max) +
               " comparisons to check; ask for the same field less often, and spread fewer fragments.", {});
  }
  budget_ = 0;
  return false;
}

std::vector<RequestError> validate(const TypeSystem& types, const Document& document) {
  Validation validation(types, document);
  check_operations(validation);
  check_fragments(validation);
  check_fields(validation);
  check_directives(validation);
  check_values(validation);
  check_variables(validation);
  check_introspection(validation);
  check_overlaps(validation);
  return validation.take_errors();
}

}  // namespace holdfast::graphql
