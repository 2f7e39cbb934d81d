#include "server/resolve/conflict_handler.h"

#include <utility>

#include "model/scalars.h"
#include "server/resolve/rows.h"
#include "server/resolve/write_attempt.h"

namespace holdfast::server {
namespace {

/// Of one mutation: a record that moves on each time is in a storm (AppSync's error is MaxConflicts, too).
constexpr int asks_max = 10;

using Said = ConflictHandler::Said;

Said failed(std::string message, std::string reason) {
  return {.kind = Said::Kind::failed,
          .error_type = "ConflictError",
          .message = std::move(message),
          .reason = std::move(reason)};
}

Said malformed(std::string reason) {
  return failed("The conflict handler's answer cannot be used.", std::move(reason));
}

/// The client is not told more than this: the error's message may name hosts and files.
Said uncalled(const Error& error) {
  switch (error.code) {
    case Code::timed_out: return failed("The conflict handler did not answer in time.", error.message);
    case Code::malformed: return malformed(error.message);
    case Code::rejected: return failed("The conflict handler failed.", error.message);
    default: return failed("The conflict handler cannot be called.", error.message);
  }
}

/// The item of a mutation's result, as AppSync keeps it: the create resolver puts its type's name beside the fields.
Value typed(Object item, const ModelSchema& model) {
  Object object{{"__typename", model.name}};
  for (auto& member : item) object.append(std::move(member.name), std::move(member.value));
  return object;
}

}  // namespace

ConflictHandler::ConflictHandler(const Asked& asked, const Writing& writing, const std::string& function)
    : asked_(asked), writing_(writing), function_(function) {}

Said ConflictHandler::ask(const Image& stored, const std::optional<Record>& preview) {
  const auto now = asked_.backend.clock.ticks();
  if (asks_ == 0) first_asked_ = now;
  if (asks_ == asks_max || now - first_asked_ > asked_.backend.options.conflict_time_max) {
    return {.kind = Said::Kind::failed,
            .error_type = "MaxConflicts",
            .message = "The record was changed each time its conflict had been settled; try again.",
            .reason = "asked " + std::to_string(asks_) + " times, and the record moved on each time"};
  }
  ++asks_;
  auto answer = asked_.backend.functions->call(function_, event(stored, preview));
  auto said = answer ? read(*answer, stored, preview.has_value()) : uncalled(answer.error());
  if (said.kind == Said::Kind::failed) {
    asked_.backend.log.write(LogLevel::warning, "server", "conflict_handler_failed",
                             {{"model", writing_.model->name}, {"function", function_}});
  }
  return said;
}

Value ConflictHandler::event(const Image& stored, const std::optional<Record>& preview) const {
  const auto& model = *writing_.model;
  auto gone = item_of(stored);
  gone.set("_deleted", true);
  return Object{{"newItem", typed(preview ? item_of(*preview) : std::move(gone), model)},
                {"existingItem", typed(item_of(stored), model)},
                {"arguments", asked_.call.arguments},
                {"resolver", Object{{"tableName", model.name},
                                    {"awsRegion", asked_.backend.options.region},
                                    {"parentType", asked_.call.parent.name},
                                    {"field", asked_.call.field.name},
                                    {"outputType", model.name}}},
                {"identity", asked_.caller.described()}};
}

Said ConflictHandler::read(const Value& answer, const Image& stored, bool is_update) const {
  const auto* action = answer["action"].as_string();
  if (action == nullptr) return malformed("the answer has no text \"action\"");
  if (*action == "REJECT") return {.kind = Said::Kind::reject};
  if (*action == "REMOVE" && !is_update) return {.kind = Said::Kind::remove};
  if (*action != "RESOLVE" || !is_update) {
    return malformed("the action is " + action->substr(0, 40) + ", but " +
                     (is_update ? "an update takes RESOLVE or REJECT" : "a delete takes REMOVE or REJECT"));
  }
  const auto* item = answer["item"].as_object();
  if (item == nullptr) return malformed("RESOLVE comes without an object \"item\"");
  auto record = record_of(*item, stored);
  if (!record) return malformed(record.error().message);
  return {.kind = Said::Kind::write, .record = *std::move(record)};
}

Result<Record> ConflictHandler::record_of(const Object& item, const Image& stored) const {
  const auto& model = *writing_.model;
  auto record = stored.record;
  // What the service sets itself, and what must not be null, stays when the item leaves it out; all else goes.
  stamp(asked_, writing_, model.updated_at, record);
  for (std::size_t at = 0; at < model.fields.size(); ++at) {
    const auto& field = model.fields[at];
    if (model.is_key(field.name)) continue;
    const auto* value = item.find(field.name);
    const bool stays = field.is_read_only || field.refuses_null();
    if (value == nullptr) {
      if (!stays) record.values[at] = Value();
      continue;
    }
    // A stored value may be older than the schema; handing it back is no mistake of the handler's.
    if (!numbers_equal(*value, stored.record.values[at])) {
      HOLDFAST_TRY(valid, validate_field(asked_.backend.schema, model, field, *value));
    }
    record.values[at] = *value;
  }
  return record;
}

}  // namespace holdfast::server
