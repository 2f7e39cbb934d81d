#include "tests/spec/stage.h"

#include <utility>

#include "api/document.h"
#include "base/json.h"
#include "protocol/records.h"
#include "server/store/memory/memory_store.h"
#include "server/store/sqlite/sqlite_store.h"
#include "tests/simulation/medium.h"

namespace holdfast::spec {
namespace {

simulation::Medium medium_of(Medium medium) {
  const bool is_memory = medium == Medium::memory;
  return simulation::medium(is_memory ? simulation::MediumKind::memory : simulation::MediumKind::memory_sqlite, "device");
}

std::unique_ptr<server::Store> store_for(const Schema& schema, Medium medium, Clock& clock) {
  if (medium == Medium::memory) return server::memory_store(schema, clock);
  return server::open_sqlite_store(schema, clock, simulation::memory_database("backend")).value();
}

struct Described {
  Object object;

  void operator()(const NetworkStatus& event) { object.append("active", event.is_active); }
  void operator()(const SubscriptionsEstablished&) {}
  void operator()(const SyncQueriesStarted& event) {
    List models(event.models.begin(), event.models.end());
    object.append("models", std::move(models));
  }
  void operator()(const ModelSynced& event) {
    object.append("model", event.model);
    object.append("isFullSync", event.is_full_sync);
    object.append("inserted", static_cast<std::int64_t>(event.inserted));
    object.append("updated", static_cast<std::int64_t>(event.updated));
    object.append("removed", static_cast<std::int64_t>(event.removed));
    object.append("isTruncated", event.is_truncated);
  }
  void operator()(const SyncProgress& event) {
    object.append("model", event.model);
    object.append("isFullSync", event.is_full_sync);
    object.append("records", static_cast<std::int64_t>(event.records));
    object.append("modelsDone", static_cast<std::int64_t>(event.models_done));
    object.append("modelsTotal", static_cast<std::int64_t>(event.models_total));
  }
  void operator()(const SyncQueriesReady&) {}
  void operator()(const Ready&) {}
  void operator()(const OutboxStatus& event) { object.append("isEmpty", event.is_empty); }
  void operator()(const OutboxEnqueued& event) {
    object.append("model", event.model);
    object.append("key", event.key.parts);
  }
  void operator()(const OutboxProcessed& event) {
    object.append("model", event.model);
    object.append("key", event.key.parts);
    object.append("version", event.metadata.version);
    object.append("isDeleted", event.metadata.is_deleted);
  }
  void operator()(const Verified& event) {
    List models;
    for (const auto& model : event.models) {
      models.emplace_back(Object{{"model", model.model}, {"outcome", name(model.outcome)}});
    }
    object.append("models", std::move(models));
  }
  void operator()(const OutboxFailed& event) {
    object.append("model", event.error.model);
    object.append("operation", event.error.operation);
    object.append("errorType", event.error.error_type);
  }
};

Object described(const SyncEvent& event) {
  Described out{Object{{"event", name(event)}}};
  std::visit([&out](const auto& one) { out(one); }, event);
  return std::move(out.object);
}

Object described(const RecordChange& change) {
  return {{"model", change.record.model->name},
          {"type", name(change.type)},
          {"origin", change.origin == Origin::local ? "local" : "remote"},
          {"fields", protocol::write_record(change.record, Metadata{})}};
}

Object described(const SyncError& error) {
  return {{"operation", error.operation},
          {"model", error.model},
          {"errorType", error.error_type},
          {"code", name(error.error.code)},
          {"message", error.error.message},
          {"recovery", error.recovery},
          {"deadLetter", error.dead_letter}};
}

ConflictHandler handler_of(const std::string& word) {
  if (word == "retry_local") return [](const Conflict&) -> ConflictAnswer { return RetryLocal{}; };
  if (word == "discard") return [](const Conflict&) -> ConflictAnswer { return Discard{}; };
  if (word == "apply_remote") return [](const Conflict&) -> ConflictAnswer { return ApplyRemote{}; };
  return {};
}

/// Read from the plan each time it is asked.
SyncExpression expression_of(const SyncPlan& plan, const std::string& model) {
  return {model, [&plan, model](const SyncExpression::Answer& answer) {
            const auto kept = plan.keep.find(model);
            answer(kept == plan.keep.end() ? Predicate{} : kept->second);
          }};
}

Schema newer_than(Schema schema) {
  auto& post = schema.models.front();
  post.fields[*post.field_index("title")].scalar = Scalar::id;
  schema.version += "-next";
  return schema;
}

SyncOptions sync_options(const Schema& schema, const SyncPlan& plan) {
  SyncOptions options;
  options.endpoint = "http://backend/graphql";
  options.page_rows = plan.page_rows;
  options.records_max = plan.records_max;
  options.full_sync_interval = std::chrono::minutes(plan.full_sync_minutes);
  options.request_timeout = Milliseconds(5'000);
  options.retry_delay_max = Milliseconds(8'000);
  options.on_conflict = handler_of(plan.on_conflict);
  options.leaving = plan.leaving;
  for (const auto& model : schema.models) options.expressions.push_back(expression_of(plan, model.name));
  return options;
}

}  // namespace

Stage::Stage(const Schema& schema, const StageOptions& options)
    : schema_(schema),
      options_(options),
      store_(store_for(schema, options.medium, agenda_)),
      network_(agenda_, random_, trace_, probes_) {
  set_delay(Milliseconds(10));
  for (unsigned number = 0; number < options.devices; ++number) {
    auto device = std::make_unique<StageDevice>();
    device->number = number;
    device->schema = &schema_;
    device->plan = options.sync;
    device->disk = std::make_unique<simulation::SimDisk>(medium_of(options.medium));
    devices_.push_back(std::move(device));
    open(*devices_.back());
  }
}

Stage::~Stage() {
  for (auto& device : devices_) kill(*device);
  if (server_) stop_backend();
}

Result<void> Stage::start_backend(const std::string& api_key) {
  server::ServerOptions options;
  options.api_key = api_key;
  options.api_keys = {{.name = bearer, .secret = bearer_secret}};
  options.conflict = options_.conflict;
  options.merges_lists_three_way = options_.merges_lists_three_way;
  options.delta_retention = options.tombstone_retention = options_.retention;
  HOLDFAST_TRY(made, server::Server::make({.schema = schema_,
                                              .api = api::document(schema_, {.is_versioned = options.conflict != server::ConflictStrategy::none}),
                                              .store = *store_, .clock = agenda_, .random = backend_random_,
                                              .log = silent_log(), .decider = rules_},
                                             options));
  server_ = std::move(made);
  gate_ = std::make_unique<Gate>(*server_, access_);
  network_.set_backend(gate_.get());
  return {};
}

void Stage::stop_backend() {
  network_.set_backend(nullptr);
  gate_.reset();
  server_.reset();
}

void Stage::upgrade(StageDevice& device) {
  if (device.disk->can_change_schema()) device.schema = &releases_.emplace_back(newer_than(schema_));
}

void Stage::open(StageDevice& device) {
  device.transport = network_.attach(device.number);
  device.disk->on_crash = [&device] { simulation::SimNetwork::cut_off(*device.transport); };
  DevicePorts ports;
  ports.clock = std::make_shared<simulation::SkewedClock>(agenda_, device.skew);
  ports.random = std::make_shared<simulation::SimRandom>(random_.bits());
  ports.transport = std::make_shared<Wires>(device.transport, agenda_, device.wires);
  ports.log = std::shared_ptr<Log>(&silent_log(), [](Log*) {});
  ports.storage = device.disk->mount(*device.schema, 0).value();
  StoreOptions store;
  store.outbox_max = options_.outbox_max;
  device.device = std::make_unique<Device>(*device.schema, std::move(ports), std::move(store));
  device.is_online = true;
  watch(device);
}

void Stage::watch(StageDevice& device) {
  for (const auto& model : device.schema->models) {
    device.subscriptions.push_back(device.device->observe(
        model, {}, [&device](const RecordChange& change) { device.changes.emplace_back(described(change)); }));
  }
  device.subscriptions.push_back(device.device->on_event([&device](const SyncEvent& event) {
    if (const auto* network = std::get_if<NetworkStatus>(&event); network && !network->is_active)
      device.is_live = false;
    if (std::holds_alternative<SyncQueriesStarted>(event)) device.is_live = false;
    if (std::holds_alternative<SyncQueriesReady>(event)) device.is_live = true;
    device.events.emplace_back(described(event));
  }));
}

void Stage::kill(StageDevice& device) {
  if (!device.device) return;
  simulation::SimNetwork::cut_off(*device.transport);
  device.disk->unmount();
  device.subscriptions.clear();
  device.device.reset();
  device.is_started = device.is_live = false;
}

Result<void> Stage::start(StageDevice& device) {
  auto options = sync_options(schema_, device.plan);
  options.on_error = [&device](const SyncError& error) { device.errors.emplace_back(described(error)); };
  add_auth(device, options);
  auto started = device.device->start(std::move(options));
  device.is_started = started.has_value();
  return started;
}

void Stage::stop(StageDevice& device) {
  device.is_started = device.is_live = false;
  device.device->stop();
}

Result<void> Stage::reselect(StageDevice& device) { return device.device->reselect(); }

void Stage::set_online(StageDevice& device, bool is_online) {
  device.is_online = is_online;
  device.device->set_online(is_online);
}

void Stage::set_reachable(StageDevice& device, bool is_reachable) {
  device.is_reachable = is_reachable;
  network_.set_partitioned(device.number, !is_reachable);
}

void Stage::set_delay(Milliseconds delay) {
  network_.set_options({.delay_min_ms = delay.count(), .delay_max_ms = delay.count()});
}

void Stage::bury() {
  for (auto& device : devices_) {
    if (device->device && device->disk->has_crashed()) kill(*device);
  }
}

void Stage::run_for(Milliseconds time) {
  const auto end = agenda_.ticks() + time;
  agenda_.wake_at(end, [] {});
  bury();
  while (agenda_.ticks() < end && agenda_.run_next()) bury();
}

Result<void> Stage::settle(Milliseconds at_most) {
  const auto end = agenda_.ticks() + at_most;
  run_for(Milliseconds(100));
  while (!difference().empty() && agenda_.ticks() < end) run_for(Milliseconds(100));
  run_for(Milliseconds(500));  // Echoes are still under way.
  if (auto what = difference(); !what.empty()) return Error{Code::timed_out, "does not settle: " + what};
  return {};
}

std::string Stage::difference() {
  for (auto& device : devices_) {
    if (!device->device || !device->is_started || !device->is_online || !device->is_reachable) continue;
    const auto name = "device " + std::to_string(device->number);
    if (!device->is_live) return name + " has not synced";
    const auto waiting = device->device->pending_count();
    if (!waiting || *waiting != 0) return name + "'s outbox is not empty";
    for (const auto& model : schema_.models) {
      if (auto what = difference(*device, model); !what.empty()) return name + ": " + what;
    }
  }
  return {};
}

std::string Stage::difference(StageDevice& device, const ModelSchema& model) {
  const auto shown = rows(device, model);
  auto held = backend_rows(model, false);
  if (const auto kept = device.plan.keep.find(model.name); kept != device.plan.keep.end()) {
    std::erase_if(held, [&](const auto& row) {
      return !evaluate(kept->second, protocol::read_record(model, row.second).value().record);
    });
  }
  for (const auto& [key, row] : held) {
    const auto found = shown.find(key);
    if (found == shown.end()) return "lacks " + model.name + " " + json::write(row);
    if (!numbers_equal(found->second, row)) return "shows " + json::write(found->second) + " for " + json::write(row);
  }
  for (const auto& [key, row] : shown) {
    if (!held.contains(key)) return "still shows " + model.name + " " + json::write(row);
  }
  return {};
}

std::map<std::string, Object> Stage::rows(StageDevice& device, const ModelSchema& model) {
  std::map<std::string, Object> out;
  std::vector<Record> records;
  const auto& own = *device.schema->model(model.name);
  auto read = device.device->query(own, {}, [&records](const Record& row) { records.push_back(row); });
  HOLDFAST_ASSERT(read.has_value(), "a device's rows can be read");
  for (const auto& record : records) {
    out.emplace(record.key().text(),
                protocol::write_record(record, device.device->metadata(own, record.key()).value()));
  }
  return out;
}

std::map<std::string, Object> Stage::backend_rows(const ModelSchema& model, bool of_tombstones) {
  std::map<std::string, Object> out;
  server::Store::ListOptions options{.where = {}, .with_tombstones = of_tombstones, .limit = 1000, .after = {}};
  do {
    auto page = store_->list(model, options).value();
    for (const auto& image : page.images) {
      if (image.metadata.is_deleted != of_tombstones) continue;
      out.emplace(image.record.key().text(), protocol::write_record(image.record, image.metadata));
    }
    options.after = page.next;
  } while (!options.after.empty());
  return out;
}

}  // namespace holdfast::spec
