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
  // Tokens bring their own members here; neither keys nor open access have any.
  return subject.empty() ? Value() : Value(claims);
}

}  // namespace holdfast::server
