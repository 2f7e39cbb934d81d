// The request and response templates that the published HTTP transformer makes, as functions.
#include <algorithm>
#include <array>
#include <utility>

#include "base/blocking_exchange.h"
#include "base/bytes.h"
#include "base/json.h"
#include "server/resolve/backend.h"
#include "server/resolve/custom.h"
#include "server/resolve/rows.h"
#include "server/resolve/xml.h"

namespace holdfast::server {
namespace {

/// What AppSync's copyHeaders leaves out.
constexpr std::array<std::string_view, 10> restricted_headers = {
    "transfer-encoding", "connection",         "host",                "expect", "keep-alive",
    "upgrade",           "proxy-authenticate", "proxy-authorization", "te",     "content-length"};
/// Of the words of a service that failed.
constexpr std::size_t message_size_max = 10'000;

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "-._~";
  std::string all;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool is_word = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
    if (is_word || plain.find(letter) != std::string_view::npos) all += letter;
    else (all += '%').append({digits[byte >> 4U], digits[byte & 15U]});
  }
  return all;
}

/// A member of the query as text.
std::string text_of(const Value& value) {
  if (const auto* text = value.as_string()) return *text;
  return json::write(value);
}

void put_header(Headers& headers, std::string_view name, std::string value) {
  std::erase_if(headers, [&](const auto& one) { return equal_ignoring_case(one.first, name); });
  headers.emplace_back(name, std::move(value));
}

bool says_xml(const HttpResponse& reply) {
  const auto* type = header(reply.headers, "content-type");
  if (type == nullptr) return false;
  constexpr std::string_view xml = "xml";
  const auto found = std::search(type->begin(), type->end(), xml.begin(), xml.end(), [](char letter, char wanted) {
    return (letter | 0x20) == wanted;  // Either case of a letter.
  });
  return found != type->end();
}

class HttpCall {
 public:
  explicit HttpCall(const CustomAsked& asked)
      : asked_(asked),
        step_(*asked.route.field.http),
        arguments_(asked.backend.custom.arguments(asked.call.field, asked.call.arguments)) {}

  graphql::Outcome run() {
    if (auto wrong = problem()) return std::move(*wrong);
    auto* transport = asked_.backend.http;
    if (transport == nullptr) {
      return refusal("NotServed", asked_.call.parent.name + "." + asked_.call.field.name +
                                      " is not served: this backend calls no services.");
    }
    const auto slot = asked_.backend.http_slots->take();
    if (!slot) return refusal("ServiceUnavailable", "Too many services are being waited for; try again.");
    const auto left = *asked_.budget.until - asked_.backend.clock.ticks();
    auto reply = exchange_and_wait(*transport, request(), std::chrono::ceil<Milliseconds>(left));
    if (reply) return outcome_of(*reply);
    const bool is_late = reply.error().code == Code::timed_out;
    return refusal(is_late ? "ExecutionTimeout" : "ServiceUnavailable", reply.error().message);
  }

 private:
  /// What the arguments lack, or carry that an address cannot.
  [[nodiscard]] std::optional<graphql::FieldError> problem() const {
    const auto& body = arguments_.at("body");
    const auto& query = arguments_.at("query");
    const auto is_missing = [&](const std::string& name) { return body[name].is_null() && query[name].is_null(); };
    if (std::any_of(step_.required.begin(), step_.required.end(), is_missing)) {
      return refusal({},
                     "An argument you marked as Non-Null is not present in the query nor the body of your request.");
    }
    if (const auto* params = arguments_.at("params").as_object()) {
      for (const auto& each : *params) {
        // Encoded or not, these two lead out of the path that the schema says.
        if (each.value != Value(".") && each.value != Value("..")) continue;
        return refusal("BadRequestException", "The parameter " + each.name + " of the address must not be \"" +
                                                  text_of(each.value) + "\".");
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string target() const {
    const auto& params = arguments_.at("params");
    auto url = schema::with_url_parameters(
        step_.url, [&](std::string_view name) { return encoded(text_of(params[name])); });
    if (schema::path_start(url) == url.size()) url += '/';
    if (step_.method == "DELETE") return url;
    char mark = url.find('?') == std::string::npos ? '?' : '&';
    const auto add = [&](const std::string& name, const Value& value) {
      url += std::exchange(mark, '&') + encoded(name) + '=' + encoded(text_of(value));
    };
    if (const auto* query = arguments_.at("query").as_object()) {
      for (const auto& each : *query) {
        if (each.value.is_null()) continue;
        const auto* list = each.value.as_list();
        if (list == nullptr) add(each.name, each.value);
        else for (const auto& item : *list) add(each.name, item);
      }
    }
    return url;
  }

  [[nodiscard]] HttpRequest request() const {
    HttpRequest made{.method = step_.method, .target = target()};
    for (const auto& given : asked_.headers) {
      const bool is_restricted = std::any_of(restricted_headers.begin(), restricted_headers.end(),
                                             [&](auto word) { return equal_ignoring_case(given.first, word); });
      if (!is_restricted) made.headers.push_back(given);
    }
    put_header(made.headers, "accept-encoding", "application/json");
    if (step_.has_body()) put_header(made.headers, "content-type", "application/json");
    for (const auto& [name, value] : step_.headers) put_header(made.headers, name, value);
    if (step_.has_body() && !arguments_.at("body").is_null()) made.body = json::write(arguments_.at("body"));
    return made;
  }

  [[nodiscard]] graphql::Outcome outcome_of(const HttpResponse& reply) const {
    const bool is_good = reply.status == 200 || (reply.status == 201 && step_.has_body());
    if (!is_good) return refusal(std::to_string(reply.status), reply.body.substr(0, message_size_max));
    if (reply.body.empty()) return Value();
    auto parsed = says_xml(reply) ? read_xml(reply.body) : json::parse(reply.body);
    if (parsed) return *std::move(parsed);
    return refusal("MappingTemplate",
                   "What " + step_.url + " answered for " + asked_.call.parent.name + "." + asked_.call.field.name +
                       (says_xml(reply) ? " is not XML: " + parsed.error().message : " is not JSON."));
  }

  const CustomAsked& asked_;
  const schema::HttpStep& step_;
  Object arguments_;
};

}  // namespace

graphql::Outcome call_http(const CustomAsked& asked) { return HttpCall(asked).run(); }

}  // namespace holdfast::server
