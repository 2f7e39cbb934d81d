// The settings of a storage that belong to one model: who upgrades a database must know all of them.
#pragma once

#include <string>
#include <string_view>

#include "holdfast/record.h"

namespace holdfast::client {

/// How far the model is synced: JSON, written and read by the hydrator.
inline std::string sync_state_name(std::string_view model) { return "sync:" + std::string(model); }
/// Its value when the rows lack what the service could tell of them although they have its versions.
inline constexpr std::string_view incomplete_sync_state = R"({"isIncomplete":true})";

/// Before the text of a key: the image of a record with unsent changes.
inline std::string image_prefix(std::string_view model) { return "image:" + std::string(model) + ":"; }

}  // namespace holdfast::client
