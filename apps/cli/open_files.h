// How many files, and so sockets, the process may have open.
#pragma once

namespace holdfast::cli {

/// As many as the system lets it: the usual 1,024 are for programs that use select().
void raise_open_files();

}  // namespace holdfast::cli
