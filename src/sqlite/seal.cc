#include "sqlite/seal.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <system_error>

#include "base/fnv.h"

namespace holdfast::sqlite {
namespace {

constexpr std::string_view mark = "holdfast-seal-1:";  // And the checksum in hexadecimal digits.
constexpr std::size_t digits = 16;
constexpr std::uint64_t seal_bytes = mark.size() + digits;
// Pages are multiples of it, so a file's size tells whether it has a seal.
constexpr std::uint64_t page_bytes_min = 512;
constexpr std::size_t read_bytes = 256U << 10U;

Error failed(const std::string& path, const std::string& reason) {
  return Error{Code::storage_failed, path + ": " + reason + "; see that the disk works, then try again"};
}

Error damaged(const std::string& path) {
  return Error{Code::corrupt, path + " is damaged: it is not what was written as the backup. Take another one."};
}

/// The size of the open file; it stands at the beginning then.
std::uint64_t size_of(std::ifstream& file) {
  const auto size = static_cast<std::uint64_t>(file.seekg(0, std::ios::end).tellg());
  file.seekg(0);
  return size;
}

/// Of the next `bytes` of the file, the mark after them, and the digits as they belong there.
Result<std::string> seal_of(std::ifstream& file, std::uint64_t bytes, const std::string& path) {
  Fnv1a hash;
  std::string read(read_bytes, '\0');
  for (auto left = bytes; left > 0;) {
    const auto count = left < read_bytes ? static_cast<std::size_t>(left) : read_bytes;
    if (!file.read(read.data(), static_cast<std::streamsize>(count))) return failed(path, "it cannot be read");
    hash.bytes(std::string_view(read).substr(0, count));
    left -= count;
  }
  std::array<char, digits> text{};
  const auto [end, ignored] = std::to_chars(text.data(), text.data() + digits, hash.value(), 16);
  const auto written = static_cast<std::size_t>(end - text.data());
  return std::string(mark) + std::string(digits - written, '0') + std::string(text.data(), written);
}

Result<void> append(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0) return failed(path, std::generic_category().message(errno));
  const bool is_written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const int reason = errno;
  ::close(file);
  if (is_written) return {};
  return failed(path, std::generic_category().message(reason));
}

}  // namespace

Result<void> seal(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return failed(path, "it cannot be read");
  HOLDFAST_TRY(text, seal_of(file, size_of(file), path));
  return append(path, text);
}

Result<bool> check_seal(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return failed(path, "it cannot be read");
  const auto size = size_of(file);
  if (size % page_bytes_min == 0) return false;
  if (size % page_bytes_min != seal_bytes) return damaged(path);
  HOLDFAST_TRY(expected, seal_of(file, size - seal_bytes, path));
  std::string found(seal_bytes, '\0');
  if (!file.read(found.data(), static_cast<std::streamsize>(seal_bytes)) || found != expected) return damaged(path);
  return true;
}

}  // namespace holdfast::sqlite
