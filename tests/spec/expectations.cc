// The verbs of `{"expect…": …}`.
#include <algorithm>
#include <utility>

#include "base/json.h"
#include "tests/spec/verbs.h"

namespace holdfast::spec {

bool matches(const Value& expected, const Value& seen) {
  if (const auto* object = expected.as_object()) {
    return seen.as_object() && std::all_of(object->begin(), object->end(), [&](const Member& member) {
             return matches(member.value, seen[member.name]);
           });
  }
  if (const auto* list = expected.as_list()) {
    const auto* other = seen.as_list();
    return other && std::equal(list->begin(), list->end(), other->begin(), other->end(), matches);
  }
  if (expected == Value("$set")) return !seen.is_null() && seen != Value(0);
  return numbers_equal(expected, seen);
}

namespace {

Result<void> differs(const Value& expected, const Value& seen) {
  return Error{Code::rejected, "expected: " + json::write(expected) + "\nseen:     " + json::write(seen)};
}

Result<void> same(const Value& expected, const Value& seen) {
  return matches(expected, seen) ? Result<void>() : differs(expected, seen);
}

Result<const List*> list_of(const Object& arguments, std::string_view member) {
  const auto* list = arguments.at(member).as_list();
  if (!list) return Error{Code::malformed, std::string(member) + ": a list is needed"};
  return list;
}

/// The expected rows, each named by its key, are the rows there are.
Result<void> same_rows(const ModelSchema& model, const List& expected, const std::map<std::string, Object>& rows) {
  List seen;
  for (const auto& [key, row] : rows) seen.emplace_back(row);
  if (expected.size() != rows.size()) return differs(expected, seen);
  for (const auto& row : expected) {
    Key key;
    for (const auto& field : model.primary_key) key.parts.push_back(row[field]);
    const auto found = rows.find(key.text());
    if (found == rows.end() || !matches(row, found->second)) return differs(expected, seen);
  }
  return {};
}

Result<void> expect(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(devices, devices_of(stage, arguments));
  HOLDFAST_TRY(model, model_of(stage.schema(), arguments));
  HOLDFAST_TRY(expected, list_of(arguments, "rows"));
  for (auto* device : devices) {
    if (!device->device) return Error{Code::malformed, "a device is not running"};
    HOLDFAST_TRY(checked, same_rows(*model, *expected, stage.rows(*device, *model)));
  }
  return {};
}

Result<void> expect_backend(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(model, model_of(stage.schema(), arguments));
  HOLDFAST_TRY(rows, list_of(arguments, "rows"));
  HOLDFAST_TRY(checked, same_rows(*model, *rows, stage.backend_rows(*model, false)));
  if (!arguments.find("tombstones")) return {};
  HOLDFAST_TRY(tombstones, list_of(arguments, "tombstones"));
  return same_rows(*model, *tombstones, stage.backend_rows(*model, true));
}

List outbox_of(StageDevice& device) {
  List out;
  const auto read = device.disk->inner().write([&out](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(entries, transaction.entries(0, 1'000));
    for (const auto& entry : entries) {
      Object changes;
      for (const auto& change : entry.changes) changes.append(entry.model->fields[change.field].name, change.value);
      out.emplace_back(Object{{"operation", name(entry.operation)},
                              {"model", entry.model->name},
                              {"key", entry.key.parts},
                              {"changes", std::move(changes)},
                              {"wasSent", entry.was_sent}});
    }
    return {};
  });
  HOLDFAST_ASSERT(read.has_value(), "a device's outbox can be read");
  return out;
}

/// Also of a device that is not running.
Result<void> expect_outbox(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  const auto seen = outbox_of(*device);
  if (const auto* count = arguments.find("count"); count && *count != Value(static_cast<std::int64_t>(seen.size()))) {
    return differs(*count, seen);
  }
  const auto* entries = arguments.find("entries");
  return entries ? same(*entries, seen) : Result<void>();
}

/// An expected event is its name, or an object with "event" and more.
bool is_event(const Value& expected, const Value& seen) {
  return expected.as_string() ? expected == seen["event"] : matches(expected, seen);
}

Result<void> expect_events(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  const auto& seen = device->events;
  if (const auto* exactly = arguments.at("exactly").as_list()) {
    if (!std::equal(exactly->begin(), exactly->end(), seen.begin(), seen.end(), is_event))
      return differs(*exactly, seen);
  }
  if (const auto* in_order = arguments.at("in_order").as_list()) {
    auto at = seen.begin();
    for (const auto& expected : *in_order) {
      at = std::find_if(at, seen.end(), [&](const Value& event) { return is_event(expected, event); });
      if (at == seen.end()) return differs(*in_order, seen);
      ++at;
    }
  }
  if (const auto* never = arguments.at("never").as_list()) {
    for (const auto& unwanted : *never) {
      const auto is_unwanted = [&](const Value& event) { return is_event(unwanted, event); };
      if (std::any_of(seen.begin(), seen.end(), is_unwanted)) return differs("no " + json::write(unwanted), seen);
    }
  }
  return {};
}

/// What the observers of the model, or of all models, were told: every change, in order.
Result<void> expect_changes(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(expected, list_of(arguments, "changes"));
  List seen;
  for (const auto& change : device->changes) {
    if (!arguments.find("model") || change["model"] == arguments.at("model")) seen.push_back(change);
  }
  return same(*expected, seen);
}

Result<void> expect_errors(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(expected, list_of(arguments, "errors"));
  return same(*expected, device->errors);
}

/// An expected request is its root field, or an object with "field" and "variables".
bool is_request(const Value& expected, const Value& seen) {
  return expected.as_string() ? expected == seen["field"] : matches(expected, seen);
}

/// The requests over HTTP, in order; of `kind` "mutation" or "query" those only.
Result<void> expect_requests(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(expected, list_of(arguments, "requests"));
  const auto& kind = arguments.at("kind");
  List seen;
  for (const auto& sent : device->wires.sent) {
    if (kind == Value(sent.is_mutation ? "query" : "mutation")) continue;
    seen.emplace_back(Object{{"field", sent.field}, {"variables", sent.variables}, {"headers", sent.headers}});
  }
  if (!std::equal(expected->begin(), expected->end(), seen.begin(), seen.end(), is_request))
    return differs(*expected, seen);
  return {};
}

/// The subscriptions that were started, in order.
Result<void> expect_subscriptions(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(expected, list_of(arguments, "subscriptions"));
  List seen;
  for (const auto& sent : device->wires.started) {
    if (!arguments.find("model") || sent.field.ends_with(*arguments.at("model").as_string())) {
      seen.emplace_back(Object{{"field", sent.field}, {"variables", sent.variables}});
    }
  }
  if (!std::equal(expected->begin(), expected->end(), seen.begin(), seen.end(), is_request))
    return differs(*expected, seen);
  return {};
}

Result<void> expect_connections(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  return same(arguments.at("count"), static_cast<std::int64_t>(device->wires.connections));
}

/// The changes that were refused for good, in order.
Result<void> expect_dead_letters(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(expected, list_of(arguments, "letters"));
  if (!device->device) return Error{Code::malformed, "the device is not running"};
  HOLDFAST_TRY(letters, device->device->dead_letters(0, 1000));
  List seen;
  for (const auto& letter : letters) {
    Object changes;
    for (const auto& change : letter.changes) {
      changes.append(letter.record.model->fields[change.field].name, change.value);
    }
    seen.emplace_back(Object{{"id", letter.id},
                             {"operation", letter.operation},
                             {"model", letter.record.model->name},
                             {"key", letter.record.key().parts},
                             {"changes", std::move(changes)},
                             {"code", name(letter.error.code)},
                             {"message", letter.error.message},
                             {"errorType", letter.error_type}});
  }
  return same(*expected, seen);
}

Result<void> expect_sync_state(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(model, model_of(*device->schema, arguments));
  HOLDFAST_TRY(key, list_of(arguments, "key"));
  if (!device->device) return Error{Code::malformed, "the device is not running"};
  HOLDFAST_TRY(state, device->device->sync_state(*model, Key{*key}));
  return same(arguments.at("state"), std::string(name(state)));
}

}  // namespace

const std::vector<Verb>& expectations() {
  static const std::vector<Verb> all{
      {"expect", {"device", "model", "rows"}, expect},
      {"expect_backend", {"model", "rows", "tombstones"}, expect_backend},
      {"expect_outbox", {"device", "count", "entries"}, expect_outbox},
      {"expect_events", {"device", "in_order", "exactly", "never"}, expect_events},
      {"expect_changes", {"device", "model", "changes"}, expect_changes},
      {"expect_errors", {"device", "errors"}, expect_errors},
      {"expect_requests", {"device", "kind", "requests"}, expect_requests},
      {"expect_subscriptions", {"device", "model", "subscriptions"}, expect_subscriptions},
      {"expect_connections", {"device", "count"}, expect_connections},
      {"expect_dead_letters", {"device", "letters"}, expect_dead_letters},
      {"expect_sync_state", {"device", "model", "key", "state"}, expect_sync_state},
  };
  return all;
}

}  // namespace holdfast::spec
