#include "apps/cli/config/flags.h"

namespace holdfast::cli {
namespace {

std::string type_name_of(const Setting& setting) {
  switch (setting.kind) {
    case Kind::path: return "PATH";
    case Kind::paths: return "FILE";
    case Kind::count: return "NUMBER";
    case Kind::bytes: return "BYTES";
    case Kind::duration: return "TIME";
    default: return "TEXT";
  }
}

std::string group_of(const Setting& setting) {
  const auto dot = setting.name.find('.');
  return dot == std::string::npos ? "Settings" : "Settings: " + setting.name.substr(0, dot);
}

std::string help_of(const Setting& setting, const ServeSettings& defaults) {
  auto help = setting.meaning;
  for (const auto& choice : setting.choices) help += (&choice == &setting.choices.front() ? ": " : ", ") + choice;
  const auto value = setting.get(defaults);
  return help + " [" + (value.is_null() ? setting.unset : written(setting, value)) + "]";
}

/// Values of lists come one by one; of others, the last one holds.
void add_flag(CLI::App& verb, const Setting& setting, const ServeSettings& defaults, Told& told) {
  const auto take = [&setting, &told](const CLI::results_t& texts) {
    for (const auto& text : texts) {
      const auto value = read_text(setting, text);
      if (!value) throw CLI::ValidationError(setting.flag(), value.error().message);
    }
    told.flags[setting.name] = texts;
    return true;
  };
  auto* option = verb.add_option(setting.flag(), take, help_of(setting, defaults));
  option->type_name(type_name_of(setting))->group(group_of(setting));
  if (setting.kind == Kind::paths || setting.kind == Kind::texts) {
    option->expected(1, CLI::detail::expected_max_vector_size);
  } else {
    option->take_last();
  }
}

}  // namespace

void add_setting_flags(CLI::App& verb, Told& told) {
  verb.add_option("--config", told.file, "The TOML file of settings; holdfast.toml here when there is one; '' for none")
      ->type_name("FILE");
  verb.add_option("--set", told.assignments, "Any setting by its name, such as models.Post.conflict=optimistic")
      ->type_name("NAME=VALUE")
      ->expected(1, CLI::detail::expected_max_vector_size);
  const ServeSettings defaults;
  for (const auto& setting : setting_table()) {
    if (setting.is_of_names()) continue;
    if (setting.kind == Kind::toggle) {
      verb.add_flag(setting.flag(), told.toggles[setting.name], help_of(setting, defaults))->group(group_of(setting));
    } else {
      add_flag(verb, setting, defaults, told);
    }
  }
}

}  // namespace holdfast::cli
