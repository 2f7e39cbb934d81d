#include "apps/cli/serve_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "apps/cli/told_clients.h"
#include "base/json.h"

namespace holdfast::cli {
namespace {

constexpr int open_to_owner = 0600;
constexpr const char* served_name = "served.json";

Error failed(const std::string& what, int reason) {
  return Error{Code::storage_failed, what + ": " + std::strerror(reason) + "."};
}

Result<void> write_private(const std::string& path, const std::string& text) {
  // Written aside and renamed: a crash leaves a whole key or none.
  const auto fresh = path + ".new";
  const int file = ::open(fresh.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, open_to_owner);
  if (file < 0) return failed("Cannot write " + fresh, errno);
  const bool is_written = ::fchmod(file, open_to_owner) == 0 &&
                          ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                          ::fsync(file) == 0;
  const int reason = errno;
  ::close(file);
  if (!is_written) return failed("Cannot write " + fresh, reason);
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return failed("Cannot write " + path, errno);
  return {};
}

}  // namespace

Result<ServeFolder> ServeFolder::open(const std::string& path) {
  std::error_code refused;
  const bool is_new = std::filesystem::create_directories(path, refused);
  // The records in it are nobody else's either. A folder that was there is as its owner wants it.
  if (is_new) std::filesystem::permissions(path, std::filesystem::perms::owner_all, refused);
  if (refused) return Error{Code::storage_failed, "Cannot create the folder " + path + ": " + refused.message() + "."};
  const auto lock_path = path + "/lock";
  const int file = ::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, open_to_owner);
  if (file < 0) return failed("Cannot write in the folder " + path, errno);
  ServeFolder folder(path, file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failed("Cannot lock " + lock_path, errno);
    return Error{Code::unavailable, "The folder " + path +
                                        " is in use: another holdfast serves from it. Stop that one, "
                                        "or give another folder with --data."};
  }
  return folder;
}

ServeFolder::~ServeFolder() {
  if (lock_ >= 0) ::close(lock_);
}

Result<std::string> ServeFolder::api_key(Random& random) const {
  if (auto kept = kept_api_key(path_)) return *std::move(kept);
  const auto path = file("api-key");
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown)) {
    return Error{Code::storage_failed, "The file " + path + " holds no key or cannot be read. Remove it to have a new "
                                       "key made, or give one with --api-key."};
  }
  auto key = new_api_key(random);
  if (auto written = write_private(path, key + "\n"); !written) return std::move(written).error();
  return key;
}

Result<void> ServeFolder::note_served(const Served& served) const {
  const Object note{{"endpoint", served.endpoint}, {"isKeyKept", served.is_key_kept}};
  return write_private(file(served_name), json::write(Value(note)) + "\n");
}

Result<Served> read_served(const std::string& folder) {
  const auto path = folder + "/" + served_name;
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) {
    return Error{Code::not_found, "Nothing has been served from " + folder + " yet: there is no " + path + "."};
  }
  const auto note = json::parse(line);
  const auto* endpoint = note ? (*note)["endpoint"].as_string() : nullptr;
  if (endpoint == nullptr) return Error{Code::malformed, "The file " + path + " cannot be understood."};
  const auto* is_kept = (*note)["isKeyKept"].as_boolean();
  return Served{*endpoint, is_kept != nullptr && *is_kept};
}

std::optional<std::string> kept_api_key(const std::string& folder) {
  std::ifstream file(folder + "/api-key");
  std::string key;
  if (file >> key && wrong_with_key(key).empty()) return key;
  return std::nullopt;
}

std::string new_api_key(Random& random) {
  static constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string key = "da2-";
  for (int at = 0; at < 26; ++at) key += alphabet[static_cast<std::size_t>(below(random, alphabet.size()))];
  return key;
}

}  // namespace holdfast::cli
