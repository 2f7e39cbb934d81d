#include "client/auth/user.h"

#include "client/storage/setting_names.h"

namespace holdfast::auth {
namespace {

constexpr std::string_view user_setting = "device:user";

Error not_theirs() {
  return {Code::invalid_argument,
          "the device holds changes that another user has not sent, or that were refused: start() with "
          "SyncOptions::user as it was and let them be sent, or drop them with sign_out(SignOut::clears)"};
}

}  // namespace

Result<void> begin_as(client::Storage& storage, const Schema& schema, const std::string& user) {
  if (user.empty()) return {};
  HOLDFAST_TRY(refused, storage.dead_letters(0, 1));
  return storage.write([&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(known, transaction.setting(user_setting));
    if (known == user) return {};
    if (known) {
      HOLDFAST_TRY(waiting, transaction.outbox_size());
      if (waiting > 0 || !refused.empty()) return not_theirs();
      for (const auto& model : schema.models) {
        HOLDFAST_TRY(begun,
                     transaction.set_setting(client::sync_state_name(model.name), client::incomplete_sync_state));
      }
    }
    return transaction.set_setting(user_setting, user);
  });
}

}  // namespace holdfast::auth
