// A listening socket that a supervisor opened for us, as systemd's socket activation hands it over.
#pragma once

#include "holdfast/result.h"

namespace holdfast::cli {

/// Its descriptor, or -1 when there is none. Code: invalid_argument, when there are several. While the supervisor holds it, connections wait in its queue through a
/// restart, and no client notices one.
Result<int> inherited_socket();

}  // namespace holdfast::cli
