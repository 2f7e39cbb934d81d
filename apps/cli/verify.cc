// `holdfast verify`: whether a device's database holds what a backend holds. Reads a copy, changes neither.
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <string>
#include <utility>

#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"
#include "client/storage/setting_names.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "client/sync/engine.h"
#include "client/sync/progress.h"
#include "client/sync/sync_order.h"
#include "client/sync/verifier.h"
#include "net/loop.h"
#include "protocol/signers.h"
#include "sqlite/backup.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

/// Removed with what is in it.
class ScratchFolder {
 public:
  static Result<ScratchFolder> make() {
    auto pattern = (fs::temp_directory_path() / "holdfast-verify-XXXXXX").string();
    if (!mkdtemp(pattern.data())) {
      return Error{Code::storage_failed, "Cannot make a folder for a copy of the database."};
    }
    return ScratchFolder(std::move(pattern));
  }
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string file(const char* name) const { return path_ + "/" + name; }

 private:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// The copy may be brought to the schema; the database itself is another program's.
Result<std::unique_ptr<client::Storage>> open_copy(const Schema& schema, const std::string& database,
                                                   const ScratchFolder& scratch) {
  if (!fs::is_regular_file(database)) return Error{Code::not_found, database + " is no file."};
  HOLDFAST_TRY(original, sqlite::Connection::open({.path = database, .access = sqlite::Access::read_only}));
  const auto copy = scratch.file("copy.db");
  HOLDFAST_TRY(copied, sqlite::copy_to_file(original, copy));
  return client::open_sqlite_storage(schema, {.path = copy, .syncs_every_commit = false});
}

Result<HttpResponse> exchange(net::Loop& loop, HttpRequest request, Milliseconds timeout) {
  std::promise<Result<HttpResponse>> promise;
  auto answer = promise.get_future();
  loop.exchange(std::move(request), timeout,
                [&promise](Result<HttpResponse> reply) { promise.set_value(std::move(reply)); });
  return answer.get();
}

struct Sides {
  protocol::Checksum local = {};
  protocol::Checksum remote = {};
  std::size_t unsent = 0;
};

/// The expression that the device was last synced with.
Result<Predicate> kept_of(client::Storage& storage, const ModelSchema& model) {
  std::optional<std::string> text;
  HOLDFAST_TRY(read, storage.write([&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(setting, transaction.setting(client::sync_state_name(model.name)));
    text = std::move(setting);
    return {};
  }));
  return sync::read_progress(text).where;
}

Result<protocol::ChecksumPart> ask(net::Loop& loop, const SyncOptions& options,
                                   const protocol::ChecksumQuestion& question) {
  auto request = sync::checksum_request(options, question);
  if (const auto* key = std::get_if<ApiKey>(&options.auth)) protocol::sign(*key, request, {});
  auto read = protocol::read_checksum(exchange(loop, std::move(request), options.request_timeout));
  if (auto* none = std::get_if<protocol::NoChecksum>(&read)) return std::move(none->error);
  return std::get<protocol::ChecksumPart>(std::move(read));
}

Result<Sides> compare(net::Loop& loop, client::Storage& storage, const ModelSchema& model, const SyncOptions& options) {
  HOLDFAST_TRY(where, kept_of(storage, model));
  HOLDFAST_TRY(unsent, sync::unsent_keys(storage, model));
  HOLDFAST_TRY(slices, sync::checksum_slices(model, where, unsent));
  Sides sides{.unsent = unsent.size()};
  std::vector<std::string> fields;
  for (auto& slice : slices) {
    protocol::ChecksumQuestion question{.model = model.name, .where = std::move(slice.where),
                                        .fields = protocol::summed_fields(model), .except = std::move(slice.except)};
    do {
      HOLDFAST_TRY(part, ask(loop, options, question));
      sides.remote.add(part.checksum);
      question.next_token = part.next_token;
      fields = std::move(part.fields);
    } while (question.next_token);
  }
  HOLDFAST_TRY(local, sync::local_checksum(storage, {model, where}, fields, unsent));
  sides.local = local;
  return sides;
}

/// A line a model. Returns whether the sides are the same.
bool show(const ModelSchema& model, const Result<Sides>& sides) {
  std::cout << model.name << ": ";
  if (!sides) {
    std::cout << "not compared: " << sides.error().message << "\n";
    return false;
  }
  const bool is_same = sides->local == sides->remote;
  std::cout << (is_same ? "same" : "DIFFERS") << ", " << sides->local.count << " rows here, " << sides->remote.count
            << " there";
  if (sides->unsent > 0) std::cout << ", and " << sides->unsent << " with unsent changes, not compared";
  std::cout << "\n";
  return is_same;
}

Result<bool> compare_all(const Schema& schema, const VerifyOptions& options) {
  SyncOptions sync_options;
  sync_options.endpoint = options.endpoint;
  if (!options.api_key.empty()) sync_options.auth = holdfast::api_key(options.api_key);
  HOLDFAST_TRY(checked, sync::check(sync_options));
  net::Loop loop;
  HOLDFAST_TRY(trusted, loop.trust(options.ca_file));
  HOLDFAST_TRY(scratch, ScratchFolder::make());
  HOLDFAST_TRY(storage, open_copy(schema, options.database, scratch));
  bool is_same = true;
  for (const auto* model : sync::sync_order(schema)) {
    is_same = show(*model, compare(loop, *storage, *model, sync_options)) && is_same;
  }
  return is_same;
}

}  // namespace

int verify(const VerifyOptions& options) {
  const auto files = read_schema_files(options.schema_paths, {}, Notices::left_out);
  if (!files) return 1;
  const auto is_same = compare_all(files->reading.schema, options);
  if (!is_same) return complain(is_same.error().message);
  return *is_same ? 0 : complain("the device does not hold what the backend holds; DataStore::verify() repairs it");
}

}  // namespace holdfast::cli
