// What the process may have, and what it keeps.
#pragma once

namespace holdfast::cli {

/// As many files, and so sockets, as the system lets it: the usual 1,024 are for programs that use select().
void raise_open_files();

/// Memory that a request gives back is kept for the next one, up to 16 MiB for each heap of the C library. With another
/// one than glibc nothing is done.
void keep_freed_memory();

}  // namespace holdfast::cli
