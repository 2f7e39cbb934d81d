// A listening socket that a supervisor opened for us, as systemd's socket activation hands it over.
#pragma once

namespace holdfast::cli {

/// Its descriptor, or -1 when there is none. While the supervisor holds it, connections wait in its queue through a
/// restart, and no client notices one.
int inherited_socket();

}  // namespace holdfast::cli
