#include "server/parts.h"

#include <optional>
#include <string>
#include <utility>

#include "server/cost.h"
#include "server/resolve/request.h"
#include "server/store/deadline.h"

namespace holdfast::server {

graphql::Response Server::Parts::run(const Running& running, graphql::Resolvers& resolvers, const Value& root) {
  const auto end = backend.clock.ticks() + backend.options.limits.time_max;
  const auto interruption = [&]() -> std::optional<graphql::FieldError> {
    if (backend.clock.ticks() < end) return std::nullopt;
    return out_of_time(backend);
  };
  const ReadDeadline deadline(backend.clock, end);
  return graphql::execute({types, running.prepared->document, *running.operation, running.variables, scalars,
                           resolvers, interruption, running.prepared->plan_of(*running.operation)},
                          root);
}

std::variant<Running, std::vector<graphql::RequestError>> Server::Parts::select(
    std::shared_ptr<const Prepared> prepared, const std::string& operation_name, const Value& variables) const {
  const auto operation = graphql::select_operation(prepared->document, operation_name);
  if (!operation) return std::vector<graphql::RequestError>{{operation.error().message, {}}};
  auto coerced =
      graphql::coerce_variables(types, **operation, variables.is_null() ? Value(Object()) : variables, scalars);
  if (auto* errors = std::get_if<std::vector<graphql::RequestError>>(&coerced)) return std::move(*errors);
  auto& given = std::get<Object>(coerced);
  const auto& options = backend.options;
  const auto cost = cost_of(types, backend.routes, prepared->document, **operation, given, options.page_rows_max);
  if (cost > options.limits.cost_max) {
    return std::vector<graphql::RequestError>{
        {"The answer could have more than " + std::to_string(options.limits.cost_max) +
             " fields; ask for fewer fields, fewer lists within lists, or lower limits.",
         {(*operation)->at}}};
  }
  return Running{std::move(prepared), *operation, std::move(given), cost};
}

}  // namespace holdfast::server
