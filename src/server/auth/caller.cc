#include "server/auth/caller.h"

#include "base/json.h"

namespace holdfast::server {

std::string_view name(AuthMode mode) noexcept { return mode == AuthMode::open ? "open" : "apiKey"; }

std::string Caller::identity() const {
  std::string text(name(mode));
  if (!subject.empty()) text += '\n' + subject;
  return text;
}

std::string Caller::fingerprint() const {
  return json::write(Value(List{static_cast<std::int64_t>(mode), key_name, subject, claims}));
}

Value Caller::described() const {
  if (subject.empty() && claims.empty()) return {};
  Value username = subject;
  for (const char* name : {"username", "cognito:username"}) {
    if (claims.at(name).as_string() != nullptr) username = claims.at(name);
  }
  return Object{{"claims", claims},
                {"defaultAuthStrategy", "ALLOW"},
                {"groups", claims.at("cognito:groups")},
                {"issuer", claims.at("iss")},
                {"sourceIp", nullptr},
                {"sub", subject},
                {"username", std::move(username)}};
}

}  // namespace holdfast::server
