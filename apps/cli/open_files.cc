#include "apps/cli/open_files.h"

#include <sys/resource.h>

namespace holdfast::cli {

void raise_open_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);  // Without it there are fewer sockets; accepting says so then.
}

}  // namespace holdfast::cli
