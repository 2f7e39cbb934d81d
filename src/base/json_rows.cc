#include "base/json_rows.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/json.h"
#include "base/json_text.h"

namespace holdfast::json {
namespace {

bool begins_with_key(std::string_view text, std::string_view name) {
  if (text.size() < name.size() + 3) return false;
  const char* end = text.data() + 1 + name.size();
  return text[0] == '"' && end[0] == '"' && end[1] == ':' && std::memcmp(text.data() + 1, name.data(), name.size()) == 0;
}

/// Appends `,"name":number`, in one go because every record of a page has two; gives how long the number is.
std::size_t write_member(std::string_view name, std::int64_t number, std::string& out) {
  constexpr std::size_t digits_max = 20;
  const auto before = out.size();
  out.resize(before + name.size() + 4 + digits_max);
  char* at = out.data() + before;
  *at++ = ',';
  *at++ = '"';
  at = std::copy(name.begin(), name.end(), at);
  *at++ = '"';
  *at++ = ':';
  const char* end = std::to_chars(at, at + digits_max, number).ptr;
  out.resize(static_cast<std::size_t>(end - out.data()));
  return static_cast<std::size_t>(end - at);
}

}  // namespace

Value Rows::value(std::size_t row, std::size_t column) const {
  const auto [text, kind] = cell(row, column);
  switch (kind) {
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
  const auto begin = text_.size();
  append();
  text_ += text;
  if (scan(begin)) return text_.pop_back(), Result<void>();  // More members may follow.
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
  size_ += more.size_;
  last_begin_ = text_.size() + more.last_begin_;
  text_ += more.text_;
}

/// Finds the members in what has been added at `begin`; false when somebody else has written it.
bool Rows::scan(std::size_t begin) {
  const auto text = std::string_view(text_).substr(begin);
  if (!text.starts_with('{')) return false;
  if (text == "{}") return true;
  auto* row = last_row();
  std::size_t expected = 0;
  std::size_t at = 0;
  do {
    const auto column = scan_name(text, ++at, expected);
    if (!column) return false;
    const auto token = written_token(text.substr(at));
    if (token.size == 0) return false;
    if (*column < names_.size()) {
      row[*column] = {begin + at, static_cast<std::uint32_t>(token.size), token.kind};
      expected = *column + 1;
    }
    at += token.size;
  } while (at < text.size() && text[at] == ',');
  return at + 1 == text.size() && text[at] == '}';
}

/// The column of the name at `at`, which then stands behind its colon; more than there are for one that is no column.
/// Nothing when what is there is no name. Names mostly come in the order of the columns.
std::optional<std::size_t> Rows::scan_name(std::string_view text, std::size_t& at, std::size_t expected) const {
  const auto rest = text.substr(at);
  for (std::size_t tried = 0, column = expected; tried < names_.size(); ++tried, ++column) {
    if (column == names_.size()) column = 0;
    if (!begins_with_key(rest, names_[column])) continue;
    at += names_[column].size() + 3;
    return column;
  }
  const auto token = written_token(rest);
  const bool is_name = token.size > 0 && token.kind == Value::Kind::string;
  if (!is_name || token.size >= rest.size() || rest[token.size] != ':') return std::nullopt;
  at += token.size + 1;
  return names_.size();
}

void Rows::set(std::size_t column, const Value& value) {
  auto& place = last_row()[column];
  place = {};
  if (value.is_null()) return;
  std::size_t size = 0;
  if (const auto* number = value.as_integer()) {
    size = write_member(names_[column], *number, text_);
  } else {
    text_.append(",\"").append(names_[column]).append("\":");
    const auto begin = text_.size();
    write(value, text_);
    size = text_.size() - begin;
  }
  place = {text_.size() - size, static_cast<std::uint32_t>(size), value.kind()};
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
