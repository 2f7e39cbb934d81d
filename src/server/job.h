// Job: one GraphQL request over HTTP, from its bytes to its answer.
#pragma once

#include <memory>
#include <optional>

#include "server/http.h"
#include "server/parts.h"

namespace holdfast::server {

/// A request that was understood, and whose caller is known. Its measurement ends with it.
class Job final : public JointWork {
 public:
  Job(std::shared_ptr<Server::Parts> parts, HttpRequest request)
      : parts_(std::move(parts)), measurement_(parts_->metrics), request_(std::move(request)) {
    measurement_.outcome = Outcome::invalid;  // What else is answered with 200 is run.
  }

  /// Reads the request, or refuses it.
  std::optional<HttpResponse> refused();
  [[nodiscard]] const Running& running() const noexcept { return running_; }
  void run() override;
  /// What run() gave; it holds only if the store did not fail.
  [[nodiscard]] const graphql::Response& result() const noexcept { return result_; }
  [[nodiscard]] bool has_failed() const noexcept { return failure_.has_value(); }
  /// Whether anything may have been written.
  [[nodiscard]] bool has_mutated() const noexcept { return has_mutated_; }
  HttpResponse answer(const Result<void>& kept) override;

 private:
  std::optional<HttpResponse> refusal();
  void count(const HttpResponse& response);

  const std::shared_ptr<Server::Parts> parts_;  // Shared with the server, which may end first.
  Measurement measurement_;
  Caller caller_ = {};
  Media media_ = {};
  const HttpRequest request_;
  Running running_ = {};
  graphql::Response result_ = {};
  std::optional<Error> failure_ = {};
  bool has_mutated_ = false;
};

}  // namespace holdfast::server
