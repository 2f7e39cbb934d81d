#include "base/json_rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/json.h"
#include "base/json_text.h"

namespace holdfast::json {
namespace {

template <class Word>
Word word_at(const char* at) noexcept {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// As memcmp, of names, which are too short to call it.
bool are_equal(const char* at, const char* other, std::size_t size) noexcept {
  for (; size >= 8; at += 8, other += 8, size -= 8) {
    if (word_at<std::uint64_t>(at) != word_at<std::uint64_t>(other)) return false;
  }
  if (size >= 4) {
    const auto last = size - 4;
    return word_at<std::uint32_t>(at) == word_at<std::uint32_t>(other) &&
           word_at<std::uint32_t>(at + last) == word_at<std::uint32_t>(other + last);
  }
  for (; size > 0; --size) {
    if (at[size - 1] != other[size - 1]) return false;
  }
  return true;
}

bool begins_with_key(const char* at, const char* end, std::string_view name) noexcept {
  if (static_cast<std::size_t>(end - at) < name.size() + 3) return false;
  const char* const behind = at + 1 + name.size();
  return *at == '"' && behind[0] == '"' && behind[1] == ':' && are_equal(at + 1, name.data(), name.size());
}

constexpr std::size_t digits_max = 20;
constexpr std::size_t names_max = 100;

/// Writes `,"name":number` to `at`; gives where the number begins and ends.
std::pair<char*, char*> write_member(std::string_view name, std::int64_t number, char* at) {
  *at++ = ',';
  *at++ = '"';
  at = std::copy(name.begin(), name.end(), at);
  *at++ = '"';
  *at++ = ':';
  return {at, std::to_chars(at, at + digits_max, number).ptr};
}

}  // namespace

Value Rows::value(std::size_t row, std::size_t column) const {
  const auto cell = this->cell(row, column);
  const auto text = cell.text;
  switch (cell.kind) {
    case Value::Kind::null: return {};
    case Value::Kind::boolean: return text == "true";
    case Value::Kind::integer: {
      std::int64_t number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      return number;
    }
    case Value::Kind::string:
      if (text.find('\\') == std::string_view::npos) return text.substr(1, text.size() - 2);
      break;
    default: break;
  }
  return parse(text).value();
}

Object Rows::object(std::size_t row) const {
  Object object;
  object.reserve(names_.size());
  for (std::size_t column = 0; column < names_.size(); ++column) {
    object.append(std::string(names_[column]), value(row, column));
  }
  return object;
}

void Rows::append() {
  last_begin_ = text_.size();
  ++size_;
  places_.resize(size_ * names_.size());
}

Result<void> Rows::append(std::string_view text) {
  append();
  if (scan(text)) {
    text_.append(text.data(), text.size() - 1);  // Without its brace: more members may follow.
    return {};
  }
  pop_back();
  auto parsed = parse(text);
  if (!parsed) return std::move(parsed).error();
  const auto* members = parsed->as_object();
  if (members == nullptr) return Error{Code::malformed, "not a JSON object"};
  append();
  for (std::size_t column = 0; column < names_.size(); ++column) set(column, members->at(names_[column]));
  return {};
}

void Rows::append(const Rows& more) {
  for (auto place : more.places_) {
    place.begin += text_.size();
    places_.push_back(place);
  }
  for (std::size_t column = 0; column < seen_.size(); ++column) {
    auto& seen = seen_[column];
    const auto& too = more.seen_[column];
    seen = {seen.kinds | too.kinds, std::max(seen.longest, too.longest), seen.bytes + too.bytes};
  }
  size_ += more.size_;
  last_begin_ = text_.size() + more.last_begin_;
  text_ += more.text_;
}

/// Finds the members in what is about to be added; false when somebody else has written it.
bool Rows::scan(std::string_view text) {
  if (!text.starts_with('{')) return false;
  if (text == "{}") return true;
  const auto* const names = names_.data();
  auto* const row = last_row();
  const auto columns = names_.size();
  const char* const end = text.data() + text.size();
  const char* at = text.data();
  std::size_t expected = 0;   // Members mostly come in the order of the columns.
  bool is_behind_it = false;  // What is scanned next stands behind the column before `expected`.
  do {
    ++at;
    auto column = expected;
    if (column < columns && begins_with_key(at, end, names[column])) at += names[column].size() + 3;
    else if (!scan_other_name(at, end, column)) return false;
    const auto token = written_token({at, end});
    if (token.size == 0) return false;
    const bool is_known = column < columns;
    if (is_known) {
      const auto place = last_begin_ + static_cast<std::size_t>(at - text.data());
      row[column] = {place, static_cast<std::uint32_t>(token.size), token.kind, is_behind_it && column == expected};
      if (token.kind != Value::Kind::null) seen_[column].add(token.kind, token.size);
      expected = column + 1;
      if (expected < columns) row[expected].follows = false;  // Of a name that comes twice.
    }
    is_behind_it = is_known;
    at += token.size;
  } while (at != end && *at == ',');
  return at + 1 == end && *at == '}';
}

/// Moves `at` behind a name and its colon, and tells the column: more than there are for a name that is no column's.
/// False when what is there is no name.
bool Rows::scan_other_name(const char*& at, const char* end, std::size_t& column) const {
  for (column = 0; column < names_.size(); ++column) {
    if (!begins_with_key(at, end, names_[column])) continue;
    at += names_[column].size() + 3;
    return true;
  }
  const auto token = written_token({at, end});
  const bool is_name = token.size > 0 && token.kind == Value::Kind::string;
  const char* const colon = at + token.size;
  if (!is_name || colon == end || *colon != ':') return false;
  at = colon + 1;
  return true;
}

/// Of the last row.
void Rows::put(std::size_t column, const Place& place) noexcept {
  auto* const row = last_row();
  row[column] = place;
  if (column + 1 < names_.size()) row[column + 1].follows = false;  // It stood behind the cell that was here.
  if (place.kind != Value::Kind::null) seen_[column].add(place.kind, place.size);
}

/// Whether the cell of the column before `column` ends at `end`.
bool Rows::ends_at(std::size_t column, std::size_t end) noexcept {
  if (column == 0) return false;
  const auto& before = last_row()[column - 1];
  return before.kind != Value::Kind::null && before.begin + before.size == end;
}

void Rows::set(std::size_t column, const Value& value) {
  if (value.is_null()) return put(column, {});
  const auto before = text_.size();
  text_.append(",\"").append(names_[column]).append("\":");
  const auto begin = text_.size();
  write(value, text_);
  const auto size = static_cast<std::uint32_t>(text_.size() - begin);
  put(column, {begin, size, value.kind(), ends_at(column, before)});
}

/// In one go, because every record of a page has two.
void Rows::set_integers(std::size_t column, std::int64_t number, std::int64_t next) {
  const auto first = names_[column];
  const auto second = names_[column + 1];
  if (first.size() + second.size() > names_max) return set(column, Value(number)), set(column + 1, Value(next));
  std::array<char, names_max + 2 * (4 + digits_max)> text;  // NOLINT: filled below
  const auto [begin, end] = write_member(first, number, text.data());
  const auto [next_begin, next_end] = write_member(second, next, end);
  const auto before = text_.size();
  text_.append(text.data(), static_cast<std::size_t>(next_end - text.data()));
  const auto place = [&](const char* from, const char* to, bool follows) {
    return Place{before + static_cast<std::size_t>(from - text.data()), static_cast<std::uint32_t>(to - from),
                 Value::Kind::integer, follows};
  };
  put(column, place(begin, end, ends_at(column, before)));
  put(column + 1, place(next_begin, next_end, true));
}

void Rows::pop_back() {
  --size_;
  places_.resize(size_ * names_.size());
  text_.resize(last_begin_);
}

void Rows::keep(const std::vector<bool>& stays) {
  std::size_t kept = 0;
  const auto row_at = [this](std::size_t row) {
    return places_.begin() + static_cast<std::ptrdiff_t>(row * names_.size());
  };
  for (std::size_t row = 0; row < size_; ++row) {
    if (!stays[row]) continue;
    if (kept != row) std::copy(row_at(row), row_at(row + 1), row_at(kept));
    ++kept;
  }
  size_ = kept;
  places_.resize(size_ * names_.size());
}

}  // namespace holdfast::json
