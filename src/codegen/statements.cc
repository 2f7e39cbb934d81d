#include "codegen/statements.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "codegen/statement_selection.h"
#include "codegen/statement_text.h"

namespace holdfast::codegen {
namespace {

using graphql::Operation;
using graphql::OperationType;

constexpr std::string_view warning = "this is an auto generated file. This will be overwritten\n";
constexpr std::size_t columns_max = 80;
constexpr std::size_t inside_template = 2;  ///< Indentation of a document in a template literal.

constexpr std::array roots = {std::pair{OperationType::query, "queries"},
                              std::pair{OperationType::mutation, "mutations"},
                              std::pair{OperationType::subscription, "subscriptions"}};

/// Words that cannot name a constant of a JavaScript module.
constexpr std::array reserved_words = {
    "arguments", "await",      "break",     "case",   "catch",    "class",  "const",      "continue",
    "debugger",  "default",    "delete",    "do",     "else",     "enum",   "eval",       "export",
    "extends",   "false",      "finally",   "for",    "function", "if",     "implements", "import",
    "in",        "instanceof", "interface", "let",    "new",      "null",   "package",    "private",
    "protected", "public",     "return",    "static", "super",    "switch", "this",       "throw",
    "true",      "try",        "typeof",    "var",    "void",     "while",  "with",       "yield"};

bool is_graphql(StatementTarget target) {
  return target == StatementTarget::graphql || target == StatementTarget::angular;
}

std::string_view suffix(StatementTarget target) {
  if (is_graphql(target)) return ".graphql";
  return target == StatementTarget::typescript ? ".ts" : ".js";
}

std::string_view upper_name(OperationType type) {
  switch (type) {
    case OperationType::query: return "Query";
    case OperationType::mutation: return "Mutation";
    default: return "Subscription";
  }
}

std::string header(StatementTarget target) {
  switch (target) {
    case StatementTarget::javascript: return "/* eslint-disable */\n// " + std::string(warning);
    case StatementTarget::typescript: return "/* tslint:disable */\n/* eslint-disable */\n// " + std::string(warning);
    case StatementTarget::flow: return "// @flow\n// " + std::string(warning);
    default: return "# " + std::string(warning);
  }
}

/// As an import names it: "../API.ts" is "../API", "API.ts" is "./API".
std::string module_path(const std::string& types_path) {
  const std::filesystem::path path(types_path);
  const auto name = (path.parent_path() / path.stem()).lexically_normal().generic_string();
  return name.starts_with(".") ? name : "./" + name;
}

/// What gives each statement the types of its variables and its result.
std::string type_definitions(OperationType type, const std::string& types_path) {
  const std::string name(upper_name(type));
  std::string path;
  json::write_string(module_path(types_path), path);
  return "\nimport * as APITypes from " + path + ";\ntype Generated" + name +
         "<InputType, OutputType> = string & {\n  __generated" + name + "Input: InputType;\n  __generated" + name +
         "Output: OutputType;\n};\n";
}

std::string type_tag(const Operation& operation) {
  const std::string kind(upper_name(operation.type));
  const auto result = "APITypes." + operation.name + kind;
  const auto variables = result + "Variables";
  const auto flat = "` as Generated" + kind + "<" + variables + ", " + result + ">;";
  if (flat.size() <= columns_max) return flat;
  return "` as Generated" + kind + "<\n  " + variables + ",\n  " + result + "\n>;";
}

/// The name of the constant: the field that the operation asks for.
const std::string& constant_name(const Operation& operation) { return operation.selections.front().name; }

std::string module_text(const std::vector<Operation>& operations, const StatementOptions& options) {
  const bool is_typed = options.target == StatementTarget::typescript && !options.types_path.empty();
  auto text = header(options.target);
  if (is_typed) text += type_definitions(operations.front().type, options.types_path);
  text += "\n";
  for (const auto& operation : operations) {
    text += "export const " + constant_name(operation) + " = /* GraphQL */ `";
    if (is_typed) {
      text += statement_text(operation, 0) + type_tag(operation) + "\n";
    } else {
      text += "\n" + statement_text(operation, inside_template) + "`;\n";
    }
  }
  return text;
}

template <class Definitions>
std::string document_text(const Definitions& definitions, StatementTarget target) {
  auto text = header(target);
  for (const auto& definition : definitions) text += "\n" + statement_text(definition, 0);
  return text;
}

Result<void> check_names(const std::vector<Operation>& operations) {
  for (const auto& operation : operations) {
    const auto& name = constant_name(operation);
    if (std::find(reserved_words.begin(), reserved_words.end(), name) == reserved_words.end()) continue;
    return Error{Code::unsupported, "No constant of a JavaScript module can be called " + name + ", as the field " +
                                        std::string(upper_name(operation.type)) + "." + name +
                                        " is. Rename the field, or choose --target graphql."};
  }
  return {};
}

}  // namespace

Result<std::vector<GeneratedFile>> statements(const graphql::SchemaDocument& api, const StatementOptions& options) {
  StatementSelector selector(api, {.depth = options.depth,
                                   .has_typename = options.has_typename,
                                   .has_storage_fragment = options.target == StatementTarget::graphql});
  const std::string ending(suffix(options.target));
  std::vector<GeneratedFile> files;
  for (const auto& [type, name] : roots) {
    HOLDFAST_TRY(operations, selector.operations(type));
    if (operations.empty()) continue;
    if (is_graphql(options.target)) {
      files.push_back({name + ending, document_text(operations, options.target)});
      continue;
    }
    HOLDFAST_TRY(checked, check_names(operations));
    files.push_back({name + ending, module_text(operations, options)});
  }
  if (!selector.fragments().empty()) {
    files.push_back({"fragments" + ending, document_text(selector.fragments(), options.target)});
  }
  return files;
}

}  // namespace holdfast::codegen
