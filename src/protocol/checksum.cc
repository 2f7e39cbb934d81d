#include "protocol/checksum.h"

#include <bit>
#include <charconv>
#include <cmath>

#include "base/fnv.h"
#include "base/json.h"

namespace holdfast::protocol {
namespace {

/// FNV-1a, and a final mix so that sums of similar rows do not stay close to each other.
class Hash {
 public:
  void bytes(std::string_view text) { sum_.bytes(text); }
  void number(std::uint64_t value) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
      const char byte = static_cast<char>(value >> shift);
      bytes({&byte, 1});
    }
  }
  void value(const Value& value);
  [[nodiscard]] std::uint64_t end() const {
    auto mixed = sum_.value();
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31U);
  }

 private:
  Fnv1a sum_;
};

/// A whole number is the same whether it is kept as an integer or as a double.
void add_double(Hash& hash, double number) {
  constexpr double exact_max = 9007199254740992.0;
  if (std::abs(number) <= exact_max && std::trunc(number) == number) {
    hash.bytes("i");
    return hash.number(static_cast<std::uint64_t>(static_cast<std::int64_t>(number)));
  }
  hash.bytes("d");
  hash.number(std::bit_cast<std::uint64_t>(number));
}

void Hash::value(const Value& value) {
  if (const auto* text = value.as_string()) {
    bytes("s");
    number(text->size());
    return bytes(*text);
  }
  if (const auto* integer = value.as_integer()) {
    bytes("i");
    return number(static_cast<std::uint64_t>(*integer));
  }
  if (const auto* floating = value.as_floating()) return add_double(*this, *floating);
  if (const auto* boolean = value.as_boolean()) return bytes(*boolean ? "t" : "f");
  const auto* list = value.as_list();
  if (!list) return bytes("n");
  bytes("l");
  number(list->size());
  for (const auto& element : *list) this->value(element);
}

List texts(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

Result<std::vector<std::string>> read_texts(const Value& value, const char* what) {
  const auto* list = value.as_list();
  if (!list) return Error{Code::malformed, std::string(what) + " needs a list of names"};
  std::vector<std::string> names;
  for (const auto& each : *list) {
    const auto* name = each.as_string();
    if (!name) return Error{Code::malformed, std::string(what) + " needs a list of names"};
    names.push_back(*name);
  }
  return names;
}

std::string hexadecimal(std::uint64_t number) {
  char digits[16];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number, 16).ptr;
  return {std::begin(digits), end};
}

std::optional<std::uint64_t> read_hexadecimal(const std::string& text) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, 16);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

std::optional<std::string> text_or_null(const Value& value) {
  const auto* text = value.as_string();
  return text ? std::optional(*text) : std::nullopt;
}

std::optional<ChecksumPart> read_part(std::string_view text) {
  const auto json = json::parse(text);
  if (!json) return std::nullopt;
  const auto* count = (*json)["count"].as_integer();
  const auto* sum = (*json)["sum"].as_string();
  const auto number = sum ? read_hexadecimal(*sum) : std::nullopt;
  auto fields = read_texts((*json)["fields"], "fields");
  if (!count || *count < 0 || !number || !fields) return std::nullopt;
  return ChecksumPart{.checksum = {static_cast<std::uint64_t>(*count), *number},
                      .fields = std::move(*fields),
                      .next_token = text_or_null((*json)["nextToken"])};
}

}  // namespace

std::uint64_t Checksum::values_hash(const Record& record, const std::vector<std::string>& fields) {
  Hash hash;
  for (const auto& field : fields) hash.value(record[field]);
  return hash.end();
}

void Checksum::add(std::uint64_t values_hash, std::int64_t version) {
  Hash hash;
  hash.number(values_hash);
  hash.number(static_cast<std::uint64_t>(version));
  ++count;
  sum += hash.end();
}

bool is_summed(const FieldSchema& field) {
  return field.kind != FieldKind::embedded && field.scalar != Scalar::aws_json && !field.is_read_only &&
         !field.is_hidden;
}

std::vector<std::string> summed_fields(const ModelSchema& model) {
  std::vector<std::string> names;
  for (const auto& field : model.fields) {
    if (is_summed(field)) names.push_back(field.name);
  }
  return names;
}

std::string write(const ChecksumQuestion& question) {
  List except;
  for (const auto& key : question.except) except.emplace_back(key.parts);
  return json::write(Object{{"model", question.model},
                            {"where", question.where.is_always() ? Value() : to_json(question.where)},
                            {"fields", texts(question.fields)},
                            {"except", std::move(except)},
                            {"nextToken", question.next_token ? Value(*question.next_token) : Value()}});
}

Result<ChecksumQuestion> read_checksum_question(std::string_view text) {
  HOLDFAST_TRY(json, json::parse(text));
  ChecksumQuestion question;
  const auto* model = json["model"].as_string();
  if (!model) return Error{Code::malformed, "model needs a name"};
  question.model = *model;
  if (const auto& where = json["where"]; !where.is_null()) {
    HOLDFAST_TRY(predicate, predicate_from_json(where));
    question.where = std::move(predicate);
  }
  HOLDFAST_TRY(fields, read_texts(json["fields"], "fields"));
  question.fields = std::move(fields);
  const auto* except = json["except"].as_list();
  if (!except || except->size() > except_max) return Error{Code::malformed, "except needs a list of at most 1000 keys"};
  for (const auto& key : *except) {
    if (!key.as_list()) return Error{Code::malformed, "except needs a list of keys, each a list of its parts"};
    question.except.push_back(Key{*key.as_list()});
  }
  question.next_token = text_or_null(json["nextToken"]);
  return question;
}

std::string write(const ChecksumPart& part) {
  return json::write(Object{{"count", static_cast<std::int64_t>(part.checksum.count)},
                            {"sum", hexadecimal(part.checksum.sum)},
                            {"fields", texts(part.fields)},
                            {"nextToken", part.next_token ? Value(*part.next_token) : Value()}});
}

std::variant<ChecksumPart, NoChecksum> read_checksum(const Result<HttpResponse>& reply) {
  if (!reply) return NoChecksum{.may_retry = true, .error = reply.error()};
  const int status = reply->status;
  if (status == 200) {
    if (auto part = read_part(reply->body)) return std::move(*part);
    return NoChecksum{.is_unknown = true, .error = {Code::unsupported, "the service answers no checksums"}};
  }
  if (status == 429 || status >= 500) {
    return NoChecksum{.may_retry = true,
                      .error = {Code::unavailable, "the service answered with status " + std::to_string(status)}};
  }
  if (status == 401 || status == 403) {
    return NoChecksum{
        .error = {Code::unauthorized, "the service refuses a checksum of this model to these credentials"}};
  }
  if (status == 422) return NoChecksum{.error = {Code::rejected, "the service cannot sum this model: " + reply->body}};
  return NoChecksum{.is_unknown = true, .error = {Code::unsupported, "the service answers no checksums"}};
}

}  // namespace holdfast::protocol
