// RequestResolvers: answers the fields of one request.
#pragma once

#include <optional>
#include <string>

#include "server/resolve/answered_fields.h"
#include "server/resolve/request.h"

namespace holdfast::server {

/// Where a request comes from.
struct Origin {
  std::string mutation_id = {};      ///< The name that the client gave it; empty when it gave none.
  /// They outlive it; null for what is made for a subscription, where nobody waits for functions.
  const Headers* headers = nullptr;
  std::uint64_t request = 0;         ///< Its number, if what functions answer for its writes is to be told; else 0.
};

/// Made for one request and used by one thread. A failure of the store fails the whole request: after the execution
/// `failure` says so, and its result must not be given out.
class RequestResolvers final : public graphql::Resolvers {
 public:
  RequestResolvers(const Backend& backend, Caller caller, Origin origin);

  [[nodiscard]] bool resolves(const graphql::TypeDefinition& parent,
                              const graphql::FieldDefinition& field) const override;
  std::vector<graphql::Outcome> resolve(const graphql::FieldCall& call,
                                        std::span<const Value* const> parents) override;

  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }
  /// Whether anything may have been written.
  [[nodiscard]] bool has_mutated() const noexcept { return mutations_ > 0; }
  /// Of the records that were written, when the origin has a number.
  [[nodiscard]] const AnsweredFields& answered() const noexcept { return answered_; }

 private:
  /// Roots that nobody answers, and members of records that are guarded.
  std::vector<graphql::Outcome> resolve_unrouted(const graphql::FieldCall& call, std::span<const Value* const> parents);
  std::vector<graphql::Outcome> answer_custom_field(const CustomRoute& route, const graphql::FieldCall& call,
                                                    std::span<const Value* const> parents);
  Answer note_written(const Asked& asked, Answer written);
  void note_answered(const graphql::FieldCall& call, std::span<const Value* const> parents,
                     const std::vector<graphql::Outcome>& outcomes);
  /// Whether the field is there to tell of a write: a function of its own was asked at the start.
  [[nodiscard]] bool is_delivery(const Route* route) const;
  /// Whether the caller may have answered what is not of a model, or start a subscription with a function of its own.
  [[nodiscard]] bool may_call(const graphql::FieldCall& call) const;
  Answers answer(const Asked& asked, std::span<const Value* const> parents);
  Answer answer_root(const Asked& asked, const Value& root);
  /// A request with several mutations names each of them.
  std::string next_mutation_id();
  std::vector<graphql::Outcome> within_budget(std::vector<graphql::Outcome> outcomes);

  const Backend& backend_;
  Caller caller_;
  Origin origin_;
  int mutations_ = 0;
  std::size_t rows_ = 0;
  AnsweredFields answered_;
  CustomBudget custom_budget_;
  std::optional<Error> failure_;
};

}  // namespace holdfast::server
