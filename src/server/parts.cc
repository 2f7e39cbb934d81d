#include "server/parts.h"

#include <utility>

namespace holdfast::server {

Object Server::Parts::run(const Running& running, RequestResolvers& resolvers, const Value& root) {
  const graphql::Execution execution{types,   running.prepared->document, *running.operation, running.variables,
                                     scalars, resolvers};
  return graphql::execute(execution, root);
}

std::variant<Running, std::vector<graphql::RequestError>> Server::Parts::select(
    std::shared_ptr<const Prepared> prepared, const std::string& operation_name, const Value& variables) const {
  const auto operation = graphql::select_operation(prepared->document, operation_name);
  if (!operation) return std::vector<graphql::RequestError>{{operation.error().message, {}}};
  auto coerced = graphql::coerce_variables(types, **operation, variables.is_null() ? Value(Object()) : variables, scalars);
  if (auto* errors = std::get_if<std::vector<graphql::RequestError>>(&coerced)) return std::move(*errors);
  return Running{std::move(prepared), *operation, std::get<Object>(std::move(coerced))};
}

}  // namespace holdfast::server
