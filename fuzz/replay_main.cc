// Stands in for libFuzzer in ordinary builds: gives each named file, and each file of a named folder, to the target.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

namespace files = std::filesystem;

std::vector<files::path> inputs(int count, char** arguments) {
  std::vector<files::path> out;
  for (int at = 1; at < count; ++at) {
    if (!files::exists(arguments[at])) {
      std::fprintf(stderr, "%s: there is no such file or folder\n", arguments[at]);
      std::exit(1);
    }
    if (!files::is_directory(arguments[at])) {
      out.emplace_back(arguments[at]);
      continue;
    }
    for (const auto& entry : files::directory_iterator(arguments[at])) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

int main(int count, char** arguments) {
  const auto paths = inputs(count, arguments);
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
    std::printf("%s, %zu bytes\n", path.filename().c_str(), input.size());
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  return paths.empty() ? 1 : 0;
}
