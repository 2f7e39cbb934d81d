#include "server/realtime/answers.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "graphql/collect_fields.h"

namespace holdfast::server {
namespace {

class AnswerReader {
 public:
  AnswerReader(const Server::Parts& parts, const Running& running)
      : types_(parts.types), asking_{parts.types, running.prepared->document, &running.variables} {}

  std::vector<graphql::FieldGroup> fields(const graphql::TypeDefinition& type, graphql::SelectionSets sets) {
    auto collected = graphql::collect_fields(asking_, type, sets, budget_);
    auto* groups = std::get_if<std::vector<graphql::FieldGroup>>(&collected);
    return groups == nullptr ? std::vector<graphql::FieldGroup>() : std::move(*groups);
  }

  /// What a field gave, by names of fields.
  Value read(const graphql::FieldGroup& field, const Value& given) {
    const auto* type = types_.type(field.definition->type.innermost());
    if (type == nullptr || !graphql::is_composite(*type)) return given;
    return read(*type, graphql::selection_sets(field), given);
  }

 private:
  Value read(const graphql::TypeDefinition& type, graphql::SelectionSets sets, const Value& given) {
    if (const auto* list = given.as_list()) {
      List all;
      for (const auto& each : *list) all.push_back(read(type, sets, each));
      return all;
    }
    const auto* object = given.as_object();
    const auto* concrete = object == nullptr ? nullptr : concrete_type(type, sets, *object);
    if (concrete == nullptr) return {};
    Object all{{"__typename", concrete->name}};
    for (const auto& field : fields(*concrete, sets)) {
      if (field.definition == nullptr || all.find(field.definition->name) != nullptr) continue;
      all.append(field.definition->name, read(field, object->at(field.response_name)));
    }
    return all;
  }

  /// Null where the answer does not tell it.
  const graphql::TypeDefinition* concrete_type(const graphql::TypeDefinition& type, graphql::SelectionSets sets,
                                               const Object& object) {
    const auto& possible = types_.possible_types(type.name);
    const auto names_itself = [&](const graphql::TypeDefinition* one) {
      const auto all = fields(*one, sets);
      return std::any_of(all.begin(), all.end(), [&](const graphql::FieldGroup& field) {
        return field.definition != nullptr && field.definition->name == "__typename" &&
               object.at(field.response_name) == Value(one->name);
      });
    };
    if (type.kind == graphql::TypeKind::object) return &type;
    const auto found = std::find_if(possible.begin(), possible.end(), names_itself);
    return found == possible.end() ? nullptr : *found;
  }

  const graphql::TypeSystem& types_;
  graphql::Asking asking_;
  graphql::WorkBudget budget_{graphql::execution_steps_max};
};

}  // namespace

std::vector<AnsweredMutation> answered_mutations(Server::Parts& parts, const Running& running,
                                                 const graphql::Response& response) {
  const auto* root = parts.types.root(graphql::OperationType::mutation);
  if (running.operation->type != graphql::OperationType::mutation || root == nullptr) return {};
  AnswerReader reader(parts, running);
  const std::vector<const std::vector<graphql::Selection>*> sets{&running.operation->selections};
  auto fields = reader.fields(*root, sets);
  std::erase_if(fields, [&](const graphql::FieldGroup& field) {
    return field.definition == nullptr || parts.backend.custom.find(root->name, field.definition->name) == nullptr ||
           !parts.dispatch.is_heard(field.definition->name);
  });
  if (fields.empty()) return {};
  const auto given = json::parse(response.text);
  std::vector<AnsweredMutation> all;
  for (const auto& field : fields) {
    auto answer = given ? reader.read(field, (*given)["data"][field.response_name]) : Value();
    if (!answer.is_null()) all.push_back({field.definition->name, std::move(answer)});
  }
  return all;
}

}  // namespace holdfast::server
