// Whether the stored records can be found under the schema that is served.
#pragma once

#include "server/store/store.h"

namespace holdfast::server {

/// A model may gain and lose fields, but records are found by their primary key: under a schema with another one they
/// would be listed and never found. Looks at one record of each model. Codes: schema_error; those of Store.
Result<void> check_stored_keys(const Schema& schema, Store& store);

}  // namespace holdfast::server
