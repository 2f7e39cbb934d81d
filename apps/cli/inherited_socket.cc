#include "apps/cli/inherited_socket.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace holdfast::cli {

int inherited_socket() {
  constexpr int first_descriptor = 3;  // sd_listen_fds(3)
  const char* process = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  if (process == nullptr || count == nullptr) return -1;
  return process == std::to_string(::getpid()) && count != std::string("0") ? first_descriptor : -1;
}

}  // namespace holdfast::cli
