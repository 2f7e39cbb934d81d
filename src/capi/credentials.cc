#include "capi/credentials.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "capi/answer.h"
#include "capi/store.h"

/// A question to the program, until it is answered.
struct hf_credentials_request {
  std::variant<holdfast::CredentialsAnswer<holdfast::AuthToken>, holdfast::CredentialsAnswer<holdfast::IamCredentials>>
      answer;
};

namespace holdfast::capi {
namespace {

Error unfit(std::string message) { return {Code::invalid_argument, std::move(message)}; }

/// The program's callback; the request is its own from then on.
template <class Credentials>
std::function<void(CredentialsAnswer<Credentials>)> source_of(const hf_sync_callbacks& callbacks, AuthMode mode) {
  return [call = callbacks.on_credentials, context = callbacks.context, mode](CredentialsAnswer<Credentials> answer) {
    call(context, name(mode).data(), new hf_credentials_request{std::move(answer)});  // Names are literals.
  };
}

Result<Auth> auth_of(const std::string& word, const AuthForm& form, const hf_sync_callbacks* callbacks) {
  if (word == "none") return Auth(Anonymous{});
  if (word == "apiKey") {
    if (form.api_key.empty()) return unfit("options.auth has apiKey, which needs options.apiKey");
    return api_key(form.api_key);
  }
  if (!callbacks || !callbacks->on_credentials) {
    return unfit("options.auth has " + word.substr(0, 40) + ", which needs on_credentials of the callbacks");
  }
  for (const auto mode : {AuthMode::user_pool, AuthMode::oidc, AuthMode::lambda}) {
    if (word == name(mode)) return Auth(TokenAuth{mode, source_of<AuthToken>(*callbacks, mode)});
  }
  if (word != "iam") return unfit("options.auth has a mode that is none of none, apiKey, userPool, oidc, iam, lambda");
  if (form.region.empty()) return unfit("options.auth has iam, which needs options.region");
  return iam(form.region, source_of<IamCredentials>(*callbacks, AuthMode::iam));
}

Instant instant_of(std::int64_t epoch_ms) { return from_epoch_ms(epoch_ms); }
std::string text_or_empty(const char* text) { return text ? text : ""; }

/// Answers and frees the request; nothing happens to one that was made for other credentials.
template <class Credentials>
Result<void> give(hf_credentials_request* request, Result<Credentials> given) {
  HOLDFAST_TRY(present, need(request, "request"));
  const auto* answer = std::get_if<CredentialsAnswer<Credentials>>(&request->answer);
  if (!answer) {
    return unfit("the request is for other credentials: iam takes hf_give_keys(), the others hf_give_token()");
  }
  const std::unique_ptr<hf_credentials_request> owned(request);
  (*answer)(std::move(given));
  return {};
}

}  // namespace

Result<void> set_auth(const AuthForm& form, const hf_sync_callbacks* callbacks, SyncOptions& options) {
  auto modes = form.modes;
  if (modes.empty() && !form.api_key.empty()) modes.emplace_back("apiKey");
  for (std::size_t at = 0; at < modes.size(); ++at) {
    HOLDFAST_TRY(auth, auth_of(modes[at], form, callbacks));
    if (at == 0)
      options.auth = std::move(auth);
    else
      options.more_auth.push_back(std::move(auth));
  }
  return {};
}

}  // namespace holdfast::capi

using namespace holdfast;
using namespace holdfast::capi;

int32_t hf_give_token(hf_credentials_request* request, const char* token, const char* id_token, int64_t expires_at,
                      hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(present, need(token, "token"));
    AuthToken given{.text = token, .expires_at = std::nullopt, .id_token = text_or_empty(id_token)};
    if (expires_at != 0) given.expires_at = instant_of(expires_at);
    return give<AuthToken>(request, std::move(given));
  });
}

int32_t hf_give_keys(hf_credentials_request* request, const char* access_key_id, const char* secret_access_key,
                     const char* session_token, int64_t expires_at, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(named, need(access_key_id, "access_key_id"));
    HOLDFAST_TRY(present, need(secret_access_key, "secret_access_key"));
    IamCredentials given{.access_key_id = access_key_id,
                         .secret_access_key = secret_access_key,
                         .session_token = text_or_empty(session_token),
                         .expires_at = std::nullopt};
    if (expires_at != 0) given.expires_at = instant_of(expires_at);
    return give<IamCredentials>(request, std::move(given));
  });
}

int32_t hf_give_none(hf_credentials_request* request, int32_t is_signed_out, const char* message, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(present, need(request, "request"));
    const Error none{is_signed_out != 0 ? Code::unauthorized : Code::unavailable, text_or_empty(message)};
    const bool is_for_keys = std::holds_alternative<CredentialsAnswer<IamCredentials>>(request->answer);
    return is_for_keys ? give<IamCredentials>(request, none) : give<AuthToken>(request, none);
  });
}

int32_t hf_sign_out(hf_store* store, int32_t clears, hf_error* error) {
  return answer(error, [&]() -> Result<void> {
    HOLDFAST_TRY(data, idle_store(store));
    return data->sign_out(clears != 0 ? SignOut::clears : SignOut::keeps);
  });
}
