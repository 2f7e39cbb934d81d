#include "apps/cli/told_clients.h"

#include <algorithm>

#include "protocol/frames.h"

namespace holdfast::cli {
namespace {

constexpr std::string_view masked = "***";  // As written() of a secret.

}  // namespace

std::string wrong_with_endpoint(std::string_view endpoint) {
  // Published clients put "/realtime" behind whatever they are given.
  if (endpoint.ends_with('/')) return "ends with a slash, which no realtime address has; leave it out";
  const auto realtime = protocol::realtime_url(endpoint);
  return realtime ? "" : realtime.error().message;
}

std::string wrong_with_key(std::string_view key) {
  if (key == masked) return "is what holdfast config show writes in the place of a key; give the key itself";
  const bool is_clean = std::all_of(key.begin(), key.end(), [](char each) { return each > ' ' && each < '\x7f'; });
  // Such as the line break of the file that it came from.
  return is_clean ? "" : "has a blank, a line break or another sign that no header carries; leave it out";
}

}  // namespace holdfast::cli
