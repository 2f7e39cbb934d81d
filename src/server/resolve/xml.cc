#include "server/resolve/xml.h"

#include <expat.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace holdfast::server {
namespace {

constexpr const char* content = "content";

/// A number only if JSON writes it so: "007" and "+1" are texts.
Value number_or_text(std::string_view text) {
  const char* const end = text.data() + text.size();
  const auto digits = text.substr(text.front() == '-' ? 1 : 0);
  const bool is_padded = digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
  if (digits.empty() || digits[0] < '0' || digits[0] > '9' || is_padded || text.back() == '.') return std::string(text);
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(text.data(), end, integer); read.ec == std::errc() && read.ptr == end) {
    return integer;
  }
  double number = 0;
  const auto read = std::from_chars(text.data(), end, number);
  const bool is_decimal = text.find_first_of(".eE") != std::string_view::npos;
  if (is_decimal && read.ec == std::errc() && read.ptr == end && std::isfinite(number)) return number;
  return std::string(text);
}

Value value_of(std::string_view text) {
  if (text.empty()) return std::string();
  if (equal_ignoring_case(text, "true")) return true;
  if (equal_ignoring_case(text, "false")) return false;
  if (equal_ignoring_case(text, "null")) return nullptr;
  return number_or_text(text);
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char letter) { return static_cast<unsigned char>(letter) <= ' '; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// An element under way.
class Element {
 public:
  explicit Element(std::string name) : name_(std::move(name)) {}
  Element(Element&&) = default;  // Moved only: the names in `order_` are views.
  Element& operator=(Element&&) = default;
  ~Element() = default;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  void add(std::string_view name, Value value) {
    const auto [place, is_new] = members_.try_emplace(std::string(name), order_.size());
    if (is_new) order_.emplace_back(place->first, List());
    order_[place->second].second.push_back(std::move(value));
  }

  Object take_members() {
    Object all;
    for (auto& [name, values] : order_) {
      all.append(std::string(name), values.size() == 1 ? std::move(values.front()) : Value(std::move(values)));
    }
    return all;
  }

  Value take() {
    Object all = take_members();
    if (all.empty()) return std::string();
    if (all.size() == 1 && all.begin()->name == content) return std::move(all.begin()->value);
    return all;
  }

 private:
  std::string name_;
  std::map<std::string, std::size_t, std::less<>> members_;  // Places in `order_`.
  std::vector<std::pair<std::string_view, List>> order_;     // The names are those of `members_`.
};

class Reader {
 public:
  /// An exception must not cross expat, which is C: of these functions, only that of memory that is used up can occur.
  Reader() : parser_(XML_ParserCreate(nullptr)) {
    open_.emplace_back(std::string());
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(
        parser_.get(),
        [](void* self, const char* name, const char** attributes) noexcept { of(self).start(name, attributes); },
        [](void* self, const char* /*name*/) noexcept { of(self).end(); });
    XML_SetCharacterDataHandler(parser_.get(), [](void* self, const char* text, int size) noexcept {
      of(self).text_.append(text, static_cast<std::size_t>(size));
    });
    XML_SetCdataSectionHandler(
        parser_.get(), [](void* self) noexcept { of(self).flush(); },
        [](void* self) noexcept { of(self).end_cdata(); });
    XML_SetCommentHandler(parser_.get(), [](void* self, const char* /*text*/) noexcept { of(self).flush(); });
    XML_SetProcessingInstructionHandler(
        parser_.get(), [](void* self, const char*, const char*) noexcept { of(self).flush(); });
    XML_SetEntityDeclHandler(parser_.get(),
                             [](void* self, const char*, int, const char*, int, const char*, const char*, const char*,
                                const char*) noexcept { of(self).fail("it declares entities"); });
    XML_SetSkippedEntityHandler(parser_.get(), [](void* self, const char* /*name*/, int /*is_parameter*/) noexcept {
      of(self).fail("it uses an entity that it does not declare");
    });
  }

  Result<Value> read(std::string_view text) {
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
      return Error{Code::malformed, "XML of more than 2 GiB is not read."};
    }
    const auto status = XML_Parse(parser_.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
    if (status == XML_STATUS_OK && problem_.empty()) return open_.front().take_members();
    const std::string problem = problem_.empty() ? XML_ErrorString(XML_GetErrorCode(parser_.get())) : problem_;
    return Error{Code::malformed, "line " + std::to_string(XML_GetCurrentLineNumber(parser_.get())) + ", column " +
                                      std::to_string(XML_GetCurrentColumnNumber(parser_.get()) + 1) + ": " + problem};
  }

 private:
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };
  static Reader& of(void* self) { return *static_cast<Reader*>(self); }

  void start(const char* name, const char** attributes) {
    flush();
    if (open_.size() > xml_depth_max) return fail("elements nest more than " + std::to_string(xml_depth_max) + " deep");
    open_.emplace_back(name);
    for (; *attributes != nullptr; attributes += 2) open_.back().add(attributes[0], value_of(attributes[1]));
  }
  void end() {
    flush();
    auto ended = std::move(open_.back());
    open_.pop_back();
    open_.back().add(ended.name(), ended.take());
  }
  /// The text so far is one piece, also when a comment comes between it and the next.
  void flush() {
    if (const auto text = trimmed(text_); !text.empty()) open_.back().add(content, value_of(text));
    text_.clear();
  }
  void end_cdata() {
    if (!text_.empty()) open_.back().add(content, std::exchange(text_, {}));
  }
  void fail(std::string problem) {
    problem_ = std::move(problem);
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser_;
  std::vector<Element> open_;  // The first is the document.
  std::string text_;
  std::string problem_;
};

}  // namespace

Result<Value> read_xml(std::string_view text) { return Reader().read(text); }

}  // namespace holdfast::server
