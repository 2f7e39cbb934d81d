#include <algorithm>

#include "server/resolve/read.h"
#include "server/resolve/rows.h"
#include "server/retention.h"

namespace holdfast::server {
namespace {

constexpr int reads_max = 16;  // Reads of the store for one page before it is given out short.

/// Where a sync stands: made at the first page, carried by the token through all others.
struct Standing {
  std::int64_t started_at = 0;
  bool is_delta = false;
  std::string position = {};
};

Object to_token(const Standing& standing) {
  return Object{{"s", standing.started_at}, {"d", standing.is_delta}, {"n", standing.position}};
}

Result<Standing> from_token(const Object& content) {
  const auto* started = content.at("s").as_integer();
  const auto* is_delta = content.at("d").as_boolean();
  const auto* position = content.at("n").as_string();
  if (started == nullptr || is_delta == nullptr || position == nullptr) {
    return Error{Code::invalid_argument, "Invalid pagination token given."};
  }
  return Standing{*started, *is_delta, *position};
}

std::int64_t last_sync_of(const Asked& asked) {
  const auto* last_sync = asked.call.arguments.at("lastSync").as_integer();
  return last_sync == nullptr ? 0 : *last_sync;
}

Result<Standing> first_standing(const Asked& asked) {
  // The horizon comes before the first read: whatever is written from then on is in the next delta.
  HOLDFAST_TRY(horizon, asked.backend.store.read_horizon());
  const auto retention = retention_of(asked.backend.options, asked.route.model->name);
  const bool is_delta = reaches_back(retention, from_epoch_ms(last_sync_of(asked)), asked.backend.clock.wall());
  return Standing{epoch_ms(horizon), is_delta, {}};
}

/// Behind a delta that takes for ever, what it has to tell is forgotten: its device has to begin anew.
bool is_too_late(const Asked& asked, const Standing& standing) {
  return standing.is_delta && asked.backend.clock.wall() - from_epoch_ms(standing.started_at) > delta_pages_time_max;
}

Result<ImagePage> read_page(const Asked& asked, const Standing& standing, const Filter& filter, std::uint32_t limit) {
  auto& store = asked.backend.store;
  const auto& model = *asked.route.model;
  if (standing.is_delta) {
    return store.changed_since(model, from_epoch_ms(last_sync_of(asked)), limit, standing.position);
  }
  return store.list(model, {.where = filter.live, .with_tombstones = true, .limit = limit, .after = standing.position});
}

/// Tombstones pass every filter: a device must learn of a deletion whatever it asked for.
bool passes(const Filter& filter, const Image& image) {
  return image.metadata.is_deleted || evaluate(filter.live, image.record);
}

Result<Images> read_images(const Asked& asked, const Filter& filter, std::uint32_t limit,
                                       Standing& standing) {
  Images images;
  for (int reads = 0; reads < reads_max; ++reads) {
    HOLDFAST_TRY(page, read_page(asked, standing, filter, limit - static_cast<std::uint32_t>(images.size())));
    if (!filter.live.is_always()) {
      std::vector<bool> stays;
      for (const auto& image : page.images) stays.push_back(passes(filter, image));
      page.images.keep(stays);
    }
    images.append(std::move(page.images));
    standing.position = std::move(page.next);
    if (standing.position.empty() || images.size() >= limit) break;
  }
  return images;
}

}  // namespace

Answer sync(const Asked& asked) {
  const auto limit = limit_of(asked);
  if (!limit) return graphql::Outcome(bad_request(limit.error()));
  const auto filter = read_filter(*asked.route.model, asked.call.arguments.at("filter"));
  if (!filter) return graphql::Outcome(bad_request(filter.error()));
  const auto scope = token_scope(asked, {});
  const auto content = token_of(asked, scope);
  if (!content) return graphql::Outcome(bad_request(content.error()));
  HOLDFAST_TRY(standing, content->empty() ? first_standing(asked) : from_token(*content));
  if (is_too_late(asked, standing)) {
    return graphql::Outcome(bad_request({Code::invalid_argument, "The pagination token has expired."}));
  }
  HOLDFAST_TRY(images, read_images(asked, *filter, *limit, standing));
  auto page = connection(asked, std::move(images), standing.position.empty() ? Object() : to_token(standing), scope);
  page.others.as_object()->append("startedAt", standing.started_at);
  return graphql::Outcome(std::move(page));
}

}  // namespace holdfast::server
