#include "tests/simulation/kept.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <utility>

namespace holdfast::simulation {
namespace {

template <class Number>
bool reads(const std::string& word, Number& number) {
  const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
  return read.ec == std::errc() && read.ptr == word.data() + word.size();
}

bool is_reduction(const std::string& name) {
  return std::any_of(reductions().begin(), reductions().end(), [&](const Reduction& one) { return one.name == name; });
}

/// What is wrong with the line; empty when it has been read.
std::string read_line(std::istringstream words, KeptWorld& world) {
  std::string word;
  words >> word;
  if (!reads(word, world.seed)) return "must begin with a seed, not with \"" + word + "\"";
  while (words >> word) {
    std::string value;
    words >> value;
    if (word == "--without" && is_reduction(value)) {
      world.smaller.without.push_back(std::move(value));
    } else if (word != "--operations" || !reads(value, world.smaller.operations)) {
      return "has \"" + word + " " + value + "\"; after the seed, only --without REDUCTION (of shrink.cc) and " +
             "--operations N may follow";
    }
  }
  return {};
}

}  // namespace

Result<std::vector<KeptWorld>> read_kept(std::string_view text, const std::string& path) {
  std::vector<KeptWorld> worlds;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    line = line.substr(0, line.find('#'));
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    auto wrong = read_line(std::istringstream(line), worlds.emplace_back());
    if (!wrong.empty()) return Error{Code::malformed, path + ": line " + std::to_string(number) + " " + wrong};
  }
  return worlds;
}

Result<std::vector<KeptWorld>> kept_in(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Error{Code::not_found, path + ": cannot be read; name a file of kept worlds"};
  return read_kept(std::string(std::istreambuf_iterator<char>(file), {}), path);
}

Result<void> keep_in(const std::string& path, const KeptWorld& world, const std::string& failure) {
  std::ofstream file(path, std::ios::app);
  const auto why = failure.substr(0, failure.find('\n')).substr(0, 120);
  file << world.seed << world.smaller.arguments() << "  # " << why << std::endl;
  if (!file) return Error{Code::storage_failed, path + ": the failing world could not be added to it"};
  return {};
}

}  // namespace holdfast::simulation
