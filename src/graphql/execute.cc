#include "graphql/execute.h"

#include <algorithm>
#include <string>
#include <utility>

#include "graphql/complete.h"

namespace holdfast::graphql {
namespace {

Object response(Value data, ErrorLog& errors) {
  Object object{{"data", std::move(data)}};
  if (!errors.empty()) object.append("errors", errors.take());
  return object;
}

Object refusal(std::string message, Location at) {
  ErrorLog errors;
  errors.add(nullptr, RequestError{std::move(message), {at}});
  return response(nullptr, errors);
}

}  // namespace

Result<const Operation*> select_operation(const Document& document, std::string_view operation_name) {
  const auto& operations = document.operations;
  if (operations.empty()) return Error{Code::invalid_argument, "Must provide an operation."};
  if (operation_name.empty()) {
    if (operations.size() == 1) return &operations.front();
    return Error{Code::invalid_argument, "Must provide operation name if query contains multiple operations."};
  }
  const auto found = std::find_if(operations.begin(), operations.end(),
                                  [&](const Operation& operation) { return operation.name == operation_name; });
  if (found != operations.end()) return &*found;
  return Error{Code::invalid_argument, "Unknown operation named \"" + std::string(operation_name) + "\"."};
}

Object execute(const Execution& execution, const Value& root) {
  const auto& operation = execution.operation;
  const auto* type = execution.types.root(operation.type);
  if (!type) {
    return refusal("Schema is not configured to execute " + std::string(name(operation.type)) + " operation.",
                   operation.at);
  }
  Completion completion(execution);
  const std::vector<const std::vector<Selection>*> sets{&operation.selections};
  const std::vector<Node> nodes{{&root, nullptr}};
  auto objects = completion.fields(*type, sets, nodes, 1);
  if (completion.is_exhausted()) {
    return refusal("The answer takes more than " + std::to_string(execution_steps_max) +
                       " steps; ask for fewer fields or smaller pages.",
                   operation.at);
  }
  auto& answer = objects.front();
  return response(answer ? Value(std::move(*answer)) : Value(), completion.errors());
}

}  // namespace holdfast::graphql
