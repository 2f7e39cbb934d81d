#include "apps/cli/inherited_socket.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace holdfast::cli {

Result<int> inherited_socket() {
  constexpr int first_descriptor = 3;  // sd_listen_fds(3)
  const char* process = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  if (process == nullptr || count == nullptr) return -1;
  if (process != std::to_string(::getpid()) || count == std::string("0")) return -1;
  if (count == std::string("1")) return first_descriptor;
  return Error{Code::invalid_argument, std::string("The supervisor hands over LISTEN_FDS=") + count +
                                           " sockets, but one is served: leave one ListenStream= in the socket unit. "
                                           "The admin listener opens its own (admin.port)."};
}

}  // namespace holdfast::cli
