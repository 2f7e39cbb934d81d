#include "graphql/execute.h"

#include <algorithm>
#include <string>
#include <utility>

#include "graphql/complete.h"

namespace holdfast::graphql {
namespace {

Response response(const Completed& data, const Completion& completion) {
  Response answer;
  // Punctuation and keys are not counted in the estimate.
  answer.text.reserve(completion.text_bytes() + 256);
  answer.text = R"({"data":)";
  write(data, answer.text);
  if (const auto* object = std::get_if<CompletedObject>(&data.held)) {
    const auto& columns = object->level->columns;
    answer.has_data = std::any_of(columns.begin(), columns.end(), [](const auto& column) {
      return !column.values.front().is_null();
    });
  }
  const auto& errors = completion.errors();
  answer.has_errors = !errors.empty();
  if (answer.has_errors) answer.text += R"(,"errors":[)" + errors.text() + ']';
  answer.text += '}';
  return answer;
}

Response refusal(std::string message, Location at) {
  ErrorLog errors;
  errors.add(nullptr, RequestError{std::move(message), {at}});
  return {R"({"data":null,"errors":[)" + errors.text() + "]}", false, true};
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

Response execute(const Execution& execution, const Value& root) {
  const auto& operation = execution.operation;
  const auto* type = execution.types.root(operation.type);
  if (!type) {
    return refusal("Schema is not configured to execute " + std::string(name(operation.type)) + " operation.",
                   operation.at);
  }
  Completion completion(execution);
  const auto data = completion.data(*type, root);
  if (completion.is_exhausted()) {
    return refusal("The answer takes more than " + std::to_string(execution_steps_max) +
                       " steps; ask for fewer fields or smaller pages.",
                   operation.at);
  }
  return response(data, completion);
}

}  // namespace holdfast::graphql
