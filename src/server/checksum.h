// The question for a checksum: POST path + "/checksum". protocol/checksum.h has its forms.
#pragma once

#include <memory>

#include "base/transport.h"
#include "server/parts.h"

namespace holdfast::server {

/// Rows that one answer may sum; then it names a token to go on with.
inline constexpr std::uint64_t checksum_rows_max = 50'000;

/// Sums what the caller may sync. 401 without credentials, 403 when it may sync nothing of the model; 422 for a
/// question that does not fit the schema, 400 for one that cannot be read.
HttpResponse answer_checksum(const Server::Parts& parts, const HttpRequest& request);

}  // namespace holdfast::server
