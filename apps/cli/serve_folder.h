// ServeFolder: the folder in which a backend keeps its database and its key.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/random.h"
#include "holdfast/result.h"

namespace holdfast::cli {

/// Of the records in a folder; beside it stand SQLite's -wal and -shm.
inline constexpr const char* database_name = "backend.db";

/// What the server of a folder served last.
struct Served {
  std::string endpoint = {};  ///< Of GraphQL, as clients reach it.
  bool is_key_kept = false;   ///< Whether its API key is the one in the folder.
};
/// Of a folder that may be served by another process. Codes: not_found, malformed.
Result<Served> read_served(const std::string& folder);
/// The key kept in the folder; nothing when there is none.
std::optional<std::string> kept_api_key(const std::string& folder);

/// Holds the folder's lock while it lives, so that no second process serves from it.
class ServeFolder {
 public:
  /// Creates the folder when it is missing. Codes: unavailable (in use by another process), storage_failed.
  static Result<ServeFolder> open(const std::string& path);
  ServeFolder(ServeFolder&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}
  ServeFolder& operator=(ServeFolder&&) = delete;
  ~ServeFolder();

  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
  /// The key kept in the file `api-key`; made, and readable by the owner only, when there is none.
  /// Code: storage_failed.
  [[nodiscard]] Result<std::string> api_key(Random& random) const;

  /// Notes in the file `served.json`, for `holdfast pull`, what clients are to be told. Code: storage_failed.
  [[nodiscard]] Result<void> note_served(const Served& served) const;

 private:
  ServeFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::string path_;
  int lock_;  ///< An open file.
};

/// "da2-" and 26 lower-case letters and digits, as AppSync's are.
std::string new_api_key(Random& random);

}  // namespace holdfast::cli
