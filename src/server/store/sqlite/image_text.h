// A record as the text of an `image` column.
#pragma once

#include <string>
#include <string_view>

#include "holdfast/record.h"

namespace holdfast::server {

/// A JSON object with a member for every field that is not null.
std::string image_text(const Record& record);

/// Reads the fields that `model` has; other members are left aside and absent ones are null, so that a schema may
/// gain and lose fields while the rows stay as they were written. Code: corrupt.
Result<Record> record_of(const ModelSchema& model, std::string_view text);

Error corrupt_image(const ModelSchema& model);

}  // namespace holdfast::server
