#include "graphql/complete.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "graphql/builtin.h"
#include "graphql/coerce.h"
#include "graphql/introspect.h"

namespace holdfast::graphql {
namespace {

// What a field costs before its first value: documents of fragments that multiply make many fields of few values.
constexpr std::size_t field_steps = 20;

bool is_introspection(const TypeDefinition& type) { return type.name.starts_with("__"); }

/// The same member of many like objects: it mostly stands where it stood in the one before.
class MemberReader {
 public:
  explicit MemberReader(std::string_view name) : name_(name) {}

  const Value* read(const Value* parent) {
    static const Value null;
    const auto* object = parent ? parent->as_object() : nullptr;
    if (!object) return &null;
    if (position_ < object->size() && (object->begin() + position_)->name == name_) {
      return &(object->begin() + position_)->value;
    }
    const auto found =
        std::find_if(object->begin(), object->end(), [this](const Member& member) { return member.name == name_; });
    if (found == object->end()) return &null;
    position_ = static_cast<std::size_t>(found - object->begin());
    return &found->value;
  }

 private:
  std::string_view name_;
  std::size_t position_ = 0;
};

}  // namespace

Completion::Completion(const Execution& execution) : execution_(execution), budget_(execution_steps_max) {}

std::vector<CompletedObject> Completion::fields(const TypeDefinition& type, SelectionSets sets,
                                                std::span<const Node> nodes, int depth) {
  const auto collected = collect_fields(execution_, type, sets, budget_);
  if (const auto* problem = std::get_if<RequestError>(&collected)) {
    for (const auto& node : nodes) errors_.add(node.place, *problem);
    return std::vector<CompletedObject>(nodes.size());
  }
  const auto& groups = std::get<std::vector<FieldGroup>>(collected);
  std::vector<CompletedObject> objects(nodes.size(), Object{});
  for (auto& object : objects) object->reserve(groups.size());
  for (const auto& group : groups) {
    if (budget_.is_spent()) return std::vector<CompletedObject>(nodes.size());
    if (!group.definition) continue;
    auto values = field(type, group, nodes, depth);
    bool is_anything_left = false;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!values[i]) objects[i].reset();
      if (objects[i]) objects[i]->append(std::string(group.response_name), std::move(*values[i]));
      is_anything_left = is_anything_left || objects[i];
    }
    if (!is_anything_left) break;
  }
  return objects;
}

std::vector<Completed> Completion::field(const TypeDefinition& parent, const FieldGroup& group,
                                         std::span<const Node> nodes, int depth) {
  const auto* named = execution_.types.type(group.definition->type.innermost());
  HOLDFAST_ASSERT(named != nullptr, "a checked type system knows the types of its fields");
  const Field field{parent, group, *named, leaf_of(*named), depth};
  std::vector<Place> places;
  places.reserve(nodes.size());
  for (const auto& node : nodes) places.push_back({node.place, group.response_name, 0});
  if (!budget_.spend(field_steps + nodes.size())) return std::vector<Completed>(nodes.size());
  if (depth > execution_depth_max) {
    return fail(field, places,
                {"Selections nest deeper than " + std::to_string(execution_depth_max) + " levels.",
                 {group.selections.front()->at}});
  }
  if (group.definition == &typename_field() || group.definition == &schema_field() ||
      group.definition == &type_field()) {
    return resolve_meta(field, places);
  }
  if (!is_introspection(parent) && execution_.resolvers.resolves(parent, *group.definition)) {
    return resolve(field, nodes, places);
  }
  return read_members(field, nodes, places);
}

std::vector<Completed> Completion::read_members(const Field& field, std::span<const Node> nodes,
                                                std::span<const Place> places) {
  const auto& definition = *field.group.definition;
  Object given;
  if (!definition.arguments.empty()) {
    auto arguments = coerce_arguments({execution_.types, execution_.scalars}, definition,
                                      *field.group.selections.front(), execution_.variables);
    if (const auto* problem = std::get_if<RequestError>(&arguments)) return fail(field, places, *problem);
    given = std::get<Object>(std::move(arguments));
  }
  const bool is_complete = !is_introspection(field.parent) || !definition.argument("includeDeprecated") ||
                           given.at("includeDeprecated") == Value(true);
  std::vector<Slot> slots;
  slots.reserve(nodes.size());
  MemberReader member(definition.name);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto* value = member.read(nodes[i].value);
    slots.push_back({is_complete ? value : without_deprecated(*value), &places[i]});
  }
  return complete(field, slots);
}

std::vector<Completed> Completion::fail(const Field& field, std::span<const Place> places,
                                        const RequestError& problem) {
  for (const auto& place : places) errors_.add(&place, problem);
  return complete(field, std::vector<Slot>(places.size()));
}

std::vector<Completed> Completion::resolve(const Field& field, std::span<const Node> nodes,
                                           std::span<const Place> places) {
  const auto& definition = *field.group.definition;
  const auto& selection = *field.group.selections.front();
  auto arguments =
      coerce_arguments({execution_.types, execution_.scalars}, definition, selection, execution_.variables);
  if (const auto* problem = std::get_if<RequestError>(&arguments)) return fail(field, places, *problem);

  const FieldCall call{field.parent, definition, std::get<Object>(arguments), selection.selections};
  auto outcomes = outcomes_of(call, nodes);
  HOLDFAST_ASSERT(outcomes.size() == nodes.size(), "a resolver returns one outcome a parent");

  std::vector<Slot> slots;
  slots.reserve(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto* value = std::get_if<Value>(&outcomes[i]);
    slots.push_back({value, &places[i]});
    if (!value) record(field, places[i], std::get<FieldError>(std::move(outcomes[i])));
  }
  return complete(field, slots);
}

std::vector<Outcome> Completion::outcomes_of(const FieldCall& call, std::span<const Node> nodes) {
  if (execution_.interruption) {
    if (const auto error = execution_.interruption()) return std::vector<Outcome>(nodes.size(), *error);
  }
  std::vector<const Value*> parents;
  parents.reserve(nodes.size());
  for (const auto& node : nodes) parents.push_back(node.value);
  return execution_.resolvers.resolve(call, parents);
}

void Completion::record(const Field& field, const Place& place, FieldError error) {
  Value completed;
  if (error.data) {
    const ErrorLog::Mute mute(errors_);
    const std::vector<Slot> slots{{&*error.data, &place}};
    auto values = complete(field, slots);
    if (values.front()) completed = std::move(*values.front());
  }
  errors_.add(&place, field.group.selections, std::move(error), std::move(completed));
}

std::vector<Completed> Completion::resolve_meta(const Field& field, std::span<const Place> places) {
  const auto* definition = field.group.definition;
  if (definition == &typename_field()) return std::vector<Completed>(places.size(), Value(field.parent.name));
  const Value* value = nullptr;
  if (definition == &schema_field()) {
    value = introspected("");
  } else {
    const InputRules rules{execution_.types, execution_.scalars};
    const auto arguments = coerce_arguments(rules, *definition, *field.group.selections.front(), execution_.variables);
    if (const auto* problem = std::get_if<RequestError>(&arguments)) return fail(field, places, *problem);
    const auto* name = std::get<Object>(arguments).at("name").as_string();
    static const Value none;
    const bool is_known = name && execution_.types.type(*name);
    value = is_known ? introspected(*name) : &none;
  }
  std::vector<Slot> slots;
  for (const auto& place : places) slots.push_back({value, &place});
  return complete(field, slots);
}

std::vector<Completed> Completion::complete(const Field& field, std::span<const Slot> slots) {
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
  item_places_.resize(places_before);
  return values;
}

void Completion::gather(const Field& field, const TypeRef& type, const Slot& slot, std::vector<Found>& found) {
  if (!slot.value || slot.value->is_null() || !budget_.spend(1)) return;
  if (!type.is_list()) {
    auto node = Node{slot.value, slot.place};
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
    gather(field, type.element.front(), {&(*list)[i], &place}, found);
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

std::vector<CompletedObject> Completion::complete_objects(const Field& field, const std::vector<Found>& found) {
  std::vector<const std::vector<Selection>*> sets;
  for (const auto* selection : field.group.selections) sets.push_back(&selection->selections);
  std::vector<CompletedObject> completed(found.size());
  std::vector<bool> is_done(found.size(), false);
  for (std::size_t first = 0; first < found.size(); ++first) {
    const auto* type = found[first].type;
    if (is_done[first] || !type) continue;
    // All objects of this concrete type go down together.
    std::vector<Node> nodes;
    std::vector<std::size_t> origins;
    for (auto i = first; i < found.size(); ++i) {
      if (found[i].type != type) continue;
      nodes.push_back(found[i].node);
      origins.push_back(i);
      is_done[i] = true;
    }
    auto objects = fields(*type, sets, nodes, field.depth + 1);
    for (std::size_t i = 0; i < origins.size(); ++i) completed[origins[i]] = std::move(objects[i]);
  }
  return completed;
}

Completed Completion::build(const Field& field, const TypeRef& type, const Slot& slot, Objects& objects) {
  auto completed = build_nullable(field, type, slot, objects);
  if (!type.is_non_null) return completed ? std::move(completed) : Completed(Value());
  if (completed && completed->is_null()) {
    errors_.add(slot.place, field.group.selections,
                "Cannot return null for non-nullable type: '" + type.innermost() + "' within parent '" +
                    field.parent.name + "' (" + path_text(*slot.place) + ")");
    return std::nullopt;
  }
  return completed;
}

Completed Completion::build_nullable(const Field& field, const TypeRef& type, const Slot& slot, Objects& objects) {
  if (!slot.value) return std::nullopt;
  if (slot.value->is_null()) return Value();
  if (type.is_list()) return build_list(field, type.element.front(), slot, objects);
  if (is_leaf(field.named)) return build_leaf(field, slot);
  // Past the budget not every object was gathered; the whole answer is given up then.
  if (objects.next >= objects.completed.size()) return std::nullopt;
  auto& object = objects.completed[objects.next++];
  if (!object) return std::nullopt;
  return Value(std::move(*object));
}

Completed Completion::build_list(const Field& field, const TypeRef& item, const Slot& slot, Objects& objects) {
  const auto* list = slot.value->as_list();
  if (!list) {
    errors_.add(slot.place, field.group.selections,
                "Expected Iterable, but did not find one for field \"" + field.parent.name + "." +
                    field.group.definition->name + "\".");
    return std::nullopt;
  }
  if (is_leaf(field.named) && !budget_.spend(list->size())) return std::nullopt;
  List completed;
  completed.reserve(list->size());
  std::optional<ErrorLog::Mute> mute;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Place place{slot.place, {}, i};
    auto value = build(field, item, {&(*list)[i], &place}, objects);
    // After the first failure the list is null; the rest is only walked past.
    if (!value && !mute) mute.emplace(errors_);
    if (!mute) completed.push_back(std::move(*value));
  }
  if (mute) return std::nullopt;
  return Value(std::move(completed));
}

Completed Completion::build_leaf(const Field& field, const Slot& slot) {
  auto written = field.leaf == Leaf::custom ? execution_.scalars.write(field.named, *slot.value)
                                            : write_leaf(field.leaf, field.named, *slot.value);
  if (written) return std::move(*written);
  errors_.add(slot.place, field.group.selections, std::move(written).error().message);
  return std::nullopt;
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
