// Config: what holds for `holdfast serve`, and whence. Flags go before the environment, it before the file, it before
// defaults.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/cli/config/setting.h"

namespace holdfast::cli {

/// What the command line and the environment say.
struct Told {
  std::optional<std::string> file = {};         ///< --config; empty: none at all.
  std::map<std::string, std::vector<std::string>> flags = {};  ///< By the setting's name.
  std::map<std::string, std::string> toggles = {};  ///< By name: "true" for a bare flag; empty when it was not given.
  std::vector<std::string> assignments = {};    ///< --set: "models.Post.conflict=optimistic".
  std::map<std::string, std::string> environment = {};
};

/// One setting as it holds.
struct Effective {
  const Setting* setting = nullptr;
  std::string name = {};    ///< With the user's name in the place of `*`.
  std::string of = {};      ///< That name.
  Value value = {};
  std::string origin = {};  ///< "default", "holdfast.toml:3:1", "HOLDFAST_PORT", "--port".
};

struct Config {
  std::string file = {};  ///< That was read; empty when none was.
  std::vector<Effective> effective = {};  ///< In the order of the table; then those of names.
  ServeSettings settings = {};
};

/// The file is the one told, or HOLDFAST_CONFIG, or holdfast.toml in the current folder when there is one. Paths in it
/// start from its folder. Shows all that is wrong on standard error and then returns nothing.
std::optional<Config> load_config(const Told& told);
/// The process's own.
std::map<std::string, std::string> environment_variables();

/// The text of a setting that holds, without quotes; empty when it is not set.
std::string effective_text(const Config& config, std::string_view name);
/// As a file that gives the same, each line with its origin. Secrets are masked.
std::string config_text(const Config& config);
/// The same: {"port": {"value": "20002", "from": "default"}, ...}.
Value config_json(const Config& config);
/// The table of settings for the guide.
std::string settings_markdown();

}  // namespace holdfast::cli
