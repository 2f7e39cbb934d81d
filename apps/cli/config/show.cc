// A config and the table of settings, to be read.
#include "apps/cli/config/config.h"

namespace holdfast::cli {
namespace {

constexpr std::size_t value_width = 44;

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::string line_of(const Effective& each) {
  if (each.value.is_null()) return "# " + each.name + " is not set: " + each.setting->unset + "\n";
  return padded(each.name + " = " + written(*each.setting, each.value), value_width) + "  # " + each.origin + "\n";
}

std::string kind_name(const Setting& setting) {
  switch (setting.kind) {
    case Kind::text: return "text";
    case Kind::path: return "path";
    case Kind::texts: return "texts";
    case Kind::paths: return "paths";
    case Kind::toggle: return "boolean";
    case Kind::count: return "number";
    case Kind::bytes: return "bytes";
    case Kind::duration: return "time";
    case Kind::moment: return "instant";
    case Kind::choice: break;
  }
  std::string words;
  for (const auto& choice : setting.choices) words += (words.empty() ? "`" : ", `") + choice + "`";
  return words;
}

std::string row_of(const Setting& setting, const ServeSettings& defaults) {
  const auto value = setting.is_of_names() ? Value() : setting.get(defaults);
  const auto holds = value.is_null() ? setting.unset : "`" + written(setting, value) + "`";
  const auto flag = setting.is_of_names() ? "" : "`" + setting.flag() + "`";
  return "| `" + setting.name + "` | " + kind_name(setting) + " | " + holds + " | " + setting.meaning + " | " + flag +
         " | `" + setting.environment() + "` |\n";
}

}  // namespace

std::string effective_text(const Config& config, std::string_view name) {
  for (const auto& each : config.effective) {
    if (each.name != name) continue;
    const auto* text = each.value.as_string();
    return text != nullptr ? *text : written(*each.setting, each.value);
  }
  return "";
}

std::string config_text(const Config& config) {
  std::string text = config.file.empty() ? "# no configuration file\n" : "# " + config.file + "\n";
  for (const auto& each : config.effective) text += line_of(each);
  return text;
}

Value config_json(const Config& config) {
  Object made;
  for (const auto& each : config.effective) {
    made.append(each.name, each.value.is_null()
                               ? Value()
                               : Value(Object{{"value", written(*each.setting, each.value)}, {"from", each.origin}}));
  }
  return made;
}

std::string settings_markdown() {
  const ServeSettings defaults;
  std::string text = "| setting | type | default | | flag | environment |\n|---|---|---|---|---|---|\n";
  for (const auto& setting : setting_table()) text += row_of(setting, defaults);
  return text;
}

}  // namespace holdfast::cli
