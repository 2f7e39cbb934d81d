#include <algorithm>
#include <array>
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

/// A word that ends in one of `stems` and one of `cuts` keeps the stem and gets `ending` for the cut. Alternatives
/// stand between spaces, "-" is nothing at all, and letters in brackets are any of them (or any but them: [^aou]).
struct Rule {
  std::string_view stems;
  std::string_view cuts;
  std::string_view ending;
  bool is_whole_word = false;
};

// Later rules win.
constexpr std::array<Rule, 28> rules = {{
    {"-", "s -", "s"},
    {"[^aeiou]ese", "-", ""},
    {"ax test", "is", "es"},
    {"alias [^aou]us t[lm]as gas ris", "-", "es"},
    {"e[mn]u", "s -", "s"},
    {"[^l]ias [aeiou]las [ejzr]as [iu]am", "-", ""},
    {"alumn syllab vir radi nucle fung cact stimul termin bacill foc uter loc strat", "us i", "i"},
    {"alumn alg vertebr", "a ae", "ae"},
    {"seraph cherub", "im -", "im"},
    {"her at gr", "o", "oes"},
    {"agend addend millenni dat extrem bacteri desiderat strat candelabr errat ov symposi curricul automat quor",
     "a um", "a"},
    {"apheli hyperbat periheli asyndet noumen phenomen criteri organ prolegomen hedr automat", "a on", "a"},
    {"-", "sis", "ses"},
    {"kni wi li", "fe", "ves"},
    {"ar l ea eo oa hoo", "f", "ves"},
    {"[^aeiouy] qu", "y", "ies"},
    {"[^ch][ieo][ln]", "ey", "ies"},
    {"x ch ss sh zz", "-", "es"},
    {"matr cod mur sil vert ind append", "ix ex", "ices"},
    {"titm m l", "ice ouse", "ice", true},
    {"pe", "rson ople", "ople"},
    {"child", "ren -", "ren"},
    {"eaux", "-", ""},
    {"-", "m[ae]n", "men"},
    {"-", "thou", "you", true},
    {"pokemon deer fish measles pox sheep", "-", ""},
    {"[^aeiou]ese", "-", ""},
    {"o[iu]s", "-", ""},
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

/// Whether `pattern` matches all of `text`, which is in small letters.
bool matches(std::string_view pattern, std::string_view text) noexcept {
  while (!pattern.empty()) {
    if (text.empty()) return false;
    if (pattern.front() != '[') {
      if (pattern.front() != text.front()) return false;
      pattern.remove_prefix(1);
    } else {
      const auto end = pattern.find(']');
      auto letters = pattern.substr(1, end - 1);
      const bool is_negated = letters.front() == '^';
      if (is_negated) letters.remove_prefix(1);
      if ((letters.find(text.front()) != std::string_view::npos) == is_negated) return false;
      pattern.remove_prefix(end + 1);
    }
    text.remove_prefix(1);
  }
  return text.empty();
}

/// How many letters the pattern matches; it always is as many.
std::size_t length_of(std::string_view pattern) noexcept {
  std::size_t length = 0;
  bool is_inside = false;
  for (const char c : pattern) {
    if (c == '[') is_inside = true;
    if (c == ']') is_inside = false;
    if (!is_inside) ++length;
  }
  return length;
}

template <class Visit>
void each_alternative(std::string_view all, Visit&& visit) {
  while (!all.empty()) {
    const auto end = std::min(all.find(' '), all.size());
    const auto one = all.substr(0, end);
    visit(one == "-" ? std::string_view() : one);
    all.remove_prefix(std::min(end + 1, all.size()));
  }
}

/// The end of a word that a rule takes: the stem's letters, then the cut ones.
struct Match {
  std::size_t stem = 0;
  std::size_t cut = 0;
  bool is_found = false;
};

/// Of several alternatives the longest.
Match match_of(const Rule& rule, std::string_view word) {
  Match best;
  each_alternative(rule.stems, [&](std::string_view stem) {
    each_alternative(rule.cuts, [&](std::string_view cut) {
      const auto stem_size = length_of(stem);
      const auto cut_size = length_of(cut);
      const auto size = stem_size + cut_size;
      if (size > word.size() || (rule.is_whole_word && size != word.size())) return;
      if (best.is_found && size <= best.stem + best.cut) return;
      const auto end = word.substr(word.size() - size);
      if (matches(stem, end.substr(0, stem_size)) && matches(cut, end.substr(stem_size))) {
        best = {stem_size, cut_size, true};
      }
    });
  });
  return best;
}

std::string by_rule(const std::string& word, const std::string& small) {
  for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {
    const auto match = match_of(*rule, small);
    if (!match.is_found) continue;
    const auto start = word.size() - match.stem - match.cut;
    const auto matched = word.substr(start);
    // Of an empty match the letter before it decides the case.
    const auto model = matched.empty() ? word.substr(word.size() - 1) : matched;
    return word.substr(0, start) + in_case_of(model, word.substr(start, match.stem) + std::string(rule->ending));
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
  return by_rule(word, small);
}

}  // namespace holdfast::schema
