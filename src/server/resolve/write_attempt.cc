#include "server/resolve/write_attempt.h"

#include <utility>

#include "base/instant.h"
#include "base/random.h"
#include "model/scalars.h"
#include "server/resolve/input_rules.h"
#include "server/resolve/journal_conflict.h"
#include "server/resolve/rows.h"

namespace holdfast::server {
namespace {

/// Each round lost means that somebody else won: more than this is a storm, and the client should come back later.
constexpr int rounds_max = 50;

constexpr std::string_view condition_message =
    "The conditional request failed (Service: DynamoDb, Status Code: 400)";

/// A create may leave an `id` to us, also one of several key fields: its input wants the others only.
bool leaves_key_to_us(const Asked& asked, const Object& input) {
  const auto& model = *asked.route.model;
  const bool may_lack_id = asked.route.kind == Route::Kind::create && model.is_key("id") && input.at("id").is_null();
  return may_lack_id && has_shape(*model.field("id"), Value(""));
}

/// The key attributes of DynamoDB are the first field and the rest, which several fields are joined to: neither may be
/// empty.
bool is_empty_key(const Key& key) {
  const bool has_joined_rest = key.parts.size() > 2;
  return key.parts.front() == Value("") || (!has_joined_rest && key.parts.back() == Value(""));
}

/// As the resolvers of @default and @validate do it, before anything else looks at the input.
std::optional<graphql::FieldError> apply_rules(const Asked& asked, Object& input) {
  const auto kind = asked.route.kind;
  const auto* rules = asked.backend.rules_of(*asked.route.model);
  if (rules == nullptr || kind == Route::Kind::remove) return std::nullopt;
  if (kind == Route::Kind::create) fill_defaults(*rules, input);
  return broken_rule(*rules, input);
}

Result<std::optional<Image>> earlier_write(const Backend& backend, const Writing& writing) {
  if (writing.mutation_id.empty()) return std::optional<Image>();
  return backend.store.find_mutation(writing.mutation_id);
}

/// The answer to a repeated mutation: the record as it is now. A name that belongs to another record is refused.
graphql::Outcome repeated(const Writing& writing, const Image& image) {
  const bool is_same = image.record.model == writing.model &&
                       (writing.has_made_key || image.record.key() == writing.key);
  if (is_same) return Value(object_of(image));
  return refusal("BadRequestException", "This mutation id was used for another record.");
}

void stamp_at(Instant now, const Writing& writing, const std::string& name, Record& record) {
  const auto* field = name.empty() ? nullptr : writing.model->field(name);
  if (field == nullptr || !writing.input.at(name).is_null()) return;
  record[name] = field->scalar == Scalar::aws_timestamp ? Value(epoch_ms(now) / 1000) : Value(iso8601(now));
}

}  // namespace

std::variant<Writing, graphql::FieldError> writing_of(const Asked& asked, const std::string& mutation_id) {
  Writing writing{.model = asked.route.model, .mutation_id = mutation_id};
  if (const auto* input = asked.call.arguments.at("input").as_object()) writing.input = *input;
  if (auto refused = apply_rules(asked, writing.input)) return *std::move(refused);
  writing.has_made_key = leaves_key_to_us(asked, writing.input);
  if (writing.has_made_key) writing.input.set("id", uuid(asked.backend.random));
  auto key = key_of(*writing.model, writing.input);
  if (!key) return refusal("BadRequestException", asked.route.model->name + ": the key fields must not be null.");
  if (asked.route.kind == Route::Kind::create && is_empty_key(*key)) {
    return refusal("BadRequestException", asked.route.model->name + ": the key fields must not be empty.");
  }
  auto condition = read_filter(*asked.route.model, asked.call.arguments.at("condition"));
  if (!condition) return bad_request(condition.error());
  writing.key = *std::move(key);
  writing.condition = *std::move(condition);
  writing.changes = patch_of(*asked.route.model, writing.input);
  if (const auto* version = writing.input.at("_version").as_integer()) writing.version = *version;
  return writing;
}

Answer write(const Asked& asked, const Writing& writing, const Judge& judge) {
  const auto& backend = asked.backend;
  HOLDFAST_TRY(earlier, earlier_write(backend, writing));
  if (earlier) return repeated(writing, *earlier);
  for (int round = 0; round < rounds_max; ++round) {
    HOLDFAST_TRY(stored, backend.store.get(*writing.model, writing.key));
    HOLDFAST_TRY(verdict, judge(stored));
    if (auto* outcome = std::get_if<graphql::Outcome>(&verdict.action)) {
      if (verdict.settlement) journal_conflict(asked, writing, *verdict.settlement, nullptr);
      return std::move(*outcome);
    }
    auto& put = std::get<ConditionalPut>(verdict.action);
    put.request = asked.request;
    HOLDFAST_TRY(outcome, backend.store.put(put));
    if (outcome.kind == PutOutcome::Kind::written) {
      if (verdict.settlement) journal_conflict(asked, writing, *verdict.settlement, &outcome.image);
      return graphql::Outcome(Value(object_of(std::move(outcome.image))));
    }
    // Whoever repeats a mutation at the same time as its first sending finds out only here.
    if (outcome.kind == PutOutcome::Kind::repeated) return repeated(writing, outcome.image);
  }
  return Error{Code::unavailable, writing.model->name + ": the record is being changed by too many at once"};
}

bool condition_holds(const Writing& writing, const std::optional<Image>& stored) {
  if (writing.condition.live.is_always()) return true;
  const bool is_live = stored && !stored->metadata.is_deleted;
  return evaluate(writing.condition.live, is_live ? stored->record : Record(*writing.model));
}

graphql::FieldError existence_failed(const Backend& backend, const std::optional<Image>& stored) {
  if (!backend.is_versioned()) return condition_failed(backend, stored);
  return refusal("ConditionalCheckFailedException", std::string(condition_message), value_of(stored));
}

graphql::FieldError condition_failed(const Backend& backend, const std::optional<Image>& stored) {
  auto data = backend.is_versioned() ? value_of(stored) : Value();
  return refusal("DynamoDB:ConditionalCheckFailedException", std::string(condition_message), std::move(data));
}

std::optional<graphql::FieldError> missing_field(const Writing& writing, const Record& record,
                                                 const std::optional<Image>& stored) {
  for (const auto& change : writing.changes) {
    const auto& field = writing.model->fields[change.field];
    if (!field.refuses_null() || field.is_read_only || !record.values[change.field].is_null()) continue;
    return refusal("BadRequestException", "Variable '" + field.name + "' has coerced Null value for NonNull type '" +
                                              type_text(field) + "'", value_of(stored));
  }
  return std::nullopt;
}

void stamp(const Asked& asked, const Writing& writing, const std::string& name, Record& record) {
  stamp_at(asked.backend.clock.wall(), writing, name, record);
}

void complete_created(const Asked& asked, const Writing& writing, Record& record) {
  const auto& model = *writing.model;
  // As the original's create resolver does it, also where another field is the key. Not among the changes, by which a
  // repeated create is known.
  const auto* id = model.field("id");
  if (id != nullptr && record["id"].is_null() && has_shape(*id, Value(""))) record["id"] = uuid(asked.backend.random);
  const auto now = asked.backend.clock.wall();
  stamp_at(now, writing, model.created_at, record);
  stamp_at(now, writing, model.updated_at, record);
}

}  // namespace holdfast::server
