#include "net/url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

namespace holdfast::net {
namespace {

Error bad_url(std::string_view text, std::string_view why) {
  return Error{Code::invalid_argument, "The address \"" + std::string(text) + "\" cannot be used: " + std::string(why) +
                                           ". Write it like http://host:port/path."};
}

std::optional<std::uint16_t> port_of(std::string_view scheme) {
  if (scheme == "http" || scheme == "ws") return std::uint16_t{80};
  if (scheme == "https" || scheme == "wss") return std::uint16_t{443};
  return std::nullopt;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& letter : out) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return out;
}

constexpr bool is_printable(char letter) { return letter > ' ' && letter < '\x7f'; }

/// Which letters the name of a header may have.
constexpr std::array<bool, 256> tokens = [] {
  constexpr std::string_view separators = "()<>@,;:\\\"/[]?={}";
  std::array<bool, 256> table{};
  for (std::size_t code = 0; code < table.size(); ++code) {
    const auto letter = static_cast<char>(code);
    table[code] = is_printable(letter) && separators.find(letter) == std::string_view::npos;
  }
  return table;
}();

struct Authority {
  std::string_view host = {};  ///< As written, with brackets.
  std::string_view port = {};  ///< Without the colon; may be empty.
  bool is_valid = false;
};

Authority split(std::string_view text) {
  Authority out;
  auto colon = text.rfind(':');
  if (!text.empty() && text.front() == '[') {
    const auto bracket = text.find(']');
    if (bracket == std::string_view::npos || bracket == 1) return out;
    colon = bracket + 1 < text.size() ? bracket + 1 : std::string_view::npos;
    if (colon != std::string_view::npos && text[colon] != ':') return out;
  }
  out.host = text.substr(0, colon);
  if (colon != std::string_view::npos) out.port = text.substr(colon + 1);
  out.is_valid = !out.host.empty() && (out.host.front() == '[' || out.host.find(':') == std::string_view::npos);
  return out;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_printable)) return bad_url(text, "it has blanks or control characters");
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return bad_url(text, "it has no scheme");
  Url url;
  url.scheme = lower(text.substr(0, colon));
  const auto usual_port = port_of(url.scheme);
  if (!usual_port) return bad_url(text, "its scheme is not http, https, ws or wss");

  auto rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  const auto path = std::min(rest.find('/'), rest.find('?'));
  const auto place = rest.substr(0, path);
  if (place.find('@') != std::string_view::npos) return bad_url(text, "user names are not taken");
  const auto authority = split(place);
  if (!authority.is_valid) return bad_url(text, "it has no proper host");
  url.host = authority.host.front() == '[' ? authority.host.substr(1, authority.host.size() - 2) : authority.host;
  url.port = *usual_port;
  if (!authority.port.empty()) {
    const auto* end = authority.port.data() + authority.port.size();
    const auto [stop, failed] = std::from_chars(authority.port.data(), end, url.port);
    if (failed != std::errc() || stop != end || url.port == 0) return bad_url(text, "its port is not 1 to 65535");
  }
  url.authority = authority.host;
  if (url.port != *usual_port) url.authority += ":" + std::to_string(url.port);
  url.target = path == std::string_view::npos ? "" : rest.substr(path);
  if (url.target.empty() || url.target.front() != '/') url.target.insert(0, 1, '/');
  return url;
}

std::string origin_form(std::string_view target) {
  const auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos) return std::string(target);
  const auto rest = target.substr(std::min(target.find_first_of("/?", scheme + 3), target.size()));
  return (rest.starts_with('/') ? "" : "/") + std::string(rest);
}

bool is_clean_header(std::string_view name, std::string_view value) noexcept {
  const auto is_token = [](char letter) { return tokens[static_cast<unsigned char>(letter)]; };
  const auto is_text = [](char letter) {
    return letter == '\t' || (static_cast<unsigned char>(letter) >= 0x20U && letter != '\x7f');
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_token) &&
         std::all_of(value.begin(), value.end(), is_text);
}

}  // namespace holdfast::net
