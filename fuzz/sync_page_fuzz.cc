// Sync pages: the fast reader survives anything, and reads what the general reader reads.
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "base/json.h"
#include "fuzz/draw.h"
#include "model/testing.h"
#include "protocol/replies.h"

namespace holdfast::protocol {
namespace {

constexpr int statuses[] = {200, 200, 200, 200, 401, 429, 500, 302};

void check_items(const ModelSchema& model, const SyncedPage& page) {
  for (const auto& item : page.items) {
    for (const auto& part : item.record.key().parts) HOLDFAST_ASSERT(!part.is_null(), "every record has its key");
    const auto again = read_record(model, write_record(item.record, item.metadata));
    HOLDFAST_ASSERT(again && again->record == item.record && again->metadata == item.metadata,
                    "a record of a page is written and read to the same");
  }
}

void check_against_general_reader(const ModelSchema& model, const Value& parsed) {
  const auto read = read_sync_page(model, HttpResponse{.status = 200, .headers = {}, .body = json::write(parsed)});
  const auto* page = std::get_if<SyncedPage>(&read);
  if (!page) return;
  const auto* items = parsed["data"][sync_field(model)]["items"].as_list();
  HOLDFAST_ASSERT(items != nullptr, "a page that was read has its items");
  std::size_t at = 0;
  for (const auto& item : *items) {
    const auto expected = read_record(model, item);
    if (!expected) continue;
    HOLDFAST_ASSERT(at < page->items.size(), "the fast reader leaves nothing out");
    const auto& seen = page->items[at++];
    HOLDFAST_ASSERT(seen.record == expected->record && seen.metadata == expected->metadata,
                    "both readers read the same");
  }
  HOLDFAST_ASSERT(at == page->items.size(), "the fast reader adds nothing");
}

void check(const ModelSchema& model, int status, const std::string& body) {
  const auto read = read_sync_page(model, HttpResponse{.status = status, .headers = {}, .body = body});
  const auto* page = std::get_if<SyncedPage>(&read);
  if (!page) return;
  check_items(model, *page);
  const auto parsed = json::parse(body);
  HOLDFAST_ASSERT(parsed.has_value(), "a page that was read is JSON");
  // Written anew, because of two equal members the readers take different ones.
  check_against_general_reader(model, *parsed);
}

}  // namespace
}  // namespace holdfast::protocol

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto schema = holdfast::testing::blog_schema();
  if (size == 0) return 0;
  const auto& model = schema.models[(bytes[0] >> 3U) % schema.models.size()];
  holdfast::protocol::check(model, holdfast::protocol::statuses[bytes[0] & 7U],
                            holdfast::fuzz::text_of(bytes + 1, size - 1));
  return 0;
}
