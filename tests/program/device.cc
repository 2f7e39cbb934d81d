// A device for tests, driven by JSON lines: any schema, read at run time, through the untyped doors of DataStore.
//
//   test_device --schema FILE --path DATABASE [--endpoint URL --key API_KEY] [--quiet]
//
// A command is one JSON object with "do" and an optional "n", which its answer repeats:
//   {"do":"save","model":"Post","fields":{…}}            {"do":"edit","model":"Post","key":[…],"fields":{…}}
//   {"do":"remove","model":"Post","key":[…]}             {"do":"get","model":"Post","key":[…]}
//   {"do":"list","model":"Post"}   {"do":"count","model":"Post"}   {"do":"pending"}   {"do":"online","is":true}   {"do":"verify"}
//   {"do":"quit"}
// Answers: {"n":…,"ok":…} or {"n":…,"error":{"code":…,"message":…}}. Events: {"event":…}, {"change":…}.

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>

#include "base/json.h"
#include "holdfast/datastore.h"
#include "schema/schema_reader.h"

namespace holdfast {
namespace {

std::mutex speech;

void say(const Value& line) {
  const std::lock_guard lock(speech);
  std::cout << json::write(line) << std::endl;
}

Value shown(const Record& record) {
  Object out;
  for (std::size_t at = 0; at < record.values.size(); ++at) {
    out.append(record.model->fields[at].name, record.values[at]);
  }
  return out;
}

class TestDevice {
 public:
  TestDevice(const Schema& schema, DataStore store) : schema_(schema), store_(std::move(store)) {}

  void watch() {
    for (const auto& model : schema_.models) {
      subscriptions_.push_back(store_.observe_records(model, {}, [](const RecordChange& change) {
        const auto* origin = change.origin == Origin::remote ? "remote" : "local";
        say(Object{{"change", name(change.type)}, {"origin", origin}, {"model", change.record.model->name},
                   {"record", shown(change.record)}});
      }));
    }
    subscriptions_.push_back(store_.on_event([](const SyncEvent& event) {
      Object out{{"event", name(event)}};
      if (const auto* status = std::get_if<OutboxStatus>(&event)) out.append("isEmpty", status->is_empty);
      if (const auto* status = std::get_if<NetworkStatus>(&event)) out.append("active", status->is_active);
      if (const auto* synced = std::get_if<ModelSynced>(&event)) out.append("model", synced->model);
      if (const auto* verified = std::get_if<Verified>(&event)) {
        Object outcomes;
        for (const auto& model : verified->models) outcomes.append(model.model, name(model.outcome));
        out.append("outcomes", std::move(outcomes));
      }
      say(std::move(out));
    }));
  }

  Result<Value> obey(const Value& command) {
    const auto* verb = command["do"].as_string();
    if (!verb) return Error{Code::invalid_argument, "a command needs \"do\""};
    if (*verb == "pending") {
      return store_.pending_count().transform([](std::size_t count) { return Value(static_cast<std::int64_t>(count)); });
    }
    if (*verb == "online") {
      store_.set_online(command["is"] == Value(true));
      return Value(true);
    }
    if (*verb == "verify") return store_.verify().transform([](auto&&) { return Value(true); });
    const auto* named = command["model"].as_string();
    const auto* model = named ? schema_.model(*named) : nullptr;
    if (!model) return Error{Code::invalid_argument, "a command needs a known \"model\""};
    if (*verb == "save") return save(*model, command["fields"]);
    if (*verb == "list" || *verb == "count") return list(*model, *verb == "count");
    const auto* parts = command["key"].as_list();
    if (!parts) return Error{Code::invalid_argument, "a command needs a \"key\""};
    return obey_on(*verb, *model, Key{*parts}, command["fields"]);
  }

  Result<void> start(SyncOptions options) { return store_.start(std::move(options)); }

 private:
  static Result<void> fill(const Value& fields, Record& record, Patch* changes) {
    const auto* object = fields.as_object();
    if (!object) return Error{Code::invalid_argument, "\"fields\" is not an object"};
    for (const auto& member : *object) {
      const auto index = record.model->field_index(member.name);
      if (!index) return Error{Code::invalid_argument, "no field " + member.name};
      record.values[*index] = member.value;
      if (changes) *changes = combined(std::move(*changes), {{*index, member.value}});
    }
    return {};
  }

  Result<Value> save(const ModelSchema& model, const Value& fields) {
    Record record(model);
    if (auto filled = fill(fields, record, nullptr); !filled) return filled.error();
    return store_.save_record(std::move(record), nullptr, {}).transform(&shown);
  }

  Result<Value> list(const ModelSchema& model, bool counts) {
    List rows;
    std::int64_t count = 0;
    auto read = store_.query_records(model, {}, [&](Record& row) {
      ++count;
      if (!counts) rows.push_back(shown(row));
    });
    if (!read) return std::move(read).error();
    return counts ? Value(count) : Value(std::move(rows));
  }

  Result<Value> obey_on(const std::string& verb, const ModelSchema& model, const Key& key, const Value& fields) {
    HOLDFAST_TRY(found, store_.find_record(model, key));
    if (!found) return verb == "get" ? Result<Value>(Value()) : Error{Code::not_found, "no such record"};
    if (verb == "remove") return store_.remove_record(*found, {}).transform([](bool was_there) { return Value(was_there); });
    if (verb == "get") {
      HOLDFAST_TRY(metadata, store_.metadata_of(model, key));
      auto out = shown(*found);
      out.as_object()->append("_version", metadata.version);
      return out;
    }
    if (verb != "edit") return Error{Code::invalid_argument, "unknown command " + verb};
    Patch changes;
    if (auto filled = fill(fields, *found, &changes); !filled) return filled.error();
    return store_.save_record(std::move(*found), &changes, {}).transform(&shown);
  }

  const Schema& schema_;
  DataStore store_;
  std::vector<Subscription> subscriptions_;
};

void converse(TestDevice& device) {
  for (std::string line; std::getline(std::cin, line);) {
    const auto command = json::parse(line);
    if (command && (*command)["do"] == Value("quit")) return;
    Result<Value> answer = command ? device.obey(*command) : Result<Value>(command.error());
    Object out;
    if (command) out.append("n", (*command)["n"]);
    if (answer) {
      out.append("ok", std::move(*answer));
    } else {
      out.append("error", Object{{"code", name(answer.error().code)}, {"message", answer.error().message}});
    }
    say(std::move(out));
  }
}

int run(const std::string& schema_file, const StoreOptions& store_options, SyncOptions sync_options, bool is_quiet) {
  std::ifstream file(schema_file);
  std::stringstream text;
  text << file.rdbuf();
  const auto read = schema::read_schema({{schema_file, text.str()}});
  const auto* reading = std::get_if<schema::Reading>(&read);
  if (!reading) {
    std::cerr << "test_device: the schema cannot be read\n";
    return 1;
  }
  auto store = DataStore::open(reading->schema, store_options);
  if (!store) {
    std::cerr << "test_device: " << store.error().message << "\n";
    return 1;
  }
  TestDevice device(reading->schema, std::move(*store));
  if (!is_quiet) device.watch();
  if (!sync_options.endpoint.empty()) {
    if (auto started = device.start(std::move(sync_options)); !started) {
      std::cerr << "test_device: " << started.error().message << "\n";
      return 1;
    }
  }
  say(Object{{"event", "opened"}});
  converse(device);
  return 0;
}

}  // namespace
}  // namespace holdfast

int main(int argc, char** argv) {
  CLI::App app("A device for tests, driven by JSON lines");
  std::string schema;
  std::string key;
  bool is_quiet = false;
  holdfast::StoreOptions store;
  holdfast::SyncOptions sync;
  app.add_option("--schema", schema)->required();
  app.add_option("--path", store.path)->required();
  app.add_option("--endpoint", sync.endpoint);
  app.add_option("--key", key);
  app.add_flag("--quiet", is_quiet, "report no changes and events");
  CLI11_PARSE(app, argc, argv);
  sync.auth = holdfast::api_key(key);
  sync.retry_delay_max = holdfast::Milliseconds(1000);
  return holdfast::run(schema, store, std::move(sync), is_quiet);
}
