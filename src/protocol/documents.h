// The GraphQL documents of the sync protocol (spec/protocol.md §3), letter by letter as the published clients
// write them, and the variables that go with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "holdfast/predicate.h"
#include "holdfast/record.h"
#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast::protocol {

/// A document and its variables: the body of a POST is `body()`.
struct Request {
  std::string query;
  Object variables;

  /// `{"query":…,"variables":…}`.
  [[nodiscard]] std::string body() const;
};

enum class MutationKind : std::uint8_t { create, update, remove };
enum class Subscribed : std::uint8_t { on_create, on_update, on_delete };

/// The fields selected of a model, in the protocol's order.
std::string selection(const Schema& schema, const ModelSchema& model);

struct SyncPage {
  std::uint32_t limit = 1000;
  std::optional<std::string> next_token = {};
  std::int64_t last_sync = 0;       ///< 0 for a base sync.
  Value filter = {};                ///< As sync_filter() gives it.
};
Request sync_request(const Schema& schema, const ModelSchema& model, const SyncPage& page);

/// `version` 0 leaves `_version` out. A condition's tests on key fields are left out, as the clients do.
struct Mutation {
  MutationKind kind = MutationKind::create;
  Key key = {};
  Patch changes = {};
  std::int64_t version = 0;
  Predicate condition = {};
};
Request mutation_request(const Schema& schema, const ModelSchema& model, const Mutation& mutation);
Request get_request(const Schema& schema, const ModelSchema& model, const Key& key);
/// The argument by which a subscription is one to the user's own records.
struct OwnerArgument {
  std::string field;
  std::string value;
};
/// With a filter that is not null, `filter` is a variable; else the document knows none. `owner` may be null.
Request subscription_request(const Schema& schema, const ModelSchema& model, Subscribed what, Value filter = {},
                             const OwnerArgument* owner = nullptr);

/// The name of the root field, which is also the reply's member: "syncPosts", "updatePost", "onCreatePost", "getPost".
std::string sync_field(const ModelSchema& model);
std::string mutation_field(const ModelSchema& model, MutationKind kind);
std::string subscription_field(const ModelSchema& model, Subscribed what);
std::string get_field(const ModelSchema& model);

/// A predicate as filter or condition variables (`{and: […]}`); null for one that is always true.
Value filter_variables(const Predicate& predicate);

}  // namespace holdfast::protocol
