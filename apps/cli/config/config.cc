#include "apps/cli/config/config.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <utility>

#include "apps/cli/config/toml_file.h"
#include "apps/cli/schema_files.h"
#include "schema/names.h"

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_variable = "HOLDFAST_CONFIG";
constexpr const char* file_here = "holdfast.toml";
constexpr std::string_view variable_prefix = "HOLDFAST_";

std::string file_of(const Told& told) {
  if (told.file) return *told.file;
  const auto named = told.environment.find(file_variable);
  if (named != told.environment.end()) return named->second;
  std::error_code unknown;
  return fs::exists(file_here, unknown) ? file_here : "";
}

class Loading {
 public:
  explicit Loading(const Told& told) : told_(told) {
    const ServeSettings defaults;
    for (const auto& setting : setting_table()) {
      if (!setting.is_of_names()) {
        config_.effective.push_back({&setting, setting.name, "", setting.get(defaults), "default"});
      }
    }
  }

  std::optional<Config> load() {
    read_file();
    read_environment();
    for (const auto& [name, texts] : told_.flags) take_flag(name, texts);
    for (const auto& [name, text] : told_.toggles) {
      if (!text.empty()) take_flag(name, {text});
    }
    for (const auto& assignment : told_.assignments) read_assignment(assignment);
    if (has_failed_) return std::nullopt;
    for (const auto& each : config_.effective) {
      if (each.origin != "default") each.setting->set(config_.settings, each.of, each.value);
    }
    return std::move(config_);
  }

 private:
  void fail(const std::string& sentence) {
    has_failed_ = true;
    complain(sentence);
  }

  void take(const NamedSetting& named, std::string name, Value value, std::string origin) {
    auto& all = config_.effective;
    const auto known = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    Effective effective{named.setting, std::move(name), named.of, std::move(value), std::move(origin)};
    if (known == all.end()) {
      all.push_back(std::move(effective));
    } else {
      *known = std::move(effective);
    }
  }

  void take_text(const NamedSetting& named, const std::string& name, const std::string& text,
                 const std::string& origin) {
    auto value = read_text(*named.setting, text);
    if (!value) return fail(origin + ": " + value.error().message);
    take(named, name, *std::move(value), origin);
  }

  void take_flag(const std::string& name, const std::vector<std::string>& texts) {
    const auto named = setting_named(name);
    const bool is_list = named.setting->kind == Kind::paths || named.setting->kind == Kind::texts;
    if (!is_list) return take_text(named, name, texts.back(), named.setting->flag());
    take(named, name, Value(List(texts.begin(), texts.end())), named.setting->flag());
  }

  void read_file() {
    const auto path = file_of(told_);
    if (path.empty()) return;
    auto text = file_text(path);
    if (!text) return fail("cannot read the configuration " + path + ": " + std::strerror(errno));
    config_.file = path;
    const std::vector<graphql::Source> sources{{path, *std::move(text)}};
    const auto file = read_toml(sources.front().text);
    has_failed_ = has_failed_ || !file.problems.empty();
    for (const auto& problem : file.problems) std::cerr << graphql::render(problem, sources);
    for (const auto& each : file.settings) take_from_file(each, path);
  }

  void take_from_file(const FileSetting& each, const std::string& path) {
    auto name = each.setting->name;
    if (const auto star = name.find('*'); star != std::string::npos) name.replace(star, 1, each.of);
    const auto origin = path + ":" + std::to_string(each.at.line) + ":" + std::to_string(each.at.column);
    take({each.setting, each.of}, std::move(name), from_folder(each, fs::path(path).parent_path()), origin);
  }

  static Value from_folder(const FileSetting& each, const fs::path& folder) {
    const auto placed = [&](const Value& path) { return Value((folder / *path.as_string()).string()); };
    if (each.setting->kind == Kind::path) return placed(each.value);
    if (each.setting->kind != Kind::paths) return each.value;
    List paths;
    for (const auto& path : *each.value.as_list()) paths.push_back(placed(path));
    return paths;
  }

  void read_environment() {
    for (const auto& [variable, text] : told_.environment) {
      if (!variable.starts_with(variable_prefix) || variable == file_variable) continue;
      const auto [named, name] = setting_of(variable);
      if (named.setting != nullptr) {
        take_text(named, name, text, variable);
      } else if (const auto meant = nearest_variable(variable); !meant.empty()) {
        fail(variable + ": there is no such setting; did you mean " + meant + "?");
      }
    }
  }

  static std::pair<NamedSetting, std::string> setting_of(const std::string& variable) {
    for (const auto& setting : setting_table()) {
      const auto pattern = setting.environment();
      if (pattern == variable) return {{&setting, ""}, setting.name};
      const auto star = pattern.find('*');
      if (star == std::string::npos) continue;
      const auto after = pattern.substr(star + 1);
      if (variable.size() < pattern.size() || !variable.starts_with(pattern.substr(0, star)) ||
          !variable.ends_with(after)) {
        continue;
      }
      const auto of = variable.substr(star, variable.size() - star - after.size());
      auto name = setting.name;
      return {{&setting, of}, name.replace(name.find('*'), 1, of)};
    }
    return {};
  }

  /// Variables of other programs may begin as ours do; only what is nearly one of ours is taken for a slip.
  static std::string nearest_variable(const std::string& variable) {
    std::vector<std::string> known;
    for (const auto& setting : setting_table()) known.push_back(setting.environment().substr(variable_prefix.size()));
    const auto meant = schema::nearest(variable.substr(variable_prefix.size()), known);
    return meant.empty() ? "" : std::string(variable_prefix) + meant;
  }

  void read_assignment(const std::string& assignment) {
    const auto sign = assignment.find('=');
    if (sign == std::string::npos) return fail("--set " + assignment + ": write --set NAME=VALUE");
    const auto name = assignment.substr(0, sign);
    const auto named = setting_named(name);
    if (named.setting == nullptr) {
      const auto problem = unknown_setting(name);
      return fail("--set " + name + ": " + problem.message + " " + problem.remedy);
    }
    take_text(named, name, assignment.substr(sign + 1), "--set " + name);
  }

  const Told& told_;
  Config config_;
  bool has_failed_ = false;
};

}  // namespace

std::optional<Config> load_config(const Told& told) { return Loading(told).load(); }

std::map<std::string, std::string> environment_variables() {
  std::map<std::string, std::string> variables;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string_view text(*each);
    const auto sign = text.find('=');
    if (sign != std::string_view::npos) variables.emplace(text.substr(0, sign), text.substr(sign + 1));
  }
  return variables;
}

}  // namespace holdfast::cli
