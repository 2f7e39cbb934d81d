#include "apps/cli/gen2_schema.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "apps/cli/run_node.h"
#include "apps/cli/schema_files.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

/// A folder of our own for as long as it lives; what is in it goes with it.
class ScratchFolder {
 public:
  ScratchFolder() : path_((fs::temp_directory_path() / "holdfast-XXXXXX").string()) {
    if (!::mkdtemp(path_.data())) path_.clear();
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;  // What cannot be removed is in the temporary folder, which is tidied by others too.
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }  ///< Empty when it cannot be made.

 private:
  std::string path_;
};

std::string text_of(const Value& value) {
  const auto* text = value.as_string();
  return text ? *text : std::string();
}

Gen2Schema schema_of(const Value& reply, const std::string& path) {
  Gen2Schema schema;
  schema.source = {path + " (as GraphQL)", text_of(reply["sdl"])};
  if (const auto* modes = reply["modes"].as_list()) {
    for (const auto& mode : *modes) schema.modes.push_back(text_of(mode));
  }
  if (const auto* notices = reply["notices"].as_list()) {
    for (const auto& notice : *notices) {
      schema.notices.push_back({{}, text_of(notice["message"]), text_of(notice["remedy"])});
    }
  }
  return schema;
}

}  // namespace

bool is_gen2_schema(const std::string& path) {
  constexpr std::array endings = {".ts", ".mts", ".js", ".mjs"};
  return std::find(endings.begin(), endings.end(), fs::path(path).extension()) != endings.end();
}

std::optional<Gen2Schema> read_gen2_schema(const std::string& path) {
  if (!file_text(path)) {
    complain("cannot read the schema " + path + ": " + std::strerror(errno));
    return std::nullopt;
  }
  const ScratchFolder scratch;
  if (scratch.path().empty()) {
    complain(std::string("cannot make a temporary folder: ") + std::strerror(errno));
    return std::nullopt;
  }
  const auto reply = run_node("resource", Object{{"path", path}, {"scratch", scratch.path()}});
  if (!reply) {
    complain("cannot read the schema " + path + ": " + reply.error().message);
    return std::nullopt;
  }
  if (!reply->problems.empty()) {
    show(reply->problems);
    return std::nullopt;
  }
  return schema_of(reply->value, path);
}

}  // namespace holdfast::cli
