// Whose data a device holds.
#pragma once

#include <string>

#include "client/storage/storage.h"

namespace holdfast::auth {

/// Notes that `user` syncs from now on; an empty word changes nothing. What another user left is kept: the rows, which are
/// all fetched again, since others may be seen, or other fields of them. Code: invalid_argument, when there are changes of
/// another user that the service has not taken: they must not be sent in somebody else's name.
Result<void> begin_as(client::Storage& storage, const Schema& schema, const std::string& user);

}  // namespace holdfast::auth
