// The blog schema of the recorded documents, for tests.
#pragma once

#include "holdfast/schema.h"

namespace holdfast::protocol {

/// As written in the recording's schema file, with everything that the transformer implies.
const Schema& blog_schema();

}  // namespace holdfast::protocol
