// Reading a step's arguments.
#include <algorithm>
#include <utility>

#include "base/json.h"
#include "tests/spec/verbs.h"

namespace holdfast::spec {
namespace {

Error wrong(std::string_view member, std::string_view what) {
  return {Code::malformed, std::string(member) + ": " + std::string(what)};
}

}  // namespace

Result<void> check_members(const Object& object, const std::vector<std::string_view>& allowed) {
  for (const auto& member : object) {
    if (std::find(allowed.begin(), allowed.end(), member.name) == allowed.end())
      return wrong(member.name, "unknown member");
  }
  return {};
}

Result<std::string> text_of(const Object& arguments, std::string_view member) {
  const auto* text = arguments.at(member).as_string();
  if (!text) return wrong(member, "a string is needed");
  return *text;
}

Result<std::int64_t> integer_of(const Object& arguments, std::string_view member, std::int64_t otherwise) {
  const auto* value = arguments.find(member);
  if (!value) return otherwise;
  const auto* integer = value->as_integer();
  if (!integer) return wrong(member, "an integer is needed");
  return *integer;
}

Result<const ModelSchema*> model_of(const Schema& schema, const Object& arguments) {
  HOLDFAST_TRY(name, text_of(arguments, "model"));
  const auto* model = schema.model(name);
  if (!model) return wrong("model", "no such model");
  return model;
}

Result<StageDevice*> device_of(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(number, integer_of(arguments, "device", -1));
  if (number < 0 || static_cast<std::size_t>(number) >= stage.devices().size())
    return wrong("device", "no such device");
  return stage.devices()[static_cast<std::size_t>(number)].get();
}

Result<std::vector<StageDevice*>> devices_of(Stage& stage, const Object& arguments) {
  std::vector<StageDevice*> out;
  if (arguments.find("device")) {
    HOLDFAST_TRY(device, device_of(stage, arguments));
    out.push_back(device);
    return out;
  }
  for (auto& device : stage.devices()) out.push_back(device.get());
  return out;
}

Result<void> read_keep(const Object& arguments, SyncPlan& plan) {
  const auto* json = arguments.find("keep");
  if (!json) return {};
  if (!json->as_object()) return wrong("keep", "an object of predicates by model is needed");
  plan.keep.clear();
  for (const auto& member : *json->as_object()) {
    HOLDFAST_TRY(where, predicate_from_json(member.value));
    plan.keep.emplace(member.name, std::move(where));
  }
  return {};
}

Result<void> read_plan(const Object& arguments, SyncPlan& plan) {
  HOLDFAST_TRY(known, check_members(arguments, {"api_key", "auth", "user", "on_conflict", "page_rows", "records_max",
                                             "full_sync_minutes", "keep", "leaving"}));
  if (arguments.find("api_key")) {
    HOLDFAST_TRY(key, text_of(arguments, "api_key"));
    plan.api_key = key;
  }
  HOLDFAST_TRY(auth, read_auth(arguments, plan));
  if (arguments.find("on_conflict")) {
    HOLDFAST_TRY(word, text_of(arguments, "on_conflict"));
    if (word != "service" && word != "apply_remote" && word != "retry_local" && word != "discard")
      return wrong("on_conflict", "unknown answer");
    plan.on_conflict = word;
  }
  HOLDFAST_TRY(rows, integer_of(arguments, "page_rows", plan.page_rows));
  if (rows < 1 || rows > 1000) return wrong("page_rows", "from 1 to 1000");
  plan.page_rows = static_cast<std::uint32_t>(rows);
  HOLDFAST_TRY(most, integer_of(arguments, "records_max", plan.records_max));
  if (most < 1 || most > 10'000'000) return wrong("records_max", "from 1 to 10,000,000");
  plan.records_max = static_cast<std::uint32_t>(most);
  HOLDFAST_TRY(minutes, integer_of(arguments, "full_sync_minutes", plan.full_sync_minutes));
  plan.full_sync_minutes = minutes;
  if (const auto* word = arguments.find("leaving")) {
    if (*word != Value("at_once") && *word != Value("at_base_sync")) return wrong("leaving", "at_once or at_base_sync");
    plan.leaving = *word == Value("at_once") ? Leaving::at_once : Leaving::at_base_sync;
  }
  return read_keep(arguments, plan);
}

}  // namespace holdfast::spec
