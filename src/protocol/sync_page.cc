// The hot path of hydration: a page of a sync query from text to records, without a Value of the whole page between.
#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "protocol/failures.h"
#include "protocol/fields.h"
#include "protocol/replies.h"

namespace holdfast::protocol {
namespace {

using simdjson::dom::element;
using Type = simdjson::dom::element_type;

constexpr std::size_t page_bytes_max = std::size_t{1} << 30U;
constexpr std::size_t parser_bytes_min = std::size_t{1} << 16U;

Value value_of(const element& from);

List list_of(const simdjson::dom::array& elements) {
  List list;
  list.reserve(elements.size());
  for (const auto child : elements) list.push_back(value_of(child));
  return list;
}

Object object_of(const simdjson::dom::object& members) {
  Object object;
  object.reserve(members.size());
  for (const auto [name, child] : members) object.set(name, value_of(child));
  return object;
}

Value value_of(const element& from) {
  switch (from.type()) {
    case Type::ARRAY: return list_of(from.get_array().value_unsafe());
    case Type::OBJECT: return object_of(from.get_object().value_unsafe());
    case Type::INT64: return from.get_int64().value_unsafe();
    case Type::UINT64: return static_cast<double>(from.get_uint64().value_unsafe());
    case Type::DOUBLE: return from.get_double().value_unsafe();
    case Type::STRING: return std::string_view(from.get_string().value_unsafe());
    case Type::BOOL: return from.get_bool().value_unsafe();
    case Type::NULL_VALUE: return nullptr;
  }
  return nullptr;
}

/// Where a member of an item goes.
struct Slot {
  enum class What : std::uint8_t { field, version, last_changed, deleted, stub };
  std::string_view name;
  What what = What::field;
  std::size_t index = 0;  ///< Of the model's field or of the stub.
};

/// The hidden foreign keys that a relation's stub carries.
struct Stub {
  struct Part {
    std::size_t field;
    std::string_view target_key;
  };
  std::vector<Part> parts;
};

/// Reads items of one model. Members mostly come in the order of our own selection, so the next slot is guessed and
/// looked up by name only when the guess is wrong.
class ItemReader {
 public:
  explicit ItemReader(const ModelSchema& model);
  Result<Received> read(const element& item);

 private:
  void add_stubs();
  const Slot* slot_of(std::string_view member);
  std::optional<Error> store(const Slot& slot, const element& value, Received& into) const;
  std::optional<Error> store_field(std::size_t field, const element& value, Record& into) const;
  std::optional<Error> store_stub(const Stub& stub, const element& value, Record& into) const;
  Error refused(std::string_view member, const std::string& why) const {
    return {Code::malformed, "a record of " + model_.name + ": '" + std::string(member) + "' " + why};
  }

  const ModelSchema& model_;
  std::vector<Slot> slots_;
  std::vector<Stub> stubs_;
  std::vector<std::size_t> key_fields_;
  std::size_t next_ = 0;
};

ItemReader::ItemReader(const ModelSchema& model) : model_(model) {
  for (const auto at : selected_fields(model.fields)) slots_.push_back({model.fields[at].name, Slot::What::field, at});
  slots_.push_back({version_member, Slot::What::version});
  slots_.push_back({last_changed_member, Slot::What::last_changed});
  slots_.push_back({deleted_member, Slot::What::deleted});
  add_stubs();
  for (const auto& name : model.primary_key) {
    const auto at = model.field_index(name);
    HOLDFAST_ASSERT(at.has_value(), "key fields are fields");
    key_fields_.push_back(*at);
  }
}

void ItemReader::add_stubs() {
  for (const auto& relation : model_.relations) {
    if (relation.kind != RelationKind::belongs_to) continue;
    Stub stub;
    for (std::size_t at = 0; at < relation.keys.size(); ++at) {
      const auto field = model_.field_index(relation.keys[at]);
      if (field && model_.fields[*field].is_hidden) stub.parts.push_back({*field, relation.target_keys.at(at)});
    }
    slots_.push_back({relation.name, Slot::What::stub, stubs_.size()});
    stubs_.push_back(std::move(stub));
  }
}

const Slot* ItemReader::slot_of(std::string_view member) {
  if (next_ >= slots_.size()) next_ = 0;
  if (slots_[next_].name != member) {
    const auto found =
        std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.name == member; });
    if (found == slots_.end()) return nullptr;
    next_ = static_cast<std::size_t>(found - slots_.begin());
  }
  return &slots_[next_++];
}

std::optional<Error> ItemReader::store_field(std::size_t field, const element& value, Record& into) const {
  auto& target = into.values[field];
  target = value_of(value);
  const auto& schema = model_.fields[field];
  if (!admit(schema, target)) return refused(schema.name, "is not of type " + expected_type(schema));
  return std::nullopt;
}

std::optional<Error> ItemReader::store_stub(const Stub& stub, const element& value, Record& into) const {
  if (stub.parts.empty() || !value.is_object()) return std::nullopt;
  for (const auto& part : stub.parts) {
    element key;
    if (value[part.target_key].get(key) != simdjson::SUCCESS) continue;
    if (auto error = store_field(part.field, key, into)) return error;
  }
  return std::nullopt;
}

std::optional<Error> ItemReader::store(const Slot& slot, const element& value, Received& into) const {
  if (slot.what == Slot::What::field) return store_field(slot.index, value, into.record);
  if (slot.what == Slot::What::stub) return store_stub(stubs_[slot.index], value, into.record);
  if (value.is_null()) return std::nullopt;
  if (slot.what == Slot::What::deleted) {
    if (value.get(into.metadata.is_deleted) != simdjson::SUCCESS) return refused(slot.name, "is not a boolean");
    return std::nullopt;
  }
  std::int64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS) return refused(slot.name, "is not an integer");
  if (slot.what == Slot::What::version) into.metadata.version = number;
  if (slot.what == Slot::What::last_changed) into.metadata.last_changed_at = from_epoch_ms(number);
  return std::nullopt;
}

Result<Received> ItemReader::read(const element& item) {
  simdjson::dom::object members;
  if (item.get(members) != simdjson::SUCCESS) {
    return Error{Code::malformed, "a record of " + model_.name + " is not an object"};
  }
  next_ = 0;
  Received received{Record(model_), {}};
  for (const auto [name, value] : members) {
    const auto* slot = slot_of(name);
    if (!slot) continue;
    if (auto error = store(*slot, value, received)) return std::move(*error);
  }
  for (const auto at : key_fields_) {
    if (received.record.values[at].is_null()) return refused(model_.fields[at].name, "of the key is missing");
  }
  return received;
}

void read_items(const ModelSchema& model, const simdjson::dom::array& items, SyncedPage& page) {
  ItemReader reader(model);
  page.items.reserve(items.size());
  for (const auto item : items) {
    auto received = reader.read(item);
    if (received) {
      page.items.push_back(std::move(*received));
      continue;
    }
    ++page.unreadable_count;
    if (page.first_problem.empty()) page.first_problem = std::move(received).error().message;
  }
}

/// What the reply's `errors` say; nothing when there are none.
std::optional<ReplyError> first_error(const element& root) {
  element errors;
  if (root["errors"].get(errors) != simdjson::SUCCESS || errors.is_null()) return std::nullopt;
  simdjson::dom::array list;
  if (errors.get(list) != simdjson::SUCCESS) return malformed_reply("'errors' is not a list");
  for (const auto error : list) return graphql_failure(value_of(error));
  return std::nullopt;
}

/// Whether a page that came with this error may be used: only when single items are at fault.
bool spares_the_page(const ReplyError& error) {
  return error.failure == Failure::rejected || error.failure == Failure::condition_failed;
}

std::variant<SyncedPage, ReplyError> read_root(const ModelSchema& model, const element& root) {
  auto error = first_error(root);
  if (error && !spares_the_page(*error)) return std::move(*error);
  const auto name = sync_field(model);
  const auto connection = root["data"][name];
  simdjson::dom::array items;
  if (connection["items"].get(items) != simdjson::SUCCESS) {
    return error ? std::move(*error) : malformed_reply("'data." + name + ".items' is missing or not a list");
  }

  SyncedPage page;
  if (connection["startedAt"].get(page.started_at) != simdjson::SUCCESS) {
    return error ? std::move(*error) : malformed_reply("'startedAt' is missing or not an integer");
  }
  element token;
  if (connection["nextToken"].get(token) == simdjson::SUCCESS && !token.is_null()) {
    std::string_view text;
    if (token.get(text) != simdjson::SUCCESS) return malformed_reply("'nextToken' is neither a string nor null");
    page.next_token = std::string(text);
  }
  if (error) page.first_problem = std::move(error->message);
  read_items(model, items, page);
  return page;
}

}  // namespace

std::variant<SyncedPage, ReplyError> read_sync_page(const ModelSchema& model, const Result<HttpResponse>& reply) {
  if (auto failed = http_failure(reply)) return std::move(*failed);
  // A parser keeps its buffers, which are several times a page: one a thread spares allocating them anew.
  thread_local simdjson::dom::parser parser(page_bytes_max);
  if (parser.max_depth() != json::depth_max &&
      parser.allocate(std::max(reply->body.size(), parser_bytes_min), json::depth_max) != simdjson::SUCCESS) {
    return malformed_reply("too large");
  }
  element root;
  if (const auto failed = parser.parse(reply->body).get(root)) {
    return malformed_reply(simdjson::error_message(failed));
  }
  if (!root.is_object()) return malformed_reply("not a JSON object");
  return read_root(model, root);
}

}  // namespace holdfast::protocol
