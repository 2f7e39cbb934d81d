// Authorization: how a device proves to a backend who uses it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "holdfast/result.h"
#include "holdfast/schema.h"
#include "holdfast/time.h"

namespace holdfast {

struct SyncOptions;
namespace sync {
class Engine;
}
namespace auth {
class SignedEngine;
/// Makes what renews credentials and tries several modes. Carried by what needs it, so that only programs that use such a thing
/// carry the code; applications never call it.
using AuthorizerMaker = std::unique_ptr<SignedEngine> (*)(std::unique_ptr<sync::Engine> engine, const Schema& schema,
                                                          const SyncOptions& options);
std::unique_ptr<SignedEngine> make_authorizer(std::unique_ptr<sync::Engine> engine, const Schema& schema,
                                              const SyncOptions& options);
}  // namespace auth

/// AppSync's ways to authorize a request.
enum class AuthMode : std::uint8_t { none, api_key, user_pool, oidc, iam, lambda };
std::string_view name(AuthMode mode) noexcept;  ///< "none", "apiKey", "userPool", "oidc", "iam", "lambda"

/// A token of a user pool, of another OpenID provider, or one that the API's own Lambda function understands.
struct AuthToken {
  std::string text;                          ///< Sent as it is.
  std::optional<Instant> expires_at = {};    ///< Absent: what a JWT says of itself, otherwise when it is refused.
  std::string id_token = {};                 ///< A JWT that names the user and the groups; empty: `text` is one.
};

/// What AWS requests are signed with.
struct IamCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token = {};            ///< Of temporary credentials; empty for lasting ones.
  std::optional<Instant> expires_at = {};    ///< Absent: until they are refused.
};

/// Takes what a source was asked for: once, now or later, on any thread; later calls, and such after stop(), mean nothing.
/// An error of Code::unauthorized says that nobody is signed in: other modes are tried, or it is reported, and the source
/// asked again after SyncOptions::retry_delay_max. Any other code says that it is not known now (no network): no other
/// mode is tried, changes wait, and the source is asked again soon.
template <class Credentials>
using CredentialsAnswer = std::function<void(Result<Credentials>)>;

/// Asked when a request needs credentials and there are none that hold: what it gives is kept until it expires or is
/// refused, a lambda's token for the requests that wait for it. Never asked again before it has answered, or
/// SyncOptions::request_timeout is over, which counts as an error. Called as SyncOptions::on_error is; must not block.
using TokenSource = std::function<void(CredentialsAnswer<AuthToken> answer)>;
using IamSource = std::function<void(CredentialsAnswer<IamCredentials> answer)>;  ///< The same for iam().

/// A request to be signed, and when.
struct SignedParts {
  std::string_view method, host, path, body;
  const std::vector<std::pair<std::string, std::string>>& headers;  ///< Names in lower case.
  Instant now;
};
/// The headers to be added. In an Auth, so that only programs that call iam() carry the code.
using IamSigner = std::vector<std::pair<std::string, std::string>> (*)(const SignedParts& request, std::string_view region,
                                                                      const IamCredentials& credentials);

/// No credentials: for backends that serve everybody.
struct Anonymous {};
/// AppSync's API key mode.
struct ApiKey {
  std::string key;
};
struct TokenAuth {  ///< Made by user_pool(), oidc(), lambda().
  AuthMode mode = AuthMode::user_pool;
  TokenSource source;
  auth::AuthorizerMaker authorizer = &auth::make_authorizer;
};
struct IamAuth {  ///< Made by iam().
  std::string region;
  IamSource source;
  IamSigner signer = nullptr;
  auth::AuthorizerMaker authorizer = &auth::make_authorizer;
};
using Auth = std::variant<Anonymous, ApiKey, TokenAuth, IamAuth>;

AuthMode mode_of(const Auth& auth) noexcept;  ///< Of these credentials.

inline Auth api_key(std::string key) { return ApiKey{std::move(key)}; }  ///< AppSync's API key mode.
inline Auth user_pool(TokenSource source) { return TokenAuth{AuthMode::user_pool, std::move(source)}; }
inline Auth oidc(TokenSource source) { return TokenAuth{AuthMode::oidc, std::move(source)}; }
inline Auth lambda(TokenSource source) { return TokenAuth{AuthMode::lambda, std::move(source)}; }
/// Requests signed with AWS Signature Version 4. `region` is the API's: "eu-central-1". Programs that call this link the CMake
/// target holdfast::iam, too.
Auth iam(std::string region, IamSource source);

// --- several modes -------------------------------------------------------------------------------------------

/// What is to be authorized: `read` stands for queries and subscriptions.
enum class ModelOperation : std::uint8_t { create, read, update, remove };

struct AuthSituation {
  const ModelSchema& model;
  ModelOperation operation = ModelOperation::read;
  bool is_signed_in = true;  ///< No source of a user's token has said that nobody is.
};
/// The modes to try, in order, until the service takes one; none: the mode of SyncOptions::auth. Modes without credentials
/// in the options are passed over. Called under the store's lock: it only computes.
class AuthStrategyFunction {
 public:
  using Choose = std::function<std::vector<AuthMode>(const AuthSituation& situation)>;

  AuthStrategyFunction() = default;
  /// Whatever can be called as Choose.
  template <class Function>
    requires(std::is_constructible_v<Choose, Function> && !std::is_same_v<Function, AuthStrategyFunction>)
  AuthStrategyFunction(Function choose) : choose_(std::move(choose)), authorizer_(&auth::make_authorizer) {}

  explicit operator bool() const noexcept { return static_cast<bool>(choose_); }
  std::vector<AuthMode> operator()(const AuthSituation& situation) const { return choose_(situation); }
  [[nodiscard]] auth::AuthorizerMaker authorizer() const noexcept { return authorizer_; }  ///< Null: none was given.

 private:
  Choose choose_;
  auth::AuthorizerMaker authorizer_ = nullptr;
};

/// The modes of the model's rules that are about the operation, in the published clients' order: custom, owner, groups,
/// private, public; then function, user pools, OIDC, IAM, API key. Without a user only what needs none.
std::vector<AuthMode> multi_auth(const AuthSituation& situation);

/// What sign_out() does with the rows and the unsent changes of the device.
enum class SignOut : std::uint8_t { clears, keeps };

}  // namespace holdfast
