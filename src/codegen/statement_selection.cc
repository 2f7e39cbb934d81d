#include "codegen/statement_selection.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "codegen/statements.h"

namespace holdfast::codegen {
namespace {

using graphql::FieldDefinition;
using graphql::OperationType;
using graphql::Selection;
using graphql::TypeDefinition;
using graphql::TypeKind;

constexpr std::string_view storage_type = "S3Object";

bool is_composite(TypeKind kind) {
  return kind == TypeKind::object || kind == TypeKind::interface || kind == TypeKind::union_type;
}

Selection leaf(std::string name) {
  Selection selection;
  selection.name = std::move(name);
  return selection;
}

std::string capitalized(std::string name) {
  if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

/// The type of Amplify's storage links: `S3Object` with three strings.
bool is_storage(const TypeDefinition& type) {
  if (type.kind != TypeKind::object || type.name != storage_type) return false;
  constexpr std::array members = {"bucket", "key", "region"};
  return std::all_of(members.begin(), members.end(), [&](const char* name) {
    const auto* member = type.field(name);
    return member && member->type.innermost() == "String";
  });
}

/// What the pages of a search hold beside their items. It lies a level deeper than its worth, so it costs none.
bool is_aggregate(const FieldDefinition& field) {
  return field.name == "aggregateItems" && field.type.innermost() == "SearchableAggregateResult";
}

bool selects(const std::vector<Selection>& selections, const std::string& name) {
  return std::any_of(selections.begin(), selections.end(), [&](const Selection& each) { return each.name == name; });
}

/// Falsy defaults are what a service assumes anyway or are left to it, as the published statements leave them.
bool is_worth_writing(const graphql::AstValue& value) {
  using Kind = graphql::AstValue::Kind;
  switch (value.kind) {
    case Kind::null: return false;
    case Kind::boolean: return value.text == "true";
    case Kind::string: return !value.text.empty();
    case Kind::integer:
    case Kind::floating: return value.text.find_first_of("123456789") != std::string::npos;
    case Kind::list: return !value.items.empty();
    default: return true;
  }
}

std::vector<graphql::VariableDefinition> variables_of(const FieldDefinition& field) {
  std::vector<graphql::VariableDefinition> variables;
  for (const auto& argument : field.arguments) {
    auto& variable = variables.emplace_back();
    variable.name = argument.name;
    variable.type = argument.type;
    if (argument.default_value && is_worth_writing(*argument.default_value)) {
      variable.default_value = argument.default_value;
    }
  }
  return variables;
}

graphql::Arguments arguments_of(const FieldDefinition& field) {
  graphql::Arguments arguments;
  for (const auto& argument : field.arguments) {
    graphql::AstValue value;
    value.kind = graphql::AstValue::Kind::variable;
    value.text = argument.name;
    arguments.push_back({argument.name, std::move(value)});
  }
  return arguments;
}

}  // namespace

StatementSelector::StatementSelector(const graphql::SchemaDocument& api, const SelectionOptions& options)
    : api_(api), options_(options) {
  for (const auto& type : api.types) {
    if (is_composite(type.kind) && !type.is_extension) composites_.emplace(type.name, &type);
  }
}

Result<std::vector<graphql::Operation>> StatementSelector::operations(OperationType type) {
  std::vector<graphql::Operation> operations;
  const auto* fields = root(type);
  if (!fields) return operations;
  for (const auto& field : fields->fields) {
    operations.push_back(operation(type, field));
    if (!is_beyond_) continue;
    return Error{Code::limit_exceeded, "The statements select too much at a depth of " +
                                           std::to_string(options_.depth) + ": the types of " + fields->name + "." +
                                           field.name +
                                           " lead to each other again and again. Choose a smaller --max-depth."};
  }
  return operations;
}

graphql::Operation StatementSelector::operation(OperationType type, const FieldDefinition& field) {
  graphql::Operation operation;
  operation.type = type;
  operation.name = capitalized(field.name);
  operation.variables = variables_of(field);
  if (!select(field, options_.depth, operation.selections)) {
    // Nothing of it lies within the depth; an object must be asked for something.
    operation.selections.push_back(leaf(field.name));
    operation.selections.back().selections.push_back(leaf("__typename"));
  }
  operation.selections.back().arguments = arguments_of(field);
  return operation;
}

/// False when the field is an object of which nothing lies within the depth: it is left out.
bool StatementSelector::select(const FieldDefinition& field, int depth, Selections& into) {
  if (++fields_ > statement_fields_max || depth > statement_depth_max) is_beyond_ = true;
  if (is_beyond_) return false;
  auto selection = leaf(field.name);
  if (const auto* type = composite(field.type.innermost())) {
    if (depth < 1) return false;
    if (options_.has_storage_fragment && is_storage(*type)) {
      spread_storage(*type, depth, selection);
    } else {
      select_members(*type, depth, selection);
      select_possible_types(*type, depth, selection);
    }
    if (selection.selections.empty()) return false;
  }
  into.push_back(std::move(selection));
  return true;
}

void StatementSelector::select_members(const TypeDefinition& type, int depth, Selection& selection) {
  for (const auto& member : type.fields) {
    select(member, is_aggregate(member) ? depth + 1 : depth - 1, selection.selections);
  }
  if (options_.has_typename && type.kind == TypeKind::object) selection.selections.push_back(leaf("__typename"));
}

/// `... on Cat {}` for every object that an interface or union may turn out to be, without what is selected of all.
void StatementSelector::select_possible_types(const TypeDefinition& type, int depth, Selection& selection) {
  if (type.kind == TypeKind::object) return;
  const auto shared = selection.selections;
  const auto add = [&](const TypeDefinition& possible) {
    Selection fragment;
    fragment.kind = Selection::Kind::inline_fragment;
    fragment.type_condition = possible.name;
    fragment.selections = select_fragment(possible, depth - 1, shared);
    if (!fragment.selections.empty()) selection.selections.push_back(std::move(fragment));
  };
  if (type.kind == TypeKind::union_type) {
    for (const auto& name : type.members) {
      if (const auto* member = composite(name)) add(*member);
    }
    return;
  }
  for (const auto& other : api_.types) {
    const auto& interfaces = other.interfaces;
    const bool is_one = std::find(interfaces.begin(), interfaces.end(), type.name) != interfaces.end();
    if (is_one && other.kind == TypeKind::object && !other.is_extension) add(other);
  }
}

std::vector<Selection> StatementSelector::select_fragment(const TypeDefinition& type, int depth,
                                                          const Selections& already) {
  Selections selections;
  for (const auto& field : type.fields) {
    if (!selects(already, field.name)) select(field, depth, selections);
  }
  return selections;
}

void StatementSelector::spread_storage(const TypeDefinition& type, int depth, Selection& selection) {
  if (options_.has_typename) selection.selections.push_back(leaf("__typename"));
  Selection spread;
  spread.kind = Selection::Kind::fragment_spread;
  spread.name = storage_type;
  selection.selections.push_back(std::move(spread));
  if (!fragments_.empty()) return;  // There is one such type, thus one fragment.
  graphql::Fragment fragment;
  fragment.name = storage_type;
  fragment.type_condition = type.name;
  fragment.selections = select_fragment(type, depth - 1, {});
  fragments_.push_back(std::move(fragment));
}

const TypeDefinition* StatementSelector::composite(std::string_view name) const {
  const auto found = composites_.find(name);
  return found == composites_.end() ? nullptr : found->second;
}

const TypeDefinition* StatementSelector::root(OperationType type) const {
  std::string name;
  for (const auto& schema : api_.schemas) {
    const auto& written = type == OperationType::query      ? schema.query
                          : type == OperationType::mutation ? schema.mutation
                                                            : schema.subscription;
    if (!written.empty()) name = written;
  }
  // Without a `schema` block the roots go by their usual names.
  if (api_.schemas.empty()) name = capitalized(std::string(graphql::name(type)));
  return composite(name);
}

}  // namespace holdfast::codegen
