#include "apps/cli/admin.h"

#include <arpa/inet.h>

#include <filesystem>
#include <utility>

#include "base/bytes.h"
#include "base/json.h"

namespace holdfast::cli {
namespace {

HttpResponse text_answer(int status, std::string text, const char* type = "text/plain; charset=utf-8") {
  HttpResponse response{.status = status, .body = std::move(text)};
  response.headers.emplace_back("content-type", type);
  response.headers.emplace_back("cache-control", "no-store");
  return response;
}

HttpResponse error_answer(int status, const std::string& sentence) {
  return text_answer(status, json::write(Value(Object{{"error", sentence}})) + "\n", "application/json");
}

HttpResponse wrong_method(const char* allowed) {
  auto response = error_answer(405, std::string("This takes ") + allowed + " requests.");
  response.headers.emplace_back("allow", allowed);
  return response;
}

constexpr const char* contents =
    "GET  /livez    the process answers\n"
    "GET  /readyz   records can be written, and it is not stopping\n"
    "GET  /metrics  for Prometheus\n"
    "GET  /config   the settings that hold, without secrets\n"
    "POST /backup   {\"to\": \"/path/of/the/new.db\"}\n";

constexpr const char* metrics_type = "text/plain; version=0.0.4; charset=utf-8";

/// The host of a Host header, without its port.
std::string host_of(const std::string& authority) {
  const auto end = authority.starts_with('[') ? authority.find(']') : authority.find(':');
  return authority.substr(0, authority.starts_with('[') && end != std::string::npos ? end + 1 : end);
}

int status_of(Code code) {
  if (code == Code::invalid_argument) return 400;
  return code == Code::unsupported ? 501 : 500;
}

}  // namespace

HttpResponse AdminService::respond(const HttpRequest& request) {
  if (header(request.headers, "origin") != nullptr) {
    return error_answer(403, "A page in a browser may not use the admin listener.");
  }
  // A page whose name was made to mean this machine sends no Origin with what it reads, but the name.
  const auto* called = header(request.headers, "host");
  if (ports_.key.empty() && called != nullptr && !is_loopback(host_of(*called))) {
    return error_answer(403, "Call the admin listener localhost, or by its address; for other names set admin.key.");
  }
  return route(request.target.substr(0, request.target.find('?')), request);
}

HttpResponse AdminService::route(const std::string& path, const HttpRequest& request) {
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  if (path == "/backup") {
    if (request.method != "POST") return wrong_method("POST");
    return has_key(request) ? back_up(request) : error_answer(401, "Send the key as authorization: Bearer KEY.");
  }
  if (path != "/" && path != "/livez" && path != "/readyz" && path != "/metrics" && path != "/config") {
    return error_answer(404, "There is nothing here; / lists what there is.");
  }
  if (!is_read) return wrong_method("GET");
  if (path == "/") return text_answer(200, contents);
  if (path == "/livez") return text_answer(200, "ok\n");
  if (path == "/metrics") return text_answer(200, ports_.metrics(), metrics_type);
  if (path == "/readyz") {
    const auto ready = ports_.readiness();
    return ready ? text_answer(200, "ok\n") : text_answer(503, "not ready: " + ready.error().message + "\n");
  }
  if (!has_key(request)) return error_answer(401, "Send the key as authorization: Bearer KEY.");
  return text_answer(200, ports_.config() + "\n", "application/json");
}

HttpResponse AdminService::back_up(const HttpRequest& request) {
  const auto body = json::parse(request.body);
  const auto* to = body ? (*body)["to"].as_string() : nullptr;
  if (to == nullptr) return error_answer(400, "Send {\"to\": \"/path/of/the/new.db\"}.");
  if (!std::filesystem::path(*to).is_absolute()) {
    return error_answer(400, "The path in \"to\" must start from the root.");
  }
  const std::unique_lock turn(backup_, std::try_to_lock);
  if (!turn.owns_lock()) return error_answer(409, "Another backup is being written; try again when it is done.");
  const auto written = ports_.backup(*to);
  if (!written) return error_answer(status_of(written.error().code), written.error().message);
  std::error_code unknown;
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(*to, unknown));
  return text_answer(200, json::write(Value(Object{{"to", *to}, {"bytes", unknown ? 0 : bytes}})) + "\n",
                     "application/json");
}

bool AdminService::has_key(const HttpRequest& request) const {
  if (ports_.key.empty()) return true;
  const auto* given = header(request.headers, "authorization");
  constexpr std::string_view scheme = "Bearer ";  // In any case: RFC 9110, section 11.1.
  if (given == nullptr || !equal_ignoring_case(given->substr(0, scheme.size()), scheme)) return false;
  return equal_in_constant_time(std::string_view(*given).substr(scheme.size()), ports_.key);
}

std::variant<AcceptedSocket, HttpResponse> AdminService::accept(const HttpRequest&, std::shared_ptr<SocketPeer>) {
  return error_answer(404, "There is no realtime here.");
}

bool is_loopback(const std::string& host) {
  if (equal_ignoring_case(host, "localhost")) return true;
  in_addr four{};
  if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24U == IN_LOOPBACKNET;
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
  in6_addr six{};
  const auto bare = is_bracketed ? host.substr(1, host.size() - 2) : host;
  return ::inet_pton(AF_INET6, bare.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

}  // namespace holdfast::cli
