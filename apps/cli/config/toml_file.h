// The configuration file: TOML that holds settings of the table and nothing else.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/config/setting.h"
#include "graphql/parser.h"

namespace holdfast::cli {

/// A setting as the file gives it.
struct FileSetting {
  const Setting* setting = nullptr;
  std::string of = {};  ///< What stands for the `*` of its name.
  Value value = {};     ///< As read() gives it.
  graphql::Location at = {};
};

struct TomlFile {
  std::vector<FileSetting> settings = {};
  std::vector<graphql::Diagnostic> problems = {};  ///< All of them: unknown keys, wrong types, bad values; or bad TOML.
};

TomlFile read_toml(const std::string& text);

/// The setting of a name such as "models.Post.conflict", and what stands for the `*`. Null when there is none.
struct NamedSetting {
  const Setting* setting = nullptr;
  std::string of = {};
};
NamedSetting setting_named(std::string_view name);
/// "There is no setting ..." and what was probably meant.
graphql::Diagnostic unknown_setting(std::string_view name);

}  // namespace holdfast::cli
