// write_device_file SCHEMA DATABASE: makes a device's database in the layout of this Holdfast, with rows, tombstones, unsent
// changes, a waiting image and sync state. Its files of each layout are kept in testdata/, see README.md there.
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "client/outbox/image.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "schema/schema_reader.h"

namespace holdfast {
namespace {

Record record(const ModelSchema& model, const Object& fields) {
  Record made(model);
  for (const auto& field : fields) made[field.name] = field.value;
  return made;
}

Patch patch(const ModelSchema& model, const Object& fields) {
  Patch made;
  for (const auto& field : fields) made = combined(std::move(made), {{*model.field_index(field.name), field.value}});
  return made;
}

Metadata version(std::int64_t number) { return {number, from_epoch_ms(1'700'000'000'000 + number), false}; }

/// Rows that the service knows, and what it has deleted.
Result<void> write_synced(client::Transaction& to, const ModelSchema& post, const ModelSchema& stock) {
  const Object full{{"id", "p1"},           {"title", "first"},
                    {"rating", 4},          {"score", 2.5},
                    {"isDraft", true},      {"tags", List{"a", "b"}},
                    {"mood", "GOOD"},       {"place", Object{{"town", "Ulm"}, {"lat", 48.4}}},
                    {"published", "2030-01-01"}, {"seen", 1'700'000'000}};
  HOLDFAST_TRY(first, to.put(record(post, full), version(3)));
  HOLDFAST_TRY(second, to.put(record(post, {{"id", "p2"}, {"title", "edited here"}, {"rating", 5}}), version(7)));
  HOLDFAST_TRY(shelf, to.put(record(stock, {{"warehouse", "w"}, {"shelf", 7}, {"count", 12}}), version(2)));
  HOLDFAST_TRY(gone, to.erase(post, Key{{"p3"}}, {9, from_epoch_ms(1'700'000'000'009), true}));
  for (const auto* model : {"Post", "Comment", "Stock"}) {
    HOLDFAST_TRY(state, to.set_setting(std::string("sync:") + model,
                                       R"({"startedAt":1799999000000,"fullAt":1799999000000})"));
  }
  return to.set_setting("device:id", "0d7c7c3e-3a4e-4b3c-9a51-0c6f8b0f2a11");
}

/// What the service has not acknowledged: p2 was edited there meanwhile, c1 is new, p4 was deleted here.
Result<void> write_unsent(client::Transaction& to, const ModelSchema& post, const ModelSchema& comment) {
  const auto there = record(post, {{"id", "p2"}, {"title", "edited there"}, {"rating", 1}});
  HOLDFAST_TRY(image, outbox::write_image(to, post, Key{{"p2"}}, {there, version(7)}));
  HOLDFAST_TRY(sent, to.append({.model = &post, .key = Key{{"p2"}}, .operation = client::Operation::update,
                                .changes = patch(post, {{"title", "edited here"}}), .condition = {}, .was_sent = true}));
  HOLDFAST_TRY(edit, to.append({.model = &post, .key = Key{{"p2"}}, .operation = client::Operation::update,
                                .changes = patch(post, {{"rating", 5}}),
                                .condition = Predicate::compare("rating", Op::lt, {5})}));
  const Object fields{{"content", "new"}, {"postCommentsId", "p2"}};
  auto row = record(comment, fields);
  row["id"] = "c1";
  HOLDFAST_TRY(put, to.put(row, {}));
  HOLDFAST_TRY(created, to.append({.model = &comment, .key = Key{{"c1"}}, .operation = client::Operation::create,
                                   .changes = patch(comment, fields)}));
  HOLDFAST_TRY(erased, to.erase(post, Key{{"p4"}}, version(6)));
  HOLDFAST_TRY(removed, to.append({.model = &post, .key = Key{{"p4"}}, .operation = client::Operation::remove}));
  return {};
}

/// A change that the service refused.
Result<void> write_refused(client::Transaction& to, const ModelSchema& post) {
  HOLDFAST_TRY(id, to.append({.model = &post, .key = Key{{"p1"}}, .operation = client::Operation::update,
                              .changes = patch(post, {{"title", "refused"}, {"rating", 99}}), .was_sent = true}));
  return to.bury(id, {.code = Code::rejected, .error_type = "ValidationError", .message = "no such rating",
                      .at = from_epoch_ms(1'799'999'500'000)});
}

int write_file(const std::string& schema_path, const std::string& path) {
  std::stringstream text;
  text << std::ifstream(schema_path).rdbuf();
  const auto read = schema::read_schema({{schema_path, text.str()}});
  const auto* reading = std::get_if<schema::Reading>(&read);
  if (!reading) return std::fputs("the schema cannot be read\n", stderr), 1;
  const auto& schema = reading->schema;
  auto storage = client::open_sqlite_storage(schema, {.path = path});
  if (!storage) return std::fprintf(stderr, "%s\n", storage.error().message.c_str()), 1;
  const auto written = (*storage)->write([&](client::Transaction& to) -> Result<void> {
    HOLDFAST_TRY(synced, write_synced(to, *schema.model("Post"), *schema.model("Stock")));
    HOLDFAST_TRY(unsent, write_unsent(to, *schema.model("Post"), *schema.model("Comment")));
    return write_refused(to, *schema.model("Post"));
  });
  return written ? 0 : (std::fprintf(stderr, "%s\n", written.error().message.c_str()), 1);
}

}  // namespace
}  // namespace holdfast

int main(int count, char** arguments) {
  if (count != 3) return std::fputs("usage: write_device_file SCHEMA DATABASE\n", stderr), 2;
  return holdfast::write_file(arguments[1], arguments[2]);
}
