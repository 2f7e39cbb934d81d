#include "apps/cli/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace holdfast::cli {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

void write_process_metrics(server::Exposition& to) {
  std::uint64_t all_pages = 0, resident_pages = 0;
  std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
  const auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  to.family("process_resident_memory_bytes", "gauge", "Memory of the process that is in use.");
  to.sample("", resident_pages * page_bytes);
  to.family("process_virtual_memory_bytes", "gauge", "Address space of the process.");
  to.sample("", all_pages * page_bytes);

  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  to.family("process_cpu_seconds_total", "counter", "Processor time, the system's for the process too.");
  to.sample("", seconds(usage.ru_utime) + seconds(usage.ru_stime));

  std::error_code unknown;
  const std::filesystem::directory_iterator files("/proc/self/fd", unknown);
  to.family("process_open_fds", "gauge", "Open files and sockets.");
  to.sample("", static_cast<std::uint64_t>(std::distance(begin(files), end(files))));
}

}  // namespace holdfast::cli
