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

namespace holdfast::cli {
namespace {

constexpr int open_to_owner = 0600;

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
  std::filesystem::create_directories(path, refused);
  if (refused) return Error{Code::storage_failed, "Cannot create the folder " + path + ": " + refused.message() + "."};
  const auto lock_path = path + "/lock";
  const int file = ::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, open_to_owner);
  if (file < 0) return failed("Cannot write in the folder " + path, errno);
  ServeFolder folder(path, file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failed("Cannot lock " + lock_path, errno);
    return Error{Code::unavailable, "The folder " + path + " is in use: another holdfast serves from it. Stop that one, "
                                    "or give another folder with --data."};
  }
  return folder;
}

ServeFolder::~ServeFolder() {
  if (lock_ >= 0) ::close(lock_);
}

Result<std::string> ServeFolder::api_key(Random& random) const {
  const auto path = file("api-key");
  std::ifstream kept(path);
  std::string key;
  if (kept >> key) return key;
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown)) {
    return Error{Code::storage_failed, "The file " + path + " holds no key or cannot be read. Remove it to have a new "
                                       "key made, or give one with --api-key."};
  }
  key = new_api_key(random);
  if (auto written = write_private(path, key + "\n"); !written) return std::move(written).error();
  return key;
}

std::string new_api_key(Random& random) {
  static constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string key = "da2-";
  for (int at = 0; at < 26; ++at) key += alphabet[static_cast<std::size_t>(below(random, alphabet.size()))];
  return key;
}

}  // namespace holdfast::cli
