#include "apps/cli/process_limits.h"

#include <sys/resource.h>

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace holdfast::cli {

void raise_open_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);  // Without it there are fewer sockets; accepting says so then.
}

void keep_freed_memory() {
#ifdef __GLIBC__
  // By itself it returns what is free above 128 KiB. A page of 1,000 records takes more, and took it from the system
  // page by page again: 280 page faults, and two fifths of the processor time that it took.
  constexpr int kept_bytes = 16 << 20;
  constexpr int large_bytes = 4 << 20;  // Of these, each is the system's again when it is freed.
  ::mallopt(M_TRIM_THRESHOLD, kept_bytes);
  ::mallopt(M_MMAP_THRESHOLD, large_bytes);
#endif
}

}  // namespace holdfast::cli
