#include "graphql/complete.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "graphql/builtin.h"
#include "graphql/coerce.h"
#include "graphql/introspect.h"
#include "graphql/member_reader.h"

namespace holdfast::graphql {
namespace {

bool is_introspection(const TypeDefinition& type) { return type.name.starts_with("__"); }

void put(const std::vector<Completed>& completed, std::span<Completed> values) {
  std::copy(completed.begin(), completed.end(), values.begin());
}

}  // namespace

Completion::Completion(const Execution& execution) : execution_(execution), budget_(execution_steps_max) {}

Completed Completion::data(const TypeDefinition& type, const Value& root) {
  std::vector<Node> nodes{{.value = &root}};
  const auto* plan = execution_.plan;
  if (plan != nullptr) {
    budget_.spend(plan->steps);
  } else {
    const std::vector<const std::vector<Selection>*> sets{&execution_.operation.selections};
    plan = plan_now(type, sets, nodes);
  }
  return plan == nullptr ? Completed() : fields(type, *plan, nodes, 1).front();
}

const Plan* Completion::plan_now(const TypeDefinition& type, SelectionSets sets, std::span<const Node> nodes) {
  const Asking asking{execution_.types, execution_.document, &execution_.variables};
  auto level = plan_level(asking, execution_.scalars, type, sets, budget_);
  if (auto* plan = std::get_if<Plan>(&level)) return &plans_.emplace_back(std::move(*plan));
  for (const auto& node : nodes) errors_.add(node.place, std::get<RequestError>(level));
  return nullptr;
}

const Plan* Completion::plan_inside(const Field& field, const TypeDefinition& type, std::span<const Node> nodes) {
  const auto* plan = field.planned.inside.get();
  if (plan == nullptr) return plan_now(type, selection_sets(field.group), nodes);
  budget_.spend(plan->steps);
  return plan;
}

std::vector<Completed> Completion::fields(const TypeDefinition& type, const Plan& plan, std::span<Node> nodes, int depth) {
  auto& level = levels_.emplace_back();
  level.rows = rows_of(nodes);
  std::vector<Completed> objects;
  objects.reserve(nodes.size());
  for (std::size_t row = 0; row < nodes.size(); ++row) objects.push_back({CompletedObject{&level, row}});
  level.columns.reserve(plan.fields.size());
  // As many as the budget can still complete; one more column is begun at most.
  level.values.reserve(std::min(plan.fields.size() * nodes.size(), budget_.left() + nodes.size()));
  for (const auto& planned : plan.fields) {
    if (budget_.is_spent()) return std::vector<Completed>(nodes.size());
    if (planned.named == nullptr) continue;
    text_bytes_ += planned.key.size() * nodes.size();
    const Field field{.parent = type, .planned = planned, .depth = depth};
    if (const auto member = kept_member(field, level.rows)) {
      level.columns.push_back({.key = planned.key, .member = *member});
      continue;
    }
    const auto begin = level.values.size();
    HOLDFAST_ASSERT(begin + nodes.size() <= level.values.capacity(), "values stay where they are");
    level.values.resize(begin + nodes.size());
    const auto values = std::span(level.values).subspan(begin);
    level.columns.push_back({planned.key, values});
    complete_field(field, nodes, values);
    bool is_anything_left = false;
    for (std::size_t row = 0; row < nodes.size(); ++row) {
      if (values[row].is_lost()) objects[row] = {};
      is_anything_left = is_anything_left || !objects[row].is_lost();
    }
    if (!is_anything_left) break;
  }
  level.note_stretches();
  return objects;
}

void Completion::complete_field(const Field& field, std::span<Node> nodes, std::span<Completed> values) {
  const auto* definition = field.group.definition;
  if (!budget_.spend(field_steps + nodes.size())) return;
  if (field.depth > execution_depth_max) {
    put(fail(field, nodes,
             {"Selections nest deeper than " + std::to_string(execution_depth_max) + " levels.",
              {field.group.selections.front()->at}}),
        values);
  } else if (definition == &typename_field() || definition == &schema_field() || definition == &type_field()) {
    put(resolve_meta(field, nodes), values);
  } else if (!is_introspection(field.parent) && execution_.resolvers.resolves(field.parent, *definition)) {
    put(resolve(field, nodes), values);
  } else {
    read_members(field, nodes, values);
  }
}

std::vector<Place> Completion::places_of(const Field& field, std::span<const Node> nodes) {
  std::vector<Place> places;
  places.reserve(nodes.size());
  for (const auto& node : nodes) places.push_back({node.place, field.group.response_name, 0});
  return places;
}

void Completion::read_members(const Field& field, std::span<const Node> nodes, std::span<Completed> values) {
  const auto& definition = *field.group.definition;
  Object given;
  if (!definition.arguments.empty()) {
    auto arguments = coerce_arguments({execution_.types, execution_.scalars}, definition,
                                      *field.group.selections.front(), execution_.variables);
    if (const auto* problem = std::get_if<RequestError>(&arguments)) return put(fail(field, nodes, *problem), values);
    given = std::get<Object>(std::move(arguments));
  }
  if (is_leaf(field.named)) return read_leaves(field, nodes, values);
  const bool is_complete = !is_introspection(field.parent) || !definition.argument("includeDeprecated") ||
                           given.at("includeDeprecated") == Value(true);
  const auto places = places_of(field, nodes);
  std::vector<Slot> slots;
  slots.reserve(nodes.size());
  MemberReader member(definition.name);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto& [value, place, page, rows, row] = nodes[i];
    if (page != nullptr && page->name == definition.name) {
      slots.push_back({.place = &places[i], .rows = page->rows.get()});
    } else if (rows != nullptr) {
      const auto column = member.column(*rows);
      if (column) slots.push_back({.value = &owned_.emplace_back(rows->value(row, *column)), .place = &places[i]});
      else slots.push_back({.value = &null_value, .place = &places[i]});
    } else {
      const auto* read = member.read(value);
      slots.push_back({.value = is_complete ? read : without_deprecated(*read), .place = &places[i]});
    }
  }
  put(complete(field, slots), values);
}

std::vector<Completed> Completion::fail(const Field& field, std::span<const Node> nodes, const RequestError& problem) {
  const auto places = places_of(field, nodes);
  for (const auto& place : places) errors_.add(&place, problem);
  return complete(field, std::vector<Slot>(places.size()));
}

std::vector<Completed> Completion::resolve(const Field& field, std::span<Node> nodes) {
  const auto& definition = *field.group.definition;
  const auto& selection = *field.group.selections.front();
  auto arguments =
      coerce_arguments({execution_.types, execution_.scalars}, definition, selection, execution_.variables);
  if (const auto* problem = std::get_if<RequestError>(&arguments)) return fail(field, nodes, *problem);

  const FieldCall call{field.parent, definition, std::get<Object>(arguments), selection.selections};
  auto& outcomes = outcomes_.emplace_back(outcomes_of(call, nodes));
  HOLDFAST_ASSERT(outcomes.size() == nodes.size(), "a resolver returns one outcome a parent");

  const auto places = places_of(field, nodes);
  std::vector<Slot> slots;
  slots.reserve(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    auto& slot = slots.emplace_back(Slot{.place = &places[i]});
    if (auto* error = std::get_if<FieldError>(&outcomes[i])) record(field, places[i], std::move(*error));
    slot.value = std::get_if<Value>(&outcomes[i]);
    slot.page = std::get_if<RowsPage>(&outcomes[i]);
    if (slot.page != nullptr) slot.value = &slot.page->others;
  }
  return complete(field, slots);
}

std::vector<Outcome> Completion::outcomes_of(const FieldCall& call, std::span<Node> nodes) {
  if (execution_.interruption) {
    if (const auto error = execution_.interruption()) return std::vector<Outcome>(nodes.size(), *error);
  }
  std::vector<const Value*> parents;
  parents.reserve(nodes.size());
  for (auto& node : nodes) {
    if (node.value == nullptr) node.value = &owned_.emplace_back(node.rows->object(node.row));
    parents.push_back(node.value);
  }
  return execution_.resolvers.resolve(call, parents);
}

void Completion::record(const Field& field, const Place& place, FieldError error) {
  std::string completed = "null";
  if (error.data) {
    const ErrorLog::Mute mute(errors_);
    const std::vector<Slot> slots{{.value = &*error.data, .place = &place}};
    completed.clear();
    write(complete(field, slots).front(), completed);
  }
  errors_.add(&place, field.group.selections, std::move(error), completed);
}

std::vector<Completed> Completion::resolve_meta(const Field& field, std::span<const Node> nodes) {
  const auto* definition = field.group.definition;
  if (definition == &typename_field()) {
    return std::vector<Completed>(nodes.size(), {&owned_.emplace_back(field.parent.name)});
  }
  const Value* value = nullptr;
  if (definition == &schema_field()) {
    value = introspected("");
  } else {
    const InputRules rules{execution_.types, execution_.scalars};
    const auto arguments = coerce_arguments(rules, *definition, *field.group.selections.front(), execution_.variables);
    if (const auto* problem = std::get_if<RequestError>(&arguments)) return fail(field, nodes, *problem);
    const auto* name = std::get<Object>(arguments).at("name").as_string();
    const bool is_known = name && execution_.types.type(*name);
    value = is_known ? introspected(*name) : &null_value;
  }
  const auto places = places_of(field, nodes);
  std::vector<Slot> slots;
  for (const auto& place : places) slots.push_back({.value = value, .place = &place});
  return complete(field, slots);
}

std::vector<Completed> Completion::complete(const Field& field, std::span<const Slot> slots) {
  if (slots.size() == 1 && slots.front().rows != nullptr) {
    if (const auto* level = whole_rows(field, *slots.front().rows)) return {{CompletedRows{level}}};
  }
  const auto& type = field.group.definition->type;
  const auto places_before = item_places_.size();
  Objects objects;
  if (is_composite(field.named)) {
    std::vector<Found> found;
    for (const auto& slot : slots) gather(field, type, slot, found);
    objects.completed = complete_objects(field, found);
  }
  std::vector<Completed> values;
  values.reserve(slots.size());
  for (const auto& slot : slots) values.push_back(build(field, type, slot, objects));
  item_places_.cut(places_before);
  return values;
}

void Completion::gather(const Field& field, const TypeRef& type, const Slot& slot, std::vector<Found>& found) {
  if (slot.rows != nullptr) return gather_rows(field, slot, found);
  if (!slot.value || slot.value->is_null() || !budget_.spend(1)) return;
  if (!type.is_list()) {
    Node node{.value = slot.value, .place = slot.place, .page = slot.page};
    if (const auto* reference = (*slot.value)["__ref"].as_string(); reference && is_introspection(field.named)) {
      node.value = introspected(*reference);
    }
    found.push_back({node, concrete_type(field, slot)});
    return;
  }
  const auto* list = slot.value->as_list();
  if (!list) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& place = item_places_.emplace_back(Place{slot.place, {}, i});
    gather(field, type.element.front(), {.value = &(*list)[i], .place = &place}, found);
  }
}

const TypeDefinition* Completion::concrete_type(const Field& field, const Slot& slot) {
  if (!is_abstract(field.named)) return &field.named;
  const auto& abstract = field.named.name;
  const auto* name = (*slot.value)["__typename"].as_string();
  const auto* type = name ? execution_.types.type(*name) : nullptr;
  const auto& possible = execution_.types.possible_types(abstract);
  if (type && std::find(possible.begin(), possible.end(), type) != possible.end()) return type;
  auto message = "Abstract type \"" + abstract + "\" must resolve to an Object type at runtime for field \"" +
                 field.parent.name + "." + field.group.definition->name + "\".";
  if (type && type->kind == TypeKind::object) {
    message = "Runtime Object type \"" + *name + "\" is not a possible type for \"" + abstract + "\".";
  } else if (type) {
    message = "Abstract type \"" + abstract + "\" was resolved to a non-object type \"" + *name + "\".";
  }
  if (name && !type) {
    message = "Abstract type \"" + abstract + "\" was resolved to a type \"" + *name +
              "\" that does not exist inside the schema.";
  }
  errors_.add(slot.place, field.group.selections, std::move(message));
  return nullptr;
}

std::vector<Completed> Completion::complete_objects(const Field& field, const std::vector<Found>& found) {
  std::vector<Completed> completed(found.size());
  std::vector<bool> is_done(found.size(), false);
  for (std::size_t first = 0; first < found.size(); ++first) {
    const auto* type = found[first].type;
    if (is_done[first] || !type) continue;
    // All objects of this concrete type go down together.
    std::vector<Node> nodes;
    std::vector<std::size_t> origins;
    nodes.reserve(found.size() - first);
    origins.reserve(found.size() - first);
    for (auto i = first; i < found.size(); ++i) {
      if (found[i].type != type) continue;
      nodes.push_back(found[i].node);
      origins.push_back(i);
      is_done[i] = true;
    }
    const auto* plan = plan_inside(field, *type, nodes);
    if (plan == nullptr) continue;
    const auto objects = fields(*type, *plan, nodes, field.depth + 1);
    for (std::size_t i = 0; i < origins.size(); ++i) completed[origins[i]] = objects[i];
  }
  return completed;
}

Completed Completion::build(const Field& field, const TypeRef& type, const Slot& slot, Objects& objects) {
  const auto completed = build_nullable(field, type, slot, objects);
  if (!type.is_non_null) return completed.is_lost() ? Completed{&null_value} : completed;
  if (completed.is_null()) {
    errors_.add(slot.place, field.group.selections,
                "Cannot return null for non-nullable type: '" + type.innermost() + "' within parent '" +
                    field.parent.name + "' (" + path_text(*slot.place) + ")");
    return {};
  }
  return completed;
}

Completed Completion::build_nullable(const Field& field, const TypeRef& type, const Slot& slot, Objects& objects) {
  if (slot.rows != nullptr) return build_rows(type.element.front(), slot, objects);
  if (!slot.value) return {};
  if (slot.value->is_null()) return {&null_value};
  if (type.is_list()) return build_list(field, type.element.front(), slot, objects);
  return is_leaf(field.named) ? build_leaf(field, slot) : next_object(objects);
}

Completed Completion::next_object(Objects& objects) {
  // Past the budget not every object was gathered; the whole answer is given up then.
  return objects.next < objects.completed.size() ? objects.completed[objects.next++] : Completed();
}

Completed Completion::build_list(const Field& field, const TypeRef& item, const Slot& slot, Objects& objects) {
  const auto* list = slot.value->as_list();
  if (!list) {
    errors_.add(slot.place, field.group.selections,
                "Expected Iterable, but did not find one for field \"" + field.parent.name + "." +
                    field.group.definition->name + "\".");
    return {};
  }
  if (is_leaf(field.named) && !budget_.spend(list->size())) return {};
  auto& completed = lists_.emplace_back();
  completed.reserve(list->size());
  std::optional<ErrorLog::Mute> mute;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Place place{slot.place, {}, i};
    completed.push_back(build(field, item, {.value = &(*list)[i], .place = &place}, objects));
    // After the first failure the list is null; the rest is only walked past.
    if (completed.back().is_lost() && !mute) mute.emplace(errors_);
  }
  if (mute) return {};
  return {CompletedList{&completed}};
}

const Value* Completion::introspected(const std::string& text) {
  const auto [cached, is_new] = introspected_.try_emplace(text);
  if (is_new) {
    cached->second = text.empty() ? introspected_schema(execution_.types) : introspected_type(execution_.types, text);
  }
  return &cached->second;
}

const Value* Completion::without_deprecated(const Value& list) {
  const auto* items = list.as_list();
  if (!items) return &list;
  const auto is_deprecated = [](const Value& item) { return item["isDeprecated"] == Value(true); };
  if (std::none_of(items->begin(), items->end(), is_deprecated)) return &list;
  List kept;
  std::remove_copy_if(items->begin(), items->end(), std::back_inserter(kept), is_deprecated);
  return &owned_.emplace_back(std::move(kept));
}

}  // namespace holdfast::graphql
