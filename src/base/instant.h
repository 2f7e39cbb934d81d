// Instants as text.
#pragma once

#include <string>

#include "holdfast/time.h"

namespace holdfast {

/// "2026-11-21T07:30:00.123Z", as AppSync writes AWSDateTime.
std::string iso8601(Instant at);

}  // namespace holdfast
