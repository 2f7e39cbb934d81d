#include "server/resolve/key_arguments.h"
#include "server/resolve/read.h"
#include "server/resolve/rows.h"
#include "server/resolve/selecting.h"

namespace holdfast::server {
namespace {

/// Without a partition there is no order: the records of the model as they were first written.
Result<CollectionPage> page_of(const Asked& asked, const Selecting& selecting, const Object& after) {
  Collection collection{{}, after};
  for (const auto& name : asked.route.partition) {
    const auto& value = asked.call.arguments.at(name);
    if (!value.is_null()) collection.partition.push_back(value);
  }
  if (collection.partition.empty()) return page_of_model(asked.backend.store, selecting, after);
  HOLDFAST_TRY(pages, pages_of(asked.backend.store, selecting, {std::move(collection)}));
  return std::move(pages.front());
}

}  // namespace

Answer get(const Asked& asked) {
  const auto key = key_of(*asked.route.model, asked.call.arguments);
  if (!key) return graphql::Outcome(Value());
  HOLDFAST_TRY(image, asked.backend.store.get(*asked.route.model, *key));
  // AppSync shows tombstones to whoever asks for one by key; clients without versions never see any.
  if (image && image->metadata.is_deleted && !asked.backend.is_versioned()) return graphql::Outcome(Value());
  return graphql::Outcome(value_of(std::move(image)));
}

Answer list(const Asked& asked) {
  if (auto unfit = unfit_key_arguments(asked)) return graphql::Outcome(*std::move(unfit));
  auto read = selecting_of(asked);
  if (!read) return graphql::Outcome(bad_request(read.error()));
  const auto scope = token_scope(asked, {});
  const auto after = token_of(asked, scope);
  if (!after) return graphql::Outcome(bad_request(after.error()));
  HOLDFAST_TRY(page, page_of(asked, *read, *after));
  return graphql::Outcome(connection(asked, std::move(page.images), page.next, scope));
}

}  // namespace holdfast::server
