// Credentials of the C interface: the program's callback as the sources of holdfast/auth.h.
#pragma once

#include <string>
#include <vector>

#include "holdfast/c/holdfast.h"
#include "holdfast/sync.h"

namespace holdfast::capi {

/// What hf_start()'s options say of authorization.
struct AuthForm {
  std::vector<std::string> modes = {};  ///< By name, the API's default first.
  std::string api_key = {};
  std::string region = {};
};

/// Code: invalid_argument, for a mode that is unknown or lacks what it needs. `callbacks` may be null.
Result<void> set_auth(const AuthForm& form, const hf_sync_callbacks* callbacks, SyncOptions& options);

}  // namespace holdfast::capi
