// AWS Signature Version 4, as far as AppSync needs it: a POST without a query.
#pragma once

#include "base/transport.h"
#include "holdfast/auth.h"

namespace holdfast::protocol {

/// The headers to be added, in order: `x-amz-date`, `x-amz-security-token` for temporary credentials, `authorization`.
/// Every header of the request is signed, and `host`. An IamSigner.
Headers sigv4(const SignedParts& request, std::string_view region, const IamCredentials& credentials);

}  // namespace holdfast::protocol
