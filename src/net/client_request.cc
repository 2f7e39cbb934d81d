#include "net/client_request.h"

#include "net/fields.h"

namespace holdfast::net {

Result<Url> http_url(const HttpRequest& request) {
  HOLDFAST_TRY(url, parse_url(request.target));
  if (url.scheme != "http" && url.scheme != "https") {
    return Error{Code::invalid_argument, "A request needs an http:// or https:// address."};
  }
  for (const auto& [name, value] : request.headers) {
    if (!is_clean_header(name, value)) {
      return Error{Code::invalid_argument, "The header \"" + name + "\" has bytes that a header cannot carry."};
    }
  }
  if (!is_clean_header(request.method, "")) return Error{Code::invalid_argument, "The request's method is not a word."};
  return std::move(url);
}

std::string request_text(const HttpRequest& request, const Url& url) {
  std::string text = request.method + " " + url.target + " HTTP/1.1\r\n";
  bool has_host = false;
  for (const auto& [name, value] : request.headers) {
    if (is_framing(name)) continue;
    text += name + ": " + value + "\r\n";
    has_host = has_host || equal_ignoring_case(name, "Host");
  }
  if (!has_host) text += "Host: " + url.authority + "\r\n";
  const bool announces_body = request.method == "POST" || request.method == "PUT" || request.method == "OPTIONS";
  if (announces_body || !request.body.empty()) {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return text + "\r\n" + request.body;
}

}  // namespace holdfast::net
