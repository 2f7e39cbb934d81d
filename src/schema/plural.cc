#include <algorithm>
#include <array>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/schema_reader.h"

// The rules are those of npm's pluralize 8, word lists included, because generated APIs are named by them.
namespace holdfast::schema {
namespace {

using Irregular = std::pair<std::string_view, std::string_view>;

constexpr std::array<Irregular, 47> irregulars = {{
    {"i", "we"},
    {"me", "us"},
    {"he", "they"},
    {"she", "they"},
    {"them", "them"},
    {"myself", "ourselves"},
    {"yourself", "yourselves"},
    {"itself", "themselves"},
    {"herself", "themselves"},
    {"himself", "themselves"},
    {"themself", "themselves"},
    {"is", "are"},
    {"was", "were"},
    {"has", "have"},
    {"this", "these"},
    {"that", "those"},
    {"echo", "echoes"},
    {"dingo", "dingoes"},
    {"volcano", "volcanoes"},
    {"tornado", "tornadoes"},
    {"torpedo", "torpedoes"},
    {"genus", "genera"},
    {"viscus", "viscera"},
    {"stigma", "stigmata"},
    {"stoma", "stomata"},
    {"dogma", "dogmata"},
    {"lemma", "lemmata"},
    {"schema", "schemata"},
    {"anathema", "anathemata"},
    {"ox", "oxen"},
    {"axe", "axes"},
    {"die", "dice"},
    {"yes", "yeses"},
    {"foot", "feet"},
    {"eave", "eaves"},
    {"goose", "geese"},
    {"tooth", "teeth"},
    {"quiz", "quizzes"},
    {"human", "humans"},
    {"proof", "proofs"},
    {"carve", "carves"},
    {"valve", "valves"},
    {"looey", "looies"},
    {"thief", "thieves"},
    {"groove", "grooves"},
    {"pickaxe", "pickaxes"},
    {"passerby", "passersby"},
}};

constexpr std::array<std::string_view, 94> uncountables = {
    "adulthood",  "advice",         "agenda",      "aid",       "aircraft",    "alcohol",      "ammo",
    "analytics",  "anime",          "athletics",   "audio",     "bison",       "blood",        "bream",
    "buffalo",    "butter",         "carp",        "cash",      "chassis",     "chess",        "clothing",
    "cod",        "commerce",       "cooperation", "corps",     "debris",      "diabetes",     "digestion",
    "elk",        "energy",         "equipment",   "excretion", "expertise",   "firmware",     "flounder",
    "fun",        "gallows",        "garbage",     "graffiti",  "hardware",    "headquarters", "health",
    "herpes",     "highjinks",      "homework",    "housework", "information", "jeans",        "justice",
    "kudos",      "labour",         "literature",  "machinery", "mackerel",    "mail",         "media",
    "mews",       "moose",          "music",       "mud",       "manga",       "news",         "only",
    "personnel",  "pike",           "plankton",    "pliers",    "police",      "pollution",    "premises",
    "rain",       "research",       "rice",        "salmon",    "scissors",    "series",       "sewage",
    "shambles",   "shrimp",         "software",    "species",   "staff",       "swine",        "tennis",
    "traffic",    "transportation", "trout",       "tuna",      "wealth",      "welfare",      "whiting",
    "wildebeest", "wildlife",       "you",
};

struct Rule {
  const char* pattern;
  const char* plural;  ///< $0 is the match, $1 and $2 its groups.
};

// Later rules win.
constexpr std::array<Rule, 32> rules = {{
    {R"(s?$)", "s"},
    {R"(([^aeiou]ese)$)", "$1"},
    {R"((ax|test)is$)", "$1es"},
    {R"((alias|[^aou]us|t[lm]as|gas|ris)$)", "$1es"},
    {R"((e[mn]u)s?$)", "$1s"},
    {R"(([^l]ias|[aeiou]las|[ejzr]as|[iu]am)$)", "$1"},
    {R"((alumn|syllab|vir|radi|nucle|fung|cact|stimul|termin|bacill|foc|uter|loc|strat)(?:us|i)$)", "$1i"},
    {R"((alumn|alg|vertebr)(?:a|ae)$)", "$1ae"},
    {R"((seraph|cherub)(?:im)?$)", "$1im"},
    {R"((her|at|gr)o$)", "$1oes"},
    {R"((agend|addend|millenni|dat|extrem|bacteri|desiderat|strat|candelabr|errat|ov|symposi|curricul|automat|quor)(?:a|um)$)",
     "$1a"},
    {R"((apheli|hyperbat|periheli|asyndet|noumen|phenomen|criteri|organ|prolegomen|hedr|automat)(?:a|on)$)", "$1a"},
    {R"(sis$)", "ses"},
    {R"((?:(kni|wi|li)fe|(ar|l|ea|eo|oa|hoo)f)$)", "$1$2ves"},
    {R"(([^aeiouy]|qu)y$)", "$1ies"},
    {R"(([^ch][ieo][ln])ey$)", "$1ies"},
    {R"((x|ch|ss|sh|zz)$)", "$1es"},
    {R"((matr|cod|mur|sil|vert|ind|append)(?:ix|ex)$)", "$1ices"},
    {R"(\b((?:tit)?m|l)(?:ice|ouse)$)", "$1ice"},
    {R"((pe)(?:rson|ople)$)", "$1ople"},
    {R"((child)(?:ren)?$)", "$1ren"},
    {R"(eaux$)", "$0"},
    {R"(m[ae]n$)", "men"},
    {R"(^thou$)", "you"},
    {R"(pok[e]mon$)", "$0"},
    {R"([^aeiou]ese$)", "$0"},
    {R"(deer$)", "$0"},
    {R"(fish$)", "$0"},
    {R"(measles$)", "$0"},
    {R"(o[iu]s$)", "$0"},
    {R"(pox$)", "$0"},
    {R"(sheep$)", "$0"},
}};

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), lower);
  return text;
}

/// `replacement` in the case of `word`: all small, all capital, or a capital initial.
std::string in_case_of(const std::string& word, std::string replacement) {
  if (word == replacement || word.empty()) return replacement;
  const bool is_small = std::all_of(word.begin(), word.end(), [](char c) { return c == lower(c); });
  const bool is_capital = std::all_of(word.begin(), word.end(), [](char c) { return c == upper(c); });
  if (!is_small && is_capital) {
    std::transform(replacement.begin(), replacement.end(), replacement.begin(), upper);
    return replacement;
  }
  replacement = lowered(std::move(replacement));
  if (!is_small && word.front() == upper(word.front())) replacement.front() = upper(replacement.front());
  return replacement;
}

std::string expanded(std::string_view plural, const std::smatch& match) {
  std::string text;
  for (std::size_t at = 0; at < plural.size(); ++at) {
    if (plural[at] != '$') {
      text += plural[at];
    } else {
      ++at;
      text += match.str(static_cast<std::size_t>(plural[at] - '0'));
    }
  }
  return text;
}

std::string by_rule(const std::string& word) {
  static const auto patterns = [] {
    std::vector<std::regex> made;
    for (const auto& rule : rules) made.emplace_back(rule.pattern, std::regex::ECMAScript | std::regex::icase);
    return made;
  }();
  for (std::size_t at = rules.size(); at-- > 0;) {
    std::smatch match;
    if (!std::regex_search(word, match, patterns[at])) continue;
    const std::string matched = match.str();
    // Of an empty match the letter before it decides the case.
    const std::string model = matched.empty() ? word.substr(word.size() - 1) : matched;
    return match.prefix().str() + in_case_of(model, expanded(rules[at].plural, match));
  }
  return word;
}

}  // namespace

std::string plural(std::string_view name) {
  const std::string word(name);
  const std::string small = lowered(word);
  for (const auto& [single, many] : irregulars) {
    if (small == many) return in_case_of(word, small);
  }
  for (const auto& [single, many] : irregulars) {
    if (small == single) return in_case_of(word, std::string(many));
  }
  if (word.empty() || std::find(uncountables.begin(), uncountables.end(), small) != uncountables.end()) return word;
  return by_rule(word);
}

}  // namespace holdfast::schema
