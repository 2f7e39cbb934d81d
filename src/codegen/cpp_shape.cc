#include "codegen/cpp_shape.h"

#include <algorithm>
#include <optional>
#include <set>

#include "codegen/cpp_nesting.h"
#include "codegen/cpp_text.h"

namespace holdfast::codegen {
namespace {

using TypeNames = std::map<std::string, std::string>;

std::string element_type(const FieldSchema& field, const TypeNames& names) {
  if (field.kind != FieldKind::scalar) return names.at(field.type_name);
  switch (field.scalar) {
    case Scalar::integer: return "std::int32_t";
    case Scalar::aws_timestamp: return "std::int64_t";
    case Scalar::floating: return "double";
    case Scalar::boolean: return "bool";
    default: return "std::string";
  }
}

/// What only the service sets is absent until it did. Of a type that is not defined yet nothing can be optional, only
/// boxed.
std::string member_type(const FieldSchema& field, const TypeNames& names, const char* optional = "std::optional") {
  const auto nullable = [optional](const std::string& type) { return std::string(optional) + "<" + type + ">"; };
  std::string type = element_type(field, names);
  if (field.is_list) type = "std::vector<" + (field.is_required ? type : nullable(type)) + ">";
  return field.refuses_null() && !field.is_read_only ? type : nullable(type);
}

/// What the generated code calls its own functions, parameters and variables.
const std::set<std::string> generated_names = {
    "model",  "to_record", "from_record", "copy_of", "fields", "to_value",  "from_value", "to_string", "from_string",
    "schema", "record_",   "value_",      "made_",   "parts_", "original_", "change_",    "Change_"};

/// Names that a member cannot have: of the generated functions, and of every type, whose meaning it would change.
std::set<std::string> names_around(const TypeNames& types) {
  std::set<std::string> names = generated_names;
  for (const auto& [schema_name, name] : types) names.insert(name);
  return names;
}

/// Whether the foreign key of the relation is ours: the other side is found by its primary key.
bool holds_key(const Schema& schema, const RelationSchema& relation) {
  const auto* target = schema.model(relation.target);
  return relation.kind != RelationKind::has_many && target != nullptr && relation.target_keys == target->primary_key;
}

std::vector<std::size_t> indexes_of(const ModelSchema& model, const std::vector<std::string>& fields) {
  std::vector<std::size_t> indexes;
  for (const auto& field : fields) {
    if (const auto index = model.field_index(field)) indexes.push_back(*index);
  }
  return indexes;
}

class ModelShaper {
 public:
  ModelShaper(const Schema& schema, const ModelSchema& model, const TypeNames& types)
      : schema_(schema), model_(model), types_(types), scope_(names_around(types)) {}

  ModelShape shape() {
    shape_.model = &model_;
    shape_.name = types_.at(model_.name);
    claim_keys();
    for (std::size_t at = 0; at < model_.fields.size(); ++at) add_field(at);
    for (const auto& relation : model_.relations) add_relation(relation);
    return std::move(shape_);
  }

 private:
  /// A relation whose keys are all implied stands for them; each key has one relation that does.
  void claim_keys() {
    for (const auto& relation : model_.relations) {
      const auto keys = indexes_of(model_, relation.keys);
      const bool is_free = std::all_of(keys.begin(), keys.end(), [&](std::size_t key) {
        return model_.fields[key].is_implied && !model_.is_key(model_.fields[key].name) && !claimed_.contains(key);
      });
      if (!holds_key(schema_, relation) || !is_free || keys.empty()) continue;
      for (const auto key : keys) claimed_[key] = &relation;
    }
  }

  void add_field(std::size_t at) {
    const auto& field = model_.fields[at];
    if (const auto claim = claimed_.find(at); claim != claimed_.end()) return add_reference(*claim->second);
    Member member{.type = member_type(field, types_), .description = field.description, .fields = {at}};
    member.name = scope_.add(field.name);
    shape_.constants.push_back({member.name, constant_type("Field", member.type), "{" + literal(field.name) + "}"});
    shape_.members.push_back(std::move(member));
  }

  void add_reference(const RelationSchema& relation) {
    if (!referred_.insert(relation.name).second) return;
    Member member{.description = relation.description,
                  .fields = indexes_of(model_, relation.keys),
                  .target = types_.at(relation.target)};
    member.name = scope_.add(relation.name);
    member.type = "holdfast::Ref<" + member.target + ">";
    add_constant(member.name, relation);
    shape_.members.push_back(std::move(member));
  }

  [[nodiscard]] std::string constant_type(const std::string& kind, const std::string& arguments) const {
    return "holdfast::" + kind + "<" + shape_.name + ", " + arguments + ">";
  }

  void add_constant(const std::string& name, const RelationSchema& relation) {
    const auto parts = relation.keys.size() == 1 ? std::string() : ", " + std::to_string(relation.keys.size());
    shape_.constants.push_back({name, constant_type("RefField", types_.at(relation.target) + parts),
                                "{" + literal(relation.name) + ", " + literals(relation.keys) + "}"});
  }

  void add_relation(const RelationSchema& relation) {
    if (!holds_key(schema_, relation)) return add_reverse(relation);
    // Of a relation over written keys the keys are members; the constant lets it be compared all the same.
    if (!referred_.contains(relation.name)) add_constant(scope_.add(relation.name), relation);
  }

  /// The other side holds the key: there is no member, only a way to read.
  void add_reverse(const RelationSchema& relation) {
    const auto* target = schema_.model(relation.target);
    if (target == nullptr) return;
    const auto& type = types_.at(target->name);
    const auto name = literal(relation.name);
    const bool is_many = relation.kind == RelationKind::has_many;
    FieldConstant constant{.name = scope_.add(relation.name), .description = relation.description};
    if (const auto* far = far_side(*target, relation); far != nullptr) {
      const auto& far_type = types_.at(far->target);
      constant.type = constant_type("ThroughField", type + ", " + far_type);
      constant.initializer = "{{" + name + "}, " + literal(far->name) + "}";
      if (constant.description.empty()) {
        constant.description = "The " + far_type + " records that " + type + " records link.";
      }
    } else {
      constant.type = constant_type(is_many ? "ManyField" : "OneField", type);
      constant.initializer = "{" + name + "}";
      if (constant.description.empty()) {
        constant.description =
            "The " + type + (is_many ? " records that refer" : " record that refers") + " to this one.";
      }
    }
    shape_.constants.push_back(std::move(constant));
  }

  /// Of a join model, the relation that is not the way back.
  [[nodiscard]] const RelationSchema* far_side(const ModelSchema& target, const RelationSchema& relation) const {
    if (!target.is_join) return nullptr;
    const auto far = std::find_if(target.relations.begin(), target.relations.end(), [&](const RelationSchema& one) {
      return one.keys != relation.target_keys && types_.contains(one.target);
    });
    return far == target.relations.end() ? nullptr : &*far;
  }

  const Schema& schema_;
  const ModelSchema& model_;
  const TypeNames& types_;
  Scope scope_;
  ModelShape shape_;
  std::map<std::size_t, const RelationSchema*> claimed_;
  std::set<std::string> referred_;
};

/// Embedded types in the order of their definition.
class EmbeddedShaper {
 public:
  EmbeddedShaper(const Schema& schema, const TypeNames& types) : schema_(schema), types_(types) {}

  void shape(CppShape& out) {
    for (const auto* type : definition_order(schema_)) {
      EmbeddedShape shape{.type = type, .name = types_.at(type->name)};
      Scope scope(names_around(types_));
      for (std::size_t at = 0; at < type->fields.size(); ++at) {
        auto member = member_of(*type, type->fields[at]);
        member.name = scope.add(type->fields[at].name);
        member.fields = {at};
        shape.members.push_back(std::move(member));
      }
      defined_.insert(type->name);
      out.embedded.push_back(std::move(shape));
    }
    out.ahead.assign(ahead_.begin(), ahead_.end());
  }

 private:
  Member member_of(const EmbeddedSchema& type, const FieldSchema& field) {
    Member member{.type = member_type(field, types_), .description = field.description};
    if (field.kind != FieldKind::embedded || defined_.contains(field.type_name)) return member;
    ahead_.insert(types_.at(field.type_name));
    member.type = member_type(field, types_, "holdfast::Boxed");
    // Clang would make the list, whose elements it must know for that.
    member.is_initialized = !field.is_list_required || !field.is_required || field.type_name == type.name;
    return member;
  }

  const Schema& schema_;
  const TypeNames& types_;
  std::set<std::string> defined_;
  std::set<std::string> ahead_;
};

TypeNames type_names(const Schema& schema) {
  TypeNames names;
  Scope scope(generated_names);
  for (const auto& type : schema.enums) names[type.name] = scope.add(type.name);
  for (const auto& type : schema.embedded) names[type.name] = scope.add(type.name);
  for (const auto& model : schema.models) names[model.name] = scope.add(model.name);
  return names;
}

std::string description_of(const std::string& value, const graphql::TypeDefinition& written) {
  const auto found = std::find_if(written.values.begin(), written.values.end(),
                                  [&](const graphql::EnumValue& one) { return one.name == value; });
  return found == written.values.end() ? std::string() : found->description;
}

EnumShape enum_shape(const EnumSchema& type, const std::string& name, const schema::Written& written) {
  const auto& all = written.document.types;
  const auto definition = std::find_if(all.begin(), all.end(),
                                       [&](const graphql::TypeDefinition& one) { return one.name == type.name; });
  EnumShape shape{.type = &type, .name = name};
  Scope scope;
  for (const auto& value : type.values) {
    shape.values.push_back(scope.add(value));
    shape.descriptions.push_back(definition == all.end() ? std::string() : description_of(value, *definition));
  }
  return shape;
}

}  // namespace

CppShape shape_of(const schema::Reading& reading) {
  const auto& schema = reading.schema;
  const auto types = type_names(schema);
  CppShape shape;
  for (const auto& type : schema.enums) shape.enums.push_back(enum_shape(type, types.at(type.name), reading.written));
  EmbeddedShaper(schema, types).shape(shape);
  for (const auto& model : schema.models) shape.models.push_back(ModelShaper(schema, model, types).shape());
  return shape;
}

}  // namespace holdfast::codegen
