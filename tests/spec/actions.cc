// The verbs of `{"do": …}`.
#include <limits>
#include <utility>

#include "base/json.h"
#include "tests/spec/verbs.h"

namespace holdfast::spec {
namespace {

Error wrong(std::string what) { return {Code::malformed, std::move(what)}; }

Result<StageDevice*> running_device(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  if (!device->device) return wrong("device " + std::to_string(device->number) + " is not running");
  return device;
}

/// The outcome that the step expects: success, or the error code in `fails`.
Result<void> as_expected(const Object& arguments, const std::optional<Error>& error) {
  const std::string expected = arguments.at("fails").as_string() ? *arguments.at("fails").as_string() : "";
  const std::string seen = error ? std::string(name(error->code)) : "";
  if (expected == seen) return {};
  return wrong("expected: " + (expected.empty() ? "success" : expected) +
               "\nseen:     " + (error ? seen + ": " + error->message : "success"));
}

template <class T>
Result<void> as_expected(const Object& arguments, const Result<T>& result) {
  return as_expected(arguments, result ? std::nullopt : std::optional<Error>(result.error()));
}

Result<Predicate> condition_of(const Object& arguments, std::string_view member) {
  const auto* json = arguments.find(member);
  if (!json) return Predicate{};
  return predicate_from_json(*json);
}

Result<void> set_fields(const Object& arguments, Record& record) {
  const auto* fields = arguments.at("fields").as_object();
  if (!fields) return wrong("fields: an object is needed");
  for (const auto& field : *fields) {
    if (!record.model->field(field.name)) return wrong(record.model->name + " has no field " + field.name);
    record[field.name] = field.value;
  }
  return {};
}

/// A whole instance, as an application saves it.
Result<void> save(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  HOLDFAST_TRY(model, model_of(*device->schema, arguments));
  HOLDFAST_TRY(condition, condition_of(arguments, "condition"));
  Record record(*model);
  HOLDFAST_TRY(set, set_fields(arguments, record));
  return as_expected(arguments, device->device->save(std::move(record), nullptr, condition));
}

Result<Record> row_with_key(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  HOLDFAST_TRY(model, model_of(*device->schema, arguments));
  const auto* key = arguments.at("key").as_list();
  if (!key) return wrong("key: a list of its parts is needed");
  HOLDFAST_TRY(found, device->device->find(*model, Key{*key}));
  if (!found) return wrong("device " + std::to_string(device->number) + " has no such row");
  return std::move(*found);
}

/// The fields that differ from the row that is there now.
Result<void> edit(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  HOLDFAST_TRY(original, row_with_key(stage, arguments));
  HOLDFAST_TRY(condition, condition_of(arguments, "condition"));
  auto changed = original;
  HOLDFAST_TRY(set, set_fields(arguments, changed));
  const auto changes = difference(original, changed);
  return as_expected(arguments, device->device->save(std::move(changed), &changes, condition));
}

Result<void> remove(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  HOLDFAST_TRY(row, row_with_key(stage, arguments));
  HOLDFAST_TRY(condition, condition_of(arguments, "condition"));
  return as_expected(arguments, device->device->remove(row, condition));
}

Result<void> remove_where(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  HOLDFAST_TRY(model, model_of(*device->schema, arguments));
  HOLDFAST_TRY(where, condition_of(arguments, "where"));
  return as_expected(arguments, device->device->remove_where(*model, where));
}

Result<void> start(Stage& stage, const Object& arguments) {
  auto plan_members = arguments;
  plan_members.erase("device");
  plan_members.erase("fails");
  HOLDFAST_TRY(devices, devices_of(stage, arguments));
  for (auto* device : devices) {
    HOLDFAST_TRY(read, read_plan(plan_members, device->plan));
    HOLDFAST_TRY(started, as_expected(arguments, stage.start(*device)));
  }
  return {};
}

/// Does `deed` to the devices that are named, all by default.
template <class Deed>
Result<void> to_each(Stage& stage, const Object& arguments, Deed deed) {
  HOLDFAST_TRY(devices, devices_of(stage, arguments));
  for (auto* device : devices) deed(*device);
  return {};
}

Result<void> stop(Stage& stage, const Object& arguments) {
  return to_each(stage, arguments, [&](StageDevice& device) { stage.stop(device); });
}

Result<void> reselect(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  HOLDFAST_TRY(read, read_keep(arguments, device->plan));
  return stage.reselect(*device);
}

Result<void> clear(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  device->is_started = device->is_live = false;
  return device->device->clear();
}

Result<void> offline(Stage& stage, const Object& arguments) {
  return to_each(stage, arguments, [&](StageDevice& device) { stage.set_online(device, false); });
}
Result<void> online(Stage& stage, const Object& arguments) {
  return to_each(stage, arguments, [&](StageDevice& device) { stage.set_online(device, true); });
}
Result<void> partition(Stage& stage, const Object& arguments) {
  return to_each(stage, arguments, [&](StageDevice& device) { stage.set_reachable(device, false); });
}
Result<void> heal(Stage& stage, const Object& arguments) {
  return to_each(stage, arguments, [&](StageDevice& device) { stage.set_reachable(device, true); });
}

Result<void> backend_down(Stage& stage, const Object&) {
  stage.stop_backend();
  return {};
}
Result<void> backend_up(Stage& stage, const Object& arguments) {
  const auto* key = arguments.at("api_key").as_string();
  return stage.start_backend(key ? *key : "da2-right");
}

Result<void> crash(Stage& stage, const Object& arguments) {
  return to_each(stage, arguments, [&](StageDevice& device) { stage.kill(device); });
}

/// At the device's n-th transaction from now, before or after it is committed.
Result<void> crash_at(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  HOLDFAST_TRY(write, integer_of(arguments, "write", 1));
  HOLDFAST_TRY(point, text_of(arguments, "point"));
  if (point != "before_commit" && point != "after_commit") return wrong("point: before_commit or after_commit");
  device->disk->crash_at(static_cast<unsigned>(write), point == "before_commit" ? simulation::CrashPoint::before_commit
                                                                                : simulation::CrashPoint::after_commit);
  return {};
}

/// A new process, perhaps with its wall clock changed, or of the application's next release. It was syncing before, so
/// it starts again.
Result<void> restart(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(skew, integer_of(arguments, "skew_ms", device->skew.count()));
  const auto* schema = arguments.find("schema");
  if (schema && *schema != Value("newer")) return wrong("schema: newer");
  stage.kill(*device);
  if (schema) stage.upgrade(*device);
  device->skew = Milliseconds(skew);
  stage.open(*device);
  return stage.start(*device);
}

Result<void> settle(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(within, integer_of(arguments, "within_ms", 900'000));
  return stage.settle(Milliseconds(within));
}

Result<void> run(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(time, integer_of(arguments, "ms", 1'000));
  stage.run_for(Milliseconds(time));
  return {};
}

Result<void> delay(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(time, integer_of(arguments, "ms", 10));
  stage.set_delay(Milliseconds(time));
  return {};
}

Result<void> break_socket(Stage& stage, const Object& arguments) {
  return to_each(stage, arguments, [&](StageDevice& device) { break_sockets(device.wires, stage.agenda()); });
}
Result<void> silence_socket(Stage& stage, const Object& arguments) {
  return to_each(stage, arguments, [](StageDevice& device) { silence_sockets(device.wires); });
}

Result<unsigned> count_of(const Object& arguments) {
  HOLDFAST_TRY(count, integer_of(arguments, "count", 1));
  if (count < 0 || count > std::numeric_limits<int>::max()) return wrong("count: too small or too large");
  return static_cast<unsigned>(count);
}

Result<void> fail_next_requests(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(count, count_of(arguments));
  HOLDFAST_TRY(status, integer_of(arguments, "status", 503));
  device->wires.failing_requests = count;
  device->wires.failing_status = static_cast<int>(status);
  return {};
}
/// The answer that the step spells out: an error as AppSync puts it, or a body of its own.
HttpResponse response_of(const Object& arguments, int status) {
  HttpResponse response{.status = status};
  if (const auto* headers = arguments.at("headers").as_object()) {
    for (const auto& header : *headers) response.headers.emplace_back(header.name, *header.value.as_string());
  }
  if (const auto* body = arguments.at("body").as_string()) {
    response.body = *body;
    return response;
  }
  const Object error{{"errorType", arguments.at("error_type")}, {"message", "as the scenario asks"},
                     {"data", arguments.at("data")}};
  response.body = json::write(Object{{"data", Object{}}, {"errors", List{error}}});
  return response;
}

Result<void> answer_next(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(count, count_of(arguments));
  HOLDFAST_TRY(status, integer_of(arguments, "status", 200));
  HOLDFAST_TRY(field, text_of(arguments, "field"));
  const auto* variables = arguments.find("variables");
  device->wires.answers.push_back(
      {.left = count,
       .suits = [field, variables = variables ? *variables : Value(Object{})](const WireBook::Sent& sent) {
         return sent.field == field && matches(variables, sent.variables);
       },
       .response = response_of(arguments, static_cast<int>(status))});
  return {};
}

/// The letter that stands first; `fails` as for a save.
Result<void> retry_dead_letter(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  HOLDFAST_TRY(letters, device->device->dead_letters(0, 1));
  if (letters.empty()) return wrong("there is no dead letter");
  return as_expected(arguments, device->device->retry_dead_letter(letters.front().id));
}
Result<void> drop_dead_letter(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  HOLDFAST_TRY(letters, device->device->dead_letters(0, 1));
  if (letters.empty()) return wrong("there is no dead letter");
  return as_expected(arguments, device->device->drop_dead_letter(letters.front().id));
}

Result<void> lose_next_requests(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(count, count_of(arguments));
  device->wires.losing_requests = count;
  return {};
}
Result<void> lose_next_replies(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(count, count_of(arguments));
  device->wires.losing_replies = count;
  return {};
}

/// From the next connection on; an empty error type lets it through again.
Result<void> refuse_subscription(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(field, text_of(arguments, "field"));
  HOLDFAST_TRY(error_type, text_of(arguments, "error_type"));
  device->wires.refusals.erase(field);
  if (!error_type.empty()) device->wires.refusals.emplace(field, error_type);
  return {};
}

Result<void> verify(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, running_device(stage, arguments));
  return device->device->verify();
}

/// Behind the device's back: a row gets other values, or is lost when there are none.
Result<void> damage(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(model, model_of(*device->schema, arguments));
  const auto* parts = arguments.at("key").as_list();
  if (!parts) return wrong("key: a list of its parts is needed");
  const Key key{*parts};
  return device->disk->inner().write([&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(stored, transaction.find(*model, key));
    if (!arguments.find("fields")) return transaction.erase(*model, key, {});
    auto row = stored.record ? std::move(*stored.record) : Record(*model);
    HOLDFAST_TRY(set, set_fields(arguments, row));
    return transaction.put(row, stored.metadata);
  });
}

/// Subscriptions with a filter, from the next connection on.
Result<void> refuse_filters(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(message, text_of(arguments, "message"));
  device->wires.filter_refusal = message;
  return {};
}

/// What was seen so far is of no interest.
Result<void> forget(Stage& stage, const Object& arguments) {
  return to_each(stage, arguments, [](StageDevice& device) {
    device.events.clear();
    device.changes.clear();
    device.errors.clear();
    device.wires.sent.clear();
    device.wires.started.clear();
    device.wires.connections = 0;
    device.times_asked = 0;
  });
}

}  // namespace

const std::vector<Verb>& actions() {
  static const std::vector<Verb> all{
      {"save", {"device", "model", "fields", "condition", "fails"}, save},
      {"edit", {"device", "model", "key", "fields", "condition", "fails"}, edit},
      {"remove", {"device", "model", "key", "condition", "fails"}, remove},
      {"remove_where", {"device", "model", "where", "fails"}, remove_where},
      {"start",
       {"device", "api_key", "auth", "user", "on_conflict", "page_rows", "records_max", "full_sync_minutes", "keep", "leaving",
        "fails"},
       start},
      {"stop", {"device"}, stop},
      {"reselect", {"device", "keep"}, reselect},
      {"clear", {"device"}, clear},
      {"offline", {"device"}, offline},
      {"online", {"device"}, online},
      {"partition", {"device"}, partition},
      {"heal", {"device"}, heal},
      {"backend_down", {}, backend_down},
      {"backend_up", {"api_key"}, backend_up},
      {"crash", {"device"}, crash},
      {"crash_at", {"device", "write", "point"}, crash_at},
      {"restart", {"device", "skew_ms", "schema"}, restart},
      {"settle", {"within_ms"}, settle},
      {"run", {"ms"}, run},
      {"delay", {"ms"}, delay},
      {"break_socket", {"device"}, break_socket},
      {"silence_socket", {"device"}, silence_socket},
      {"fail_next_requests", {"device", "count", "status"}, fail_next_requests},
      {"answer_next",
       {"device", "count", "field", "variables", "status", "headers", "body", "error_type", "data"},
       answer_next},
      {"retry_dead_letter", {"device", "fails"}, retry_dead_letter},
      {"drop_dead_letter", {"device", "fails"}, drop_dead_letter},
      {"lose_next_requests", {"device", "count"}, lose_next_requests},
      {"lose_next_replies", {"device", "count"}, lose_next_replies},
      {"refuse_subscription", {"device", "field", "error_type"}, refuse_subscription},
      {"verify", {"device"}, verify},
      {"damage", {"device", "model", "key", "fields"}, damage},
      {"refuse_filters", {"device", "message"}, refuse_filters},
      {"forget", {"device"}, forget},
  };
  return all;
}

}  // namespace holdfast::spec
