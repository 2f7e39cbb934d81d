// A folder for a backend's database that lives as long as a test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace holdfast::server {

class StoreFolder {
 public:
  StoreFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "holdfast_store_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    path_ = pattern;
  }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;
  ~StoreFolder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::string file() const { return path_ / "backend.db"; }

 private:
  std::filesystem::path path_;
};

}  // namespace holdfast::server
