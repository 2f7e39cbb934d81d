#include "net/answer_head.h"

#include <boost/beast/http/status.hpp>
#include <string_view>

#include "net/fields.h"

namespace holdfast::net {
namespace http = boost::beast::http;

namespace {

constexpr std::size_t head_bytes = 512;  // Most are shorter.

int sound_status(int status) noexcept { return status >= 200 && status <= 999 ? status : 500; }

std::string_view reason_of(int status) {
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  return {reason.data(), reason.size()};
}

void put(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool may_have_body(int status) noexcept {
  const auto sound = sound_status(status);
  return sound != 204 && sound != 304;
}

std::string head_of(const HttpResponse& answer, const Asked& asked) {
  const auto status = sound_status(answer.status);
  std::string head;
  head.reserve(head_bytes);
  head.append(asked.version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ").append(std::to_string(status)).append(" ");
  head.append(reason_of(status)).append("\r\n");
  for (const auto& [name, value] : answer.headers) {
    if (!is_framing(name) && is_clean_header(name, value)) put(head, name, value);
  }
  // Each version's default is not said.
  if (asked.version == 10 && asked.keeps_alive) put(head, "Connection", "keep-alive");
  // RFC 9110, section 7.8: whoever names protocols in Upgrade says so there.
  if (asked.version != 10 && !asked.keeps_alive) put(head, "Connection", status == 426 ? "Upgrade, close" : "close");
  // RFC 9110, section 8.6: none with a 204; and a 304's would be that of another answer.
  if (may_have_body(status)) put(head, "Content-Length", std::to_string(answer.body.size()));
  return head.append("\r\n");
}

}  // namespace holdfast::net
