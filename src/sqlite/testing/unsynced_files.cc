#include "sqlite/testing/unsynced_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace holdfast::sqlite::testing {
namespace {

constexpr std::size_t sector_bytes = 512;

void put(std::string& content, std::size_t at, std::string_view bytes) {
  if (content.size() < at + bytes.size()) content.resize(at + bytes.size());
  std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

/// Decides, by the seed, what of the unsynced steps is kept: everything, nothing, or each part by a chance.
class UnsyncedFiles::Fate {
 public:
  explicit Fate(std::uint64_t seed) : state_(seed), chance_(chances[seed % chances.size()]) {}

  bool keeps() { return roll(1000) < chance_; }
  /// How many of a sector's bytes are written: mostly all or none.
  std::size_t kept_bytes(std::size_t of) {
    if (keeps()) return of;
    return chance_ > 0 && roll(8) == 0 ? roll(of + 1) : 0;
  }

 private:
  static constexpr std::array<std::size_t, 6> chances = {1000, 0, 500, 990, 900, 998};  // In a thousand.

  std::size_t roll(std::size_t sides) {  // SplitMix64.
    auto bits = state_ += 0x9E3779B97F4A7C15ULL;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9ULL;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBULL;
    return (bits ^ (bits >> 31)) % sides;
  }

  std::uint64_t state_;
  std::size_t chance_;
};

void UnsyncedFiles::meet(const std::string& path) {
  const auto [entry, is_new] = files_.try_emplace(path);
  if (!is_new) return;
  std::ifstream file(path, std::ios::binary);
  entry->second.is_there = file.good();
  entry->second.content.assign(std::istreambuf_iterator<char>(file), {});
}

void UnsyncedFiles::create(const std::string& path) { files_[path].unsynced.push_back({Kind::create}); }

void UnsyncedFiles::remove(const std::string& path, bool is_synced) {
  files_[path].unsynced.push_back({Kind::remove});
  if (is_synced) sync(path);
}

void UnsyncedFiles::write(const std::string& path, std::size_t at, std::string bytes) {
  files_[path].unsynced.push_back({Kind::write, at, std::move(bytes)});
}

void UnsyncedFiles::truncate(const std::string& path, std::size_t size) {
  files_[path].unsynced.push_back({Kind::truncate, size});
}

void UnsyncedFiles::sync(const std::string& path) {
  auto& file = files_[path];
  for (const auto& step : file.unsynced) apply(file, step);
  file.unsynced.clear();
}

void UnsyncedFiles::sync_names() {
  for (auto& [path, file] : files_) {
    auto& steps = file.unsynced;
    const auto last = std::find_if(steps.rbegin(), steps.rend(), [](const Step& step) { return step.is_name(); });
    if (last == steps.rend()) continue;
    apply(file, *last);
    steps.erase(steps.begin(), last.base());
  }
}

void UnsyncedFiles::settle(std::uint64_t seed) {
  Fate fate(seed);
  for (auto& [path, file] : files_) {
    for (const auto& step : std::exchange(file.unsynced, {})) {
      if (step.is_name() && !fate.keeps()) break;
      apply_in_part(file, step, fate);
    }
    std::filesystem::remove(path);
    if (!file.is_there) continue;
    std::ofstream(path, std::ios::binary) << file.content;
  }
}

void UnsyncedFiles::apply(File& file, const Step& step) {
  switch (step.kind) {
    case Kind::create:
    case Kind::remove:
      file.is_there = step.kind == Kind::create;
      file.content.clear();
      return;
    case Kind::write: return put(file.content, step.at, step.bytes);
    case Kind::truncate: return file.content.resize(step.at);
  }
}

void UnsyncedFiles::apply_in_part(File& file, const Step& step, Fate& fate) {
  if (step.kind == Kind::truncate && !fate.keeps()) return;
  if (step.kind != Kind::write) return apply(file, step);
  const std::string_view bytes = step.bytes;
  for (std::size_t from = 0; from < bytes.size();) {
    const auto sector_end = ((step.at + from) / sector_bytes + 1) * sector_bytes - step.at;
    const auto sector = bytes.substr(from, sector_end - from);
    const auto kept = fate.kept_bytes(sector.size());
    if (kept > 0) put(file.content, step.at + from, sector.substr(0, kept));
    from += sector.size();
  }
}

}  // namespace holdfast::sqlite::testing
