#include "tests/spec/scenario.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "model/testing.h"
#include "tests/spec/verbs.h"

namespace holdfast::spec {
namespace {

constexpr std::int64_t upstream_defects = 23;  // The rows of docs/upstream-defects.md.

Error wrong(std::string what) { return {Code::malformed, std::move(what)}; }

const Verb* verb_named(std::string_view name) {
  for (const auto* verbs : {&actions(), &expectations(), &access_verbs()}) {
    const auto found = std::find_if(verbs->begin(), verbs->end(), [name](const Verb& one) { return one.name == name; });
    if (found != verbs->end()) return &*found;
  }
  return nullptr;
}

std::string place_of(const Step& step) {
  return "step " + std::to_string(step.number) + " " + step.verb + " " + json::write(step.arguments);
}

Result<Step> split_step(const Value& value, std::size_t number) {
  const auto* object = value.as_object();
  if (!object) return wrong("step " + std::to_string(number) + " is no object");
  Step step{.number = number};
  if (const auto* verb = object->at("do").as_string()) {
    step.verb = *verb;
    step.arguments = *object;
    step.arguments.erase("do");
    return step;
  }
  const auto* arguments = object->size() == 1 ? object->begin()->value.as_object() : nullptr;
  if (!arguments)
    return wrong("step " + std::to_string(number) + R"( is neither {"do": verb, …} nor {"expect…": {…}})");
  step.verb = object->begin()->name;
  step.arguments = *arguments;
  return step;
}

Result<Step> read_step(const Value& value, std::size_t number) {
  HOLDFAST_TRY(step, split_step(value, number));
  const auto* verb = verb_named(step.verb);
  if (!verb) return wrong(place_of(step) + ": no such verb");
  const auto checked = check_members(step.arguments, verb->members);
  if (!checked) return wrong(place_of(step) + ": " + checked.error().message);
  return std::move(step);
}

Result<std::vector<Step>> read_steps(const Value& value) {
  const auto* list = value.as_list();
  if (!list || list->empty()) return wrong("steps: a list of at least one is needed");
  std::vector<Step> steps;
  for (const auto& one : *list) {
    HOLDFAST_TRY(step, read_step(one, steps.size() + 1));
    steps.push_back(std::move(step));
  }
  return steps;
}

/// A letter or two, a number, perhaps a letter: V01, OQ12, O28a.
bool is_behaviour_id(std::string_view id) {
  const auto is_capital = [](char one) { return one >= 'A' && one <= 'Z'; };
  const auto is_digit = [](char one) { return one >= '0' && one <= '9'; };
  const auto digits = std::find_if_not(id.begin(), id.end(), is_capital);
  const auto rest = std::find_if_not(digits, id.end(), is_digit);
  return digits != id.begin() && rest != digits && id.end() - rest <= 1;
}

Result<std::vector<std::string>> read_behaviours(const Value& value) {
  const auto* list = value.as_list();
  if (!list) return wrong("behaviours: a list of ids is needed");
  std::vector<std::string> ids;
  for (const auto& one : *list) {
    const auto* id = one.as_string();
    if (!id || !is_behaviour_id(*id)) return wrong("behaviours: " + json::write(one) + " is no id");
    ids.push_back(*id);
  }
  return ids;
}

Result<std::vector<std::int64_t>> read_defects(const Value& value) {
  if (value.is_null()) return std::vector<std::int64_t>();
  const auto* list = value.as_list();
  if (!list) return wrong("defects: a list of numbers is needed");
  std::vector<std::int64_t> numbers;
  for (const auto& one : *list) {
    const auto* number = one.as_integer();
    if (!number || *number < 1 || *number > upstream_defects) return wrong("defects: " + json::write(one) + " is none");
    numbers.push_back(*number);
  }
  return numbers;
}

Result<server::ConflictStrategy> read_strategy(const Value& value) {
  if (value.is_null() || value == Value("automerge")) return server::ConflictStrategy::automerge;
  if (value == Value("optimistic")) return server::ConflictStrategy::optimistic;
  return wrong("conflict: automerge or optimistic is needed, not " + json::write(value));
}

Result<StageOptions> read_stage(const Object& scenario) {
  StageOptions options;
  HOLDFAST_TRY(devices, integer_of(scenario, "devices", 2));
  if (devices < 1 || devices > 10) return wrong("devices: from 1 to 10");
  options.devices = static_cast<unsigned>(devices);
  HOLDFAST_TRY(strategy, read_strategy(scenario.at("conflict")));
  options.conflict = strategy;
  HOLDFAST_TRY(most, integer_of(scenario, "outbox_max", 10'000'000));
  if (most < 1) return wrong("outbox_max: at least 1");
  options.outbox_max = static_cast<std::size_t>(most);
  HOLDFAST_TRY(hours, integer_of(scenario, "retention_hours", 24 * 90));
  if (hours < 1) return wrong("retention_hours: at least 1");
  options.retention = std::chrono::hours(hours);
  options.merges_lists_three_way = scenario.at("merge_lists") == Value("three_way");
  if (const auto* sync = scenario.find("sync")) {
    if (!sync->as_object()) return wrong("sync: an object is needed");
    HOLDFAST_TRY(read, read_plan(*sync->as_object(), options.sync));
  }
  return options;
}

Result<void> begin(const Scenario& scenario, Stage& stage) {
  HOLDFAST_TRY(up, stage.start_backend("da2-right"));
  if (!scenario.begins_synced) return {};
  for (auto& device : stage.devices()) {
    HOLDFAST_TRY(started, stage.start(*device));
  }
  HOLDFAST_TRY(settled, stage.settle(Milliseconds(60'000)));
  for (auto& device : stage.devices()) {
    device->events.clear();
    device->changes.clear();
    device->errors.clear();
    device->wires.sent.clear();
    device->wires.started.clear();
    device->times_asked = 0;
  }
  return {};
}

std::string last_lines(const simulation::Trace& trace) {
  std::string out = "\nbefore that:\n";
  const auto& lines = trace.last();
  const std::size_t from = lines.size() > 12 ? lines.size() - 12 : 0;
  for (std::size_t at = from; at < lines.size(); ++at) out += "  " + lines[at] + "\n";
  return out;
}

}  // namespace

Result<Scenario> read_scenario(std::string_view text) {
  HOLDFAST_TRY(value, json::parse(text));
  const auto* object = value.as_object();
  if (!object) return wrong("a scenario is an object");
  HOLDFAST_TRY(known, check_members(*object, {"name", "behaviours", "defects", "devices", "conflict", "merge_lists",
                                              "sync", "outbox_max", "retention_hours", "begins_synced", "steps"}));
  Scenario scenario;
  HOLDFAST_TRY(name, text_of(*object, "name"));
  scenario.name = name;
  HOLDFAST_TRY(behaviours, read_behaviours(object->at("behaviours")));
  scenario.behaviours = std::move(behaviours);
  HOLDFAST_TRY(defects, read_defects(object->at("defects")));
  scenario.defects = std::move(defects);
  HOLDFAST_TRY(stage, read_stage(*object));
  scenario.stage = stage;
  scenario.begins_synced = object->at("begins_synced") != Value(false);
  HOLDFAST_TRY(steps, read_steps(object->at("steps")));
  scenario.steps = std::move(steps);
  return scenario;
}

Result<void> play(const Scenario& scenario, Medium medium) {
  const auto schema = testing::blog_schema();
  auto options = scenario.stage;
  options.medium = medium;
  Stage stage(schema, options);
  if (auto begun = begin(scenario, stage); !begun) return wrong("before the first step: " + begun.error().message);
  for (const auto& step : scenario.steps) {
    const auto done = verb_named(step.verb)->run(stage, step.arguments);
    if (!done) return wrong(place_of(step) + "\n" + done.error().message + last_lines(stage.trace()));
  }
  return {};
}

}  // namespace holdfast::spec
