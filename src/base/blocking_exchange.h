// For plain blocking functions: an exchange whose answer is waited for.
#pragma once

#include "base/transport.h"

namespace holdfast {

/// Sends the request and blocks until it is answered, or a little longer than `timeout`. Not to be called on the
/// transport's own thread, which would wait for itself. Codes: those of Transport::exchange.
Result<HttpResponse> exchange_and_wait(Transport& transport, HttpRequest request, Milliseconds timeout);

}  // namespace holdfast
