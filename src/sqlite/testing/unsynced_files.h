// UnsyncedFiles: what a disk holds for certain, and what it may lose when the power goes. For tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace holdfast::sqlite::testing {

/// The model of a disk behind a cache. What was synced stays. Of what was not, any part may be there: each sector of
/// each write for itself, also half of one. Names are made and removed in order: when one such step is lost, so is all
/// that follows it. Not thread-safe.
class UnsyncedFiles {
 public:
  /// The file as the disk holds it now, when it is new here.
  void meet(const std::string& path);
  void create(const std::string& path);
  void remove(const std::string& path, bool is_synced);
  void write(const std::string& path, std::size_t at, std::string bytes);
  void truncate(const std::string& path, std::size_t size);
  void sync(const std::string& path);
  /// The folder: what was made and removed stays so.
  void sync_names();

  /// Makes the real files what may be left of them after a power cut; the seed decides, with the two extremes (all that
  /// was not synced is lost, or all is there) among the outcomes.
  void settle(std::uint64_t seed);

 private:
  enum class Kind : std::uint8_t { create, remove, write, truncate };
  struct Step {
    Kind kind = Kind::write;
    std::size_t at = 0;  ///< Of a write; the new size, of a truncation.
    std::string bytes = {};
    [[nodiscard]] bool is_name() const noexcept { return kind == Kind::create || kind == Kind::remove; }
  };
  struct File {
    bool is_there = false;
    std::string content = {};
    std::vector<Step> unsynced = {};
  };
  class Fate;
  static void apply(File& file, const Step& step);
  static void apply_in_part(File& file, const Step& step, Fate& fate);

  std::map<std::string, File> files_;
};

}  // namespace holdfast::sqlite::testing
