// Server::Parts: what respond() and realtime sessions share.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/log.h"
#include "graphql/type_system.h"
#include "server/documents.h"
#include "server/metrics/metrics.h"
#include "server/publish/publisher.h"
#include "server/realtime/dispatch.h"
#include "server/realtime/subscription.h"
#include "server/resolve/aws_scalars.h"
#include "server/resolve/backend.h"
#include "server/resolve/resolvers.h"

namespace holdfast::server {

/// One operation to run for a caller.
struct Running {
  std::shared_ptr<const Prepared> prepared;  ///< Shared with the cache.
  const graphql::Operation* operation = nullptr;
  Object variables = {};
  std::uint64_t cost = 0;  ///< Fields that the largest possible answer has.
};

/// Thread-safe: all that changes locks itself.
class Server::Parts {
 public:
  /// `counts` is null when nobody reads them.
  Parts(Backend stands_on, graphql::TypeSystem type_system, Log& to, Metrics* counts)
      : backend(std::move(stands_on)), types(std::move(type_system)),
        metrics(counts == nullptr ? unread_metrics_ : *counts),
        documents(types, scalars, backend.options.limits, metrics), log(to) {}

  /// The result of one operation on `root`; check the `failure()` of RequestResolvers before giving it out.
  graphql::Response run(const Running& running, graphql::Resolvers& resolvers, const Value& root);

  /// Clients send `variables` as an object or null, and name the operation when there are several.
  std::variant<Running, std::vector<graphql::RequestError>> select(std::shared_ptr<const Prepared> prepared,
                                                                   const std::string& operation_name,
                                                                   const Value& variables) const;

  Backend backend;
  graphql::TypeSystem types;
  AwsScalars scalars = {};
  Metrics& metrics;
  Documents documents;
  Publisher publisher = {};
  Dispatch dispatch = {};
  Listenings listenings = {};
  std::atomic<std::uint64_t> requests = 0;  ///< Those whose writes are told with what functions answered.
  Log& log;

 private:
  Metrics unread_metrics_ = {};
};

}  // namespace holdfast::server
