// Custom fields: those that a function (@function) or an HTTP service (@http) of the author's answers.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/transport.h"
#include "graphql/execute.h"
#include "graphql/type_system.h"
#include "schema/custom_fields.h"
#include "server/auth/decide.h"

namespace holdfast::server {

struct Backend;

/// Where the API stands, for names and addresses in which a schema leaves it open.
struct Surroundings {
  std::string environment = {};  ///< Instead of `${env}`. Empty: "-${env}" vanishes from names of functions.
  std::string region = {};       ///< Instead of `${aws_region}`.
};

/// A custom field as it is called here: nothing is left open.
struct CustomRoute {
  schema::CustomField field = {};
  bool is_object = false;  ///< Of an object type, or a list of them.
};

/// Immutable; safe from any thread.
class CustomFields {
 public:
  /// `api` is kept a reference to by its types, which outlive this.
  CustomFields(std::vector<schema::CustomField> fields, const graphql::TypeSystem& api, const Surroundings& where);
  [[nodiscard]] bool empty() const noexcept { return routes_.empty(); }
  /// Whether any of them is a field of something else than Query, Mutation and Subscription.
  [[nodiscard]] bool has_members() const noexcept { return has_members_; }
  /// Null for fields that are no custom ones.
  [[nodiscard]] const CustomRoute* find(std::string_view type, std::string_view field) const;
  /// The arguments as functions get them: AWSJSON texts become what they say.
  [[nodiscard]] Object arguments(const graphql::FieldDefinition& field, const Object& given) const;

 private:
  [[nodiscard]] Value unfolded(const graphql::TypeRef& type, const Value& given) const;

  std::map<std::string, std::map<std::string, CustomRoute, std::less<>>, std::less<>> routes_;
  std::map<std::string, const graphql::TypeDefinition*, std::less<>> inputs_;
  bool has_members_ = false;
};

/// What the custom fields of one request share.
struct CustomBudget {
  std::size_t calls = 0;
  std::optional<Tick> until = {};  ///< From the first call on.
};

/// One custom field to answer. Lives as long as the call.
struct CustomAsked {
  const Backend& backend;
  const Caller& caller;
  const CustomRoute& route;
  const graphql::FieldCall& call;
  const Headers& headers;  ///< Of the request.
  CustomBudget& budget;
};

/// Custom fields that one request may have answered; AppSync has the same bound.
inline constexpr std::size_t custom_calls_max = 10'000;
/// All custom fields of a request together take hardly longer, or than Limits::time_max: the limit of AppSync for a
/// request.
inline constexpr Milliseconds custom_time_max{30'000};

/// Parallel to `parents`.
std::vector<graphql::Outcome> answer_custom(const CustomAsked& asked, std::span<const Value* const> parents);
/// What is stored for a field that a function should answer, or null: for those that no function may be asked for.
std::vector<graphql::Outcome> stored_members(const graphql::FieldCall& call, std::span<const Value* const> parents);

/// Pipelines of functions.
std::vector<graphql::Outcome> call_functions(const CustomAsked& asked, std::span<const Value* const> parents);
/// One request, whatever the number of parents: nothing of them goes into it.
graphql::Outcome call_http(const CustomAsked& asked);

}  // namespace holdfast::server
