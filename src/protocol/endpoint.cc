#include "protocol/endpoint.h"

#include <algorithm>

#include "base/bytes.h"

namespace holdfast::protocol {
namespace {

constexpr std::size_t api_id_length = 26;
constexpr std::string_view api_label = ".appsync-api.";

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

bool is_word(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
}

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!equal_ignoring_case(text.substr(0, prefix.size()), prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

Error refused(std::string_view url, std::string_view why) {
  return {Code::invalid_argument, "the endpoint '" + std::string(url) + "' " + std::string(why) +
                                      "; give it as http://host:port/graphql or https://host/graphql"};
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view url) {
  Endpoint parts;
  std::string_view rest = url;
  parts.is_secure = drop_prefix(rest, "https://");
  if (!parts.is_secure && !drop_prefix(rest, "http://")) return refused(url, "is not an http or https URL");
  if (rest.find_first_of("?#") != std::string_view::npos) return refused(url, "has a query or fragment");

  const auto slash = std::min(rest.find('/'), rest.size());
  parts.path = rest.substr(slash);
  parts.authority = rest.substr(0, slash);
  if (parts.authority.find('@') != std::string::npos) return refused(url, "has credentials in it");
  std::transform(parts.authority.begin(), parts.authority.end(), parts.authority.begin(), lower);
  const std::string_view default_port = parts.is_secure ? ":443" : ":80";
  if (parts.authority.ends_with(default_port)) {
    parts.authority.resize(parts.authority.size() - default_port.size());
  }
  if (parts.authority.empty() || parts.authority.front() == ':') return refused(url, "has no host");
  return parts;
}

std::optional<std::string> appsync_realtime_host(const Endpoint& endpoint) {
  const std::string_view host = endpoint.authority;
  const bool is_amazon = host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
  const bool is_api = host.size() > api_id_length && host.substr(api_id_length).starts_with(api_label) &&
                      std::all_of(host.begin(), host.begin() + api_id_length, is_word);
  if (!endpoint.is_secure || !is_amazon || !is_api || !equal_ignoring_case(endpoint.path, "/graphql")) {
    return std::nullopt;
  }
  return std::string(host.substr(0, api_id_length)) + ".appsync-realtime-api." +
         std::string(host.substr(api_id_length + api_label.size()));
}

}  // namespace holdfast::protocol
