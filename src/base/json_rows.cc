#include "base/json_rows.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/digits.h"
#include "base/json.h"
#include "base/json_text.h"
#include "base/plain_text.h"

namespace holdfast::json {
namespace {

template <class Word>
Word word_at(const char* at) noexcept {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// Whether what is between `at` and `end` begins with a key, which has five bytes at least: too few to call memcmp for.
bool begins_with(const char* at, const char* end, std::string_view key) noexcept {
  const auto size = key.size();
  if (static_cast<std::size_t>(end - at) < size) return false;
  const auto is_equal = [&]<class Word>(Word /*of that size*/, std::size_t from) {
    return word_at<Word>(at + from) == word_at<Word>(key.data() + from);
  };
  if (size < 8) return is_equal(std::uint32_t(), 0) && is_equal(std::uint32_t(), size - 4);
  for (std::size_t from = 8; from + 8 < size; from += 8) {
    if (!is_equal(std::uint64_t(), from)) return false;
  }
  return is_equal(std::uint64_t(), 0) && is_equal(std::uint64_t(), size - 8);
}

/// Writes to `at`; gives the end.
char* write_scalar(const Scalar& value, char* at) {
  if (value.kind == Value::Kind::integer) return write_digits(value.number, at);
  const std::string_view word = value.kind == Value::Kind::null ? "null" : value.number != 0 ? "true" : "false";
  return std::copy(word.begin(), word.end(), at);
}

/// The value that stands there as write() writes it. Most are strings with nothing to look at, and small numbers.
Token token_at(const char* at, const char* end, const char* text, OtherBytes& others) {
  if (*at == '"') {
    const char* const last = text + others.next(static_cast<std::size_t>(at + 1 - text));
    if (*last == '"') return {static_cast<std::size_t>(last + 1 - at), Value::Kind::string};
  } else if (*at >= '1' && *at <= '9') {
    constexpr std::size_t small = 18;
    std::size_t digits = 1;
    while (digits < small && at[digits] >= '0' && at[digits] <= '9') ++digits;
    if (at[digits] == ',' || at[digits] == '}') return {digits, Value::Kind::integer};
  }
  return written_token({at, end});
}

}  // namespace

Rows::Rows(std::vector<std::string_view> names) : names_(std::move(names)), seen_(names_.size()) {
  keys_.reserve(names_.size());
  for (const auto name : names_) keys_.push_back(",\"" + std::string(name) + "\":");
}

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

void Rows::make_room(std::size_t rows) {
  if (rows <= room_) return;
  const auto used = size() * names_.size();
  room_ = std::max(rows, 2 * room_);
  auto more = std::make_unique_for_overwrite<Place[]>(room_ * names_.size());  // NOLINT: see the header
  std::copy_n(places_.get(), used, more.get());
  places_ = std::move(more);
}

void Rows::append() {
  make_room(size() + 1);
  texts_.push_back(text_.open());
  std::fill_n(last_row(), names_.size(), nowhere);
}

Result<void> Rows::append(std::string_view text) {
  append();
  const auto size = text.size();
  char* const at = text_.room(size + OtherBytes::zeros);
  std::copy(text.begin(), text.end(), at);
  std::memset(at + size, 0, OtherBytes::zeros);
  if (scan(at, size)) {
    text_.take(at + size - 1);  // Without its brace: more members may follow.
    texts_.back() = at;
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

void Rows::append(Rows more) {
  if (more.empty()) return;
  make_room(size() + more.size());
  std::copy_n(more.places_.get(), more.size() * names_.size(), row_at(size()));
  texts_.insert(texts_.end(), more.texts_.begin(), more.texts_.end());
  text_.append(std::move(more.text_));
  for (std::size_t column = 0; column < seen_.size(); ++column) {
    auto& seen = seen_[column];
    const auto& too = more.seen_[column];
    seen = {seen.kinds | too.kinds, std::max(seen.longest, too.longest), seen.bytes + too.bytes};
  }
}

/// Finds the members in the text of the last row, behind which are zeros; false when somebody else has written it.
bool Rows::scan(char* text, std::size_t size) {
  if (size < 2 || *text != '{') return false;
  const char* const end = text + size;
  if (size == 2) return text[1] == '}';
  *text = ',';  // As before every other member.
  const char* at = text;
  auto* const row = last_row();
  OtherBytes others(text);
  std::size_t expected = 0;  // Members mostly come in the order of the columns.
  for (auto column = expected; column < names_.size() && *at == ','; ++column) {
    if (!begins_with(at, end, keys_[column])) continue;
    at += keys_[column].size();
    const auto token = token_at(at, end, text, others);
    if (token.size == 0) return false;
    row[column] = {static_cast<std::uint32_t>(at - text), static_cast<std::uint32_t>(token.size), token.kind,
                   column > 0 && column == expected};
    if (token.kind != Value::Kind::null) seen_[column].add(token.kind, token.size);
    at += token.size;
    expected = column + 1;
  }
  return scan_others({at, end}, text);
}

/// As scan(), of what is left of the text: members of other names, or in another order.
bool Rows::scan_others(std::string_view rest, const char* text) {
  while (rest.starts_with(',')) {
    auto column = names_.size();
    while (column-- > 0 && !begins_with(rest.data(), rest.data() + rest.size(), keys_[column])) continue;
    const bool is_known = column < names_.size();
    if (is_known) {
      rest.remove_prefix(keys_[column].size());
    } else {
      rest.remove_prefix(1);
      const auto name = written_token(rest);
      if (name.kind != Value::Kind::string || !rest.substr(name.size).starts_with(':')) return false;
      rest.remove_prefix(name.size + 1);
    }
    const auto token = written_token(rest);
    if (token.size == 0) return false;
    const auto begin = static_cast<std::uint32_t>(rest.data() - text);
    if (is_known) put(column, {begin, static_cast<std::uint32_t>(token.size), token.kind, false});
    rest.remove_prefix(token.size);
  }
  return rest == "}";
}

/// Of the last row.
void Rows::put(std::size_t column, const Place& place) noexcept {
  auto* const row = last_row();
  row[column] = place;
  if (column + 1 < names_.size()) row[column + 1].follows = false;  // It stood behind the cell that was here.
  if (place.kind != Value::Kind::null) seen_[column].add(place.kind, place.size);
}

/// Whether the cell of the column before `column` is there and ends at `end`.
bool Rows::ends_before(std::size_t column, std::size_t end) noexcept {
  if (column == 0) return false;
  const auto& before = last_row()[column - 1];
  return before.size != 0 && before.begin + before.size == end;
}

void Rows::set(std::size_t column, const Value& value) {
  if (value.is_null()) return put(column, nowhere);
  auto text = keys_[column];
  const auto begin = text_.row_size() + text.size();
  write(value, text);
  text_.take(std::copy(text.begin(), text.end(), text_.room(text.size())));
  texts_.back() = text_.row();
  put(column, {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text_.row_size() - begin), value.kind(),
               ends_before(column, begin - keys_[column].size())});
}

/// In one go, because every record of a page has some.
void Rows::set(std::size_t column, std::initializer_list<Scalar> values) {
  std::size_t room = 0;
  for (auto at = column; at < column + values.size(); ++at) room += keys_[at].size() + digits_max;
  bool follows = ends_before(column, text_.row_size());
  char* end = text_.room(room);
  const char* const row = texts_.back() = text_.row();
  auto* place = last_row() + column;
  for (const auto& value : values) {
    end = std::copy(keys_[column].begin(), keys_[column].end(), end);
    const char* const begin = end;
    end = write_scalar(value, end);
    const auto size = static_cast<std::uint32_t>(end - begin);
    *place++ = {static_cast<std::uint32_t>(begin - row), size, value.kind, follows};
    if (value.kind != Value::Kind::null) seen_[column].add(value.kind, size);
    follows = true;
    ++column;
  }
  if (column < names_.size()) place->follows = false;  // It stood behind the cell that was here.
  text_.take(end);
}

void Rows::pop_back() {
  texts_.pop_back();
  text_.clear_row();
}

void Rows::keep(const std::vector<bool>& stays) {
  std::size_t kept = 0;
  for (std::size_t row = 0; row < size(); ++row) {
    if (!stays[row]) continue;
    if (kept != row) {
      std::copy(row_at(row), row_at(row + 1), row_at(kept));
      texts_[kept] = texts_[row];
    }
    ++kept;
  }
  texts_.resize(kept);
}

}  // namespace holdfast::json
