// What the machines of the sync room stand on together.
#pragma once

#include <string>
#include <string_view>

#include "base/log.h"
#include "base/random.h"
#include "client/storage/storage.h"
#include "client/sync/effects.h"
#include "client/sync/selection.h"
#include "protocol/documents.h"

namespace holdfast::sync {

/// Names for requests and sockets, never used twice.
class Names {
 public:
  std::uint64_t next() noexcept { return ++last_; }

 private:
  std::uint64_t last_ = 0;
};

/// All outlive the machines. What is selected changes only while none of them runs. Not thread-safe.
struct Ports {
  const Schema& schema;
  client::Storage& storage;
  Random& random;
  Log& log;
  const SyncOptions& options;
  Names& names;
  const Selection& selection;
};

/// The POST of a document to the endpoint, without credentials.
HttpRequest http_request(const SyncOptions& options, const protocol::Request& request);
/// The same of any text, to a path below the endpoint.
HttpRequest http_request(const SyncOptions& options, std::string body, std::string_view path);

/// Emits a failure that concerns no local record.
effect::Failed failed(Error error, std::string operation, const ModelSchema* model);

}  // namespace holdfast::sync
