// RequestResolvers: answers the fields of one request.
#pragma once

#include <optional>
#include <string>

#include "server/resolve/request.h"

namespace holdfast::server {

/// Made for one request and used by one thread. A failure of the store fails the whole request: after the execution
/// `failure` says so, and its result must not be given out.
class RequestResolvers final : public graphql::Resolvers {
 public:
  /// `mutation_id`: the name that the client gave its request; empty when it gave none. `headers`: those of the
  /// request, which outlive this; null for what is made for a subscription, where nobody waits for functions.
  RequestResolvers(const Backend& backend, Caller caller, std::string mutation_id, const Headers* headers = nullptr);

  [[nodiscard]] bool resolves(const graphql::TypeDefinition& parent,
                              const graphql::FieldDefinition& field) const override;
  std::vector<graphql::Outcome> resolve(const graphql::FieldCall& call,
                                        std::span<const Value* const> parents) override;

  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }
  /// Whether anything may have been written.
  [[nodiscard]] bool has_mutated() const noexcept { return mutations_ > 0; }

 private:
  /// Roots that nobody answers, and members of records that are guarded.
  std::vector<graphql::Outcome> resolve_unrouted(const graphql::FieldCall& call, std::span<const Value* const> parents);
  std::vector<graphql::Outcome> answer_custom_field(const CustomRoute& route, const graphql::FieldCall& call,
                                                    std::span<const Value* const> parents);
  /// Whether the caller may have answered what is not of a model.
  [[nodiscard]] bool may_call(const graphql::FieldCall& call) const;
  Answers answer(const Asked& asked, std::span<const Value* const> parents);
  Answer answer_root(const Asked& asked, const Value& root);
  /// A request with several mutations names each of them.
  std::string next_mutation_id();
  std::vector<graphql::Outcome> within_budget(std::vector<graphql::Outcome> outcomes);

  const Backend& backend_;
  Caller caller_;
  std::string mutation_id_;
  int mutations_ = 0;
  std::size_t rows_ = 0;
  const Headers* headers_;
  CustomBudget custom_budget_;
  std::optional<Error> failure_;
};

}  // namespace holdfast::server
