#include "base/json_rows.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/json_text.h"

namespace holdfast::json {

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
  if (scan(begin)) return {};
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
  const auto has = [&](std::size_t column) {
    const auto name = names_[column];
    const auto end = at + 1 + name.size();
    return end + 1 < text.size() && text[at] == '"' && text[end] == '"' && text.substr(at + 1, name.size()) == name &&
           text[end + 1] == ':';
  };
  for (std::size_t tried = 0; tried < names_.size(); ++tried) {
    const auto column = (expected + tried) % names_.size();
    if (!has(column)) continue;
    at += names_[column].size() + 3;
    return column;
  }
  const auto token = written_token(text.substr(at));
  const auto colon = at + token.size;
  const bool is_name = token.size > 0 && token.kind == Value::Kind::string;
  if (!is_name || colon >= text.size() || text[colon] != ':') return std::nullopt;
  at = colon + 1;
  return names_.size();
}

void Rows::set(std::size_t column, const Value& value) {
  auto& place = last_row()[column];
  place.begin = text_.size();
  write(value, text_);
  place.size = static_cast<std::uint32_t>(text_.size() - place.begin);
  place.kind = value.kind();
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
