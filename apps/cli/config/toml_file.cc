#include "apps/cli/config/toml_file.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "schema/names.h"

namespace {
/// What TOML++ 3.3 asserts of its input (`[=]`, for instance, breaks it) is an error of the file and no fault of ours.
[[noreturn]] void refuse_assertion() { throw std::runtime_error("this cannot be understood"); }
}  // namespace

#undef NDEBUG  // With it, TOML++ asserts nothing, and goes on with what it did not understand.
#define TOML_ASSERT(expression) ((expression) ? void() : refuse_assertion())
#include <toml++/toml.h>

namespace holdfast::cli {
namespace {

// TOML++ goes down one call a level, and a dotted key may have as many levels as it has dots.
constexpr std::ptrdiff_t dots_a_line_max = 200;

graphql::Location place(const toml::source_region& region) {
  graphql::Location at;
  at.line = region.begin.line;
  at.column = region.begin.column;
  return at;
}

/// As a setting's value may stand; null for what no setting is (dates, floats).
Value value_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return Value(text->get());
  if (const auto* number = node.as_integer()) return Value(number->get());
  if (const auto* toggle = node.as_boolean()) return Value(toggle->get());
  const auto* array = node.as_array();
  if (array == nullptr) return {};
  List list;
  for (const auto& item : *array) list.push_back(value_of(item));
  return list;
}

std::vector<std::string> parts_of(std::string_view name) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find('.', begin), name.size());
    parts.emplace_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

using Path = std::vector<std::string>;

std::string joined(const Path& path) {
  std::string name;
  for (const auto& part : path) name += (name.empty() ? "" : ".") + part;
  return name;
}

/// Whether `path` is that of the setting, or leads to it; `of` gets what stands for the `*`.
bool agrees(const Path& path, const Path& setting, std::string& of) {
  if (path.size() > setting.size()) return false;
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (setting[at] == "*") of = path[at];
    if (setting[at] != "*" && setting[at] != path[at]) return false;
  }
  return true;
}

NamedSetting setting_at(const Path& path) {
  for (const auto& setting : setting_table()) {
    const auto parts = parts_of(setting.name);
    std::string of;
    if (parts.size() == path.size() && agrees(path, parts, of)) return {&setting, of};
  }
  return {};
}

bool leads_to_settings(const Path& path) {
  std::string unused;
  return std::any_of(setting_table().begin(), setting_table().end(), [&](const Setting& setting) {
    const auto parts = parts_of(setting.name);
    return parts.size() > path.size() && agrees(path, parts, unused);
  });
}

graphql::Diagnostic unknown_at(const Path& path) {
  const auto name = joined(path);
  std::vector<std::string> known;
  for (const auto& setting : setting_table()) {
    auto parts = parts_of(setting.name);
    std::string of;
    if (parts.size() == path.size() && parts.size() > 1 && agrees({path.begin(), path.end() - 1}, parts, of)) {
      for (auto& part : parts) part = part == "*" ? of : part;
    }
    known.push_back(joined(parts));
  }
  const auto meant = schema::nearest(name, known);
  graphql::Diagnostic problem;
  problem.message = "There is no setting \"" + name + "\".";
  problem.remedy = meant.empty() ? "`holdfast config settings` lists all settings." : "Did you mean \"" + meant + "\"?";
  return problem;
}

class Reading {
 public:
  explicit Reading(TomlFile& file) : file_(file) {}

  void read_table(const toml::table& table, Path& path) {
    for (const auto& [key, node] : table) {
      path.emplace_back(key.str());
      read_node(node, place(key.source()), path);
      path.pop_back();
    }
  }

 private:
  void read_node(const toml::node& node, graphql::Location at, Path& path) {
    const auto named = setting_at(path);
    if (named.setting != nullptr) return read_setting(named, node, at);
    if (const auto* table = node.as_table(); table && leads_to_settings(path)) return read_table(*table, path);
    auto problem = leads_to_settings(path) ? no_table(path) : unknown_at(path);
    problem.at = at;
    file_.problems.push_back(std::move(problem));
  }

  void read_setting(const NamedSetting& named, const toml::node& node, graphql::Location at) {
    auto value = read(*named.setting, value_of(node));
    if (value) {
      file_.settings.push_back({named.setting, named.of, *std::move(value), at});
      return;
    }
    graphql::Diagnostic problem;
    problem.at = place(node.source());
    const auto& message = value.error().message;  // "What is wrong; what to do."
    const auto parting = std::min(message.find("; give "), message.size());
    problem.message = message.substr(0, parting) + (parting < message.size() ? "." : "");
    if (parting < message.size()) problem.remedy = "Give " + message.substr(parting + 7);
    file_.problems.push_back(std::move(problem));
  }

  static graphql::Diagnostic no_table(const Path& path) {
    graphql::Diagnostic problem;
    problem.message = "\"" + joined(path) + "\" must be a table of settings.";
    problem.remedy = "Write [" + joined(path) + "] on a line, and its settings below.";
    return problem;
  }

  TomlFile& file_;
};

graphql::Diagnostic not_toml(std::string_view reason, graphql::Location at) {
  graphql::Diagnostic problem;
  problem.at = at;
  problem.message = "This is not TOML: " + std::string(reason) + ".";
  problem.remedy = "A setting is written as `name = value`, texts in double quotes (https://toml.io).";
  return problem;
}

bool is_refused_by_assertion(std::string_view text) {
  try {
    [[maybe_unused]] const auto table = toml::parse(text);
  } catch (const toml::parse_error&) {
    return false;  // A value that goes on in the next line.
  } catch (const std::runtime_error&) {
    return true;
  }
  return false;
}

/// The first line with which the text is refused so.
graphql::Location asserting_line(const std::string& text) {
  std::vector<std::size_t> ends;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', end + 1)) ends.push_back(end);
  const auto first = std::partition_point(ends.begin(), ends.end(), [&](std::size_t end) {
    return !is_refused_by_assertion(std::string_view(text).substr(0, end));
  });
  graphql::Location at;
  at.line = static_cast<std::uint32_t>(first - ends.begin()) + 1;
  at.column = 1;
  return at;
}

bool is_too_deep(const std::string& text, graphql::Location& at) {
  at.line = 1;
  at.column = 1;
  for (std::size_t begin = 0; begin < text.size(); ++at.line) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = std::string_view(text).substr(begin, end - begin);
    if (std::count(line.begin(), line.end(), '.') > dots_a_line_max) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

NamedSetting setting_named(std::string_view name) { return setting_at(parts_of(name)); }
graphql::Diagnostic unknown_setting(std::string_view name) { return unknown_at(parts_of(name)); }

TomlFile read_toml(const std::string& text) {
  TomlFile file;
  graphql::Location at;
  if (is_too_deep(text, at)) {
    file.problems.push_back(not_toml("more than 200 dots stand in one line", at));
    return file;
  }
  try {
    const auto table = toml::parse(text);
    Path path;
    Reading(file).read_table(table, path);
  } catch (const toml::parse_error& failed) {
    file.problems.push_back(not_toml(failed.description(), place(failed.source())));
  } catch (const std::runtime_error& failed) {
    file.problems.push_back(not_toml(failed.what(), asserting_line(text)));
  }
  const auto is_before = [](const auto& left, const auto& right) {
    return std::pair(left.at.line, left.at.column) < std::pair(right.at.line, right.at.column);
  };
  std::stable_sort(file.problems.begin(), file.problems.end(), is_before);
  return file;
}

}  // namespace holdfast::cli
