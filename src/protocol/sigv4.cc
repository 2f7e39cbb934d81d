#include "protocol/sigv4.h"

#include <algorithm>

#include "base/bytes.h"
#include "protocol/amz_date.h"

namespace holdfast::protocol {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view service = "appsync";
constexpr std::string_view last_part = "aws4_request";
constexpr std::size_t day_length = 8;  // "20261121"

bool is_space(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

/// Without spaces at the ends, and one where there are several.
std::string squeezed(std::string_view value) {
  std::string text;
  for (const char letter : value) {
    if (!is_space(letter)) {
      text += letter;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

/// Every byte but those that need no escape, and slashes, as `%XX`: of a path that is in an URL, for the second time.
std::string escaped(std::string_view path) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const char letter : path) {
    if (plain.find(letter) != std::string_view::npos) {
      text += letter;
    } else {
      const auto byte = static_cast<unsigned char>(letter);
      text += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return text.empty() ? "/" : text;
}

std::string names_of(const Headers& sorted) {
  std::string names;
  for (const auto& [name, value] : sorted) names += (names.empty() ? "" : ";") + name;
  return names;
}

std::string digest_of_request(const SignedParts& request, const Headers& sorted) {
  std::string canonical = std::string(request.method) + '\n' + escaped(request.path) + "\n\n";
  for (const auto& [name, value] : sorted) canonical += name + ':' + squeezed(value) + '\n';
  canonical += '\n' + names_of(sorted) + '\n' + hex(sha256(request.body));
  return hex(sha256(canonical));
}

}  // namespace

Headers sigv4(const SignedParts& request, std::string_view region, const IamCredentials& credentials) {
  const auto date = amz_date(request.now);
  Headers added{{"x-amz-date", date}};
  if (!credentials.session_token.empty()) added.emplace_back("x-amz-security-token", credentials.session_token);
  Headers sorted = request.headers;
  sorted.emplace_back("host", request.host);
  sorted.insert(sorted.end(), added.begin(), added.end());
  std::sort(sorted.begin(), sorted.end());

  const auto day = date.substr(0, day_length);
  const auto scope = day + '/' + std::string(region) + '/' + std::string(service) + '/' + std::string(last_part);
  const auto text = std::string(algorithm) + '\n' + date + '\n' + scope + '\n' + digest_of_request(request, sorted);
  auto key = hmac_sha256("AWS4" + credentials.secret_access_key, day);
  for (const auto part : {region, service, last_part}) key = hmac_sha256(key, part);
  added.emplace_back("authorization", std::string(algorithm) + " Credential=" + credentials.access_key_id + '/' +
                                          scope + ", SignedHeaders=" + names_of(sorted) +
                                          ", Signature=" + hex(hmac_sha256(key, text)));
  return added;
}

}  // namespace holdfast::protocol
