#include "client/auth/signed_engine.h"

#include <utility>
#include <variant>

#include "client/auth/signer.h"

namespace holdfast::auth {
namespace {

namespace effect = sync::effect;

/// Null: the credentials of `auth` never change.
AuthorizerMaker maker_of(const Auth& auth) {
  if (const auto* token = std::get_if<TokenAuth>(&auth)) return token->authorizer;
  const auto* keys = std::get_if<IamAuth>(&auth);
  return keys ? keys->authorizer : nullptr;
}

/// One key, or none, on everything.
class KeyedEngine final : public SignedEngine {
 public:
  KeyedEngine(std::unique_ptr<sync::Engine> engine, const Schema& schema, const SyncOptions& options)
      : engine_(std::move(engine)), signer_(schema, options.endpoint) {
    if (const auto* key = std::get_if<ApiKey>(&options.auth)) credentials_ = *key;
  }

  sync::Effects step(sync::Time now, sync::Event event) override {
    auto effects = engine_->step(now, std::move(event));
    for (auto& one : effects) {
      if (auto* exchange = std::get_if<effect::Exchange>(&one)) {
        *exchange = signer_.sign(std::move(*exchange), credentials_, now.wall);
      } else if (auto* open = std::get_if<effect::OpenSocket>(&one)) {
        *open = signer_.sign(std::move(*open), credentials_, now.wall);
      } else if (const auto* subscribe = std::get_if<effect::Subscribe>(&one)) {
        one = signer_.sign(*subscribe, credentials_, now.wall);
      }
    }
    return effects;
  }
  [[nodiscard]] bool has_under_way(const ModelSchema& model, const Key& key) const override {
    return engine_->has_under_way(model, key);
  }

 private:
  const std::unique_ptr<sync::Engine> engine_;
  const Signer signer_;
  protocol::Credentials credentials_;
};

}  // namespace

std::unique_ptr<SignedEngine> with_credentials(std::unique_ptr<sync::Engine> engine, const Schema& schema,
                                               const SyncOptions& options) {
  const auto make = options.auth_strategy ? options.auth_strategy.authorizer() : maker_of(options.auth);
  if (make) return make(std::move(engine), schema, options);
  return std::make_unique<KeyedEngine>(std::move(engine), schema, options);
}

}  // namespace holdfast::auth
