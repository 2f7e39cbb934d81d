#include "codegen/typescript.h"

#include <algorithm>

#include "codegen/change_case.h"

namespace holdfast::codegen {
namespace {

/// Models are declared twice: with their relations at hand, and with relations that are loaded when they are awaited.
enum class Loading : bool { eager, lazy };

std::string_view scalar_type(Scalar scalar) noexcept {
  switch (scalar) {
    case Scalar::integer:
    case Scalar::floating:
    case Scalar::aws_timestamp: return "number";
    case Scalar::boolean: return "boolean";
    default: return "string";
  }
}

/// Names to import, each once, in the order of their first use.
class Imports {
 public:
  explicit Imports(std::vector<std::string> names) : names_(std::move(names)) {}

  void add(const std::string& name) {
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
  }
  [[nodiscard]] std::string text() const {
    std::string text = "import { ";
    for (const auto& name : names_) text.append(&name == &names_.front() ? "" : ", ").append(name);
    return text + " } from \"@aws-amplify/datastore\";\n";
  }

 private:
  std::vector<std::string> names_;
};

class Typings {
 public:
  explicit Typings(const Metadata& metadata) : metadata_(metadata) {}

  std::string text() {
    // In this order the published generator meets what it must import.
    std::string models;
    for (const auto& model : metadata_.models) models += declaration(model);
    std::string others;
    for (const auto& type : metadata_.non_models) others += declaration(type);
    std::string enums;
    for (const auto& type : metadata_.enums) enums += enum_declaration(type);
    std::string metas;
    if (is_v1()) {
      for (const auto& model : metadata_.models) metas += meta_declaration(model);
    }
    // Versions of DataStore before lazy loading do not have these.
    auto text = imports_.text() + "// @ts-ignore\n" + lazy_imports_.text() + enums + others + metas + models;
    return text;
  }

 private:
  [[nodiscard]] bool is_v1() const { return metadata_.dialect == schema::Dialect::v1; }

  [[nodiscard]] const MetadataEnum* enumeration(const std::string& name) const {
    const auto& all = metadata_.enums;
    const auto found = std::find_if(all.begin(), all.end(), [&](const MetadataEnum& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
  }

  // --- enums -------------------------------------------------------------------------------------------------

  static std::string enum_declaration(const MetadataEnum& type) {
    std::string body;
    for (const auto& entry : type.entries) {
      body.append(body.empty() ? "" : ",\n").append("  " + entry.key + " = \"" + entry.value + "\"");
    }
    return "\nexport enum " + pascal_case(type.name) + " {\n" + body + "\n}\n";
  }

  // --- what a model says of itself ---------------------------------------------------------------------------

  static std::string read_only_fields(const MetadataType& model) {
    std::string names;
    for (const auto& field : model.fields) {
      if (field.is_read_only) names.append(names.empty() ? "'" : " | '").append(field.name + "'");
    }
    return names;
  }

  std::string identifier(const MetadataType& model) {
    const auto& [kind, fields] = *model.identifier;
    std::string word = "CustomIdentifier";
    if (kind == IdentifierKind::managed) word = "ManagedIdentifier";
    if (kind == IdentifierKind::optionally_managed) word = "OptionallyManagedIdentifier";
    std::string names;
    for (const auto& field : fields) names.append(names.empty() ? "'" : ", '").append(field + "'");
    if (fields.size() > 1) {
      word = "CompositeIdentifier";
      names = "[" + names + "]";
    }
    imports_.add(word);
    return word + "<" + model.name + ", " + names + ">";
  }

  /// The newer form stands inside of the model's type.
  std::string inner_meta(const MetadataType& model) {
    if (is_v1() || !model.identifier) return {};
    imports_.add("__modelMeta__");
    const auto names = read_only_fields(model);
    return "  readonly [__modelMeta__]: {\n    identifier: " + identifier(model) + ";\n" +
           (names.empty() ? "" : "    readOnlyFields: " + names + ";\n") + "  };\n";
  }

  /// The older form is a type of its own, for models that have something to say.
  static std::string meta_declaration(const MetadataType& model) {
    const auto names = read_only_fields(model);
    return names.empty() ? "" : "\ntype " + model.name + "MetaData = {\n  readOnlyFields: " + names + ";\n}\n";
  }

  [[nodiscard]] std::string meta_argument(const MetadataType& model) const {
    const bool has_meta = is_v1() && model.identifier && !read_only_fields(model).empty();
    return has_meta ? ", " + model.name + "MetaData" : "";
  }

  // --- fields ------------------------------------------------------------------------------------------------

  static std::string listed(const std::string& type, const MetadataField& field) {
    if (!field.is_list) return type;
    return (field.is_required ? type : "(" + type + " | null)") + "[]";
  }

  std::string lazy_model_type(const MetadataField& field) {
    const std::string word = field.is_list ? "AsyncCollection" : "AsyncItem";
    lazy_imports_.add(word);
    const bool may_miss = !field.is_list && !field.is_required;
    return word + "<" + field.type + (may_miss ? " | undefined" : "") + ">";
  }

  std::string field_type(const MetadataField& field) const {
    std::string type = field.type;
    if (const auto scalar = scalar_named(type)) type = scalar_type(*scalar);
    type = listed(type, field);
    if (enumeration(field.type) != nullptr) {
      const auto keys = "keyof typeof " + field.type;
      type += " | " + (field.is_list ? "Array<" + keys + ">" : keys);
    }
    return type + (field.refuses_null() ? "" : " | null");
  }

  std::string property(const MetadataField& field, Loading loading) {
    const bool is_awaited = loading == Loading::lazy && metadata_.model(field.type) != nullptr;
    const bool is_optional = !is_awaited && !field.refuses_null();
    return "  readonly " + field.name + (is_optional ? "?: " : ": ") +
           (is_awaited ? lazy_model_type(field) : field_type(field)) + ";\n";
  }

  std::string alternative(const MetadataType& type, Loading loading) {
    std::string body = inner_meta(type);
    for (const auto& field : type.fields) body += property(field, loading);
    return std::string("\ntype ") + (loading == Loading::lazy ? "Lazy" : "Eager") + type.name + " = {\n" + body + "}\n";
  }

  // --- models ------------------------------------------------------------------------------------------------

  std::string declaration(const MetadataType& type) {
    const auto& name = type.name;
    const auto meta = meta_argument(type);
    std::string text = alternative(type, Loading::eager) + alternative(type, Loading::lazy);
    text += "\nexport declare type " + name + " = LazyLoading extends LazyLoadingDisabled ? Eager" + name + " : Lazy" +
            name + "\n\nexport declare const " + name + ": (new (init: ModelInit<" + name + meta + ">) => " + name +
            ")";
    if (!type.identifier) return text + "\n";
    const auto draft = "MutableModel<" + name + meta + ">";
    return text + " & {\n  copyOf(source: " + name + ", mutator: (draft: " + draft + ") => " + draft +
           " | void): " + name + ";\n}\n";
  }

  const Metadata& metadata_;
  Imports imports_{{"ModelInit", "MutableModel"}};
  Imports lazy_imports_{{"LazyLoading", "LazyLoadingDisabled"}};
};

}  // namespace

std::string index_d_ts(const Metadata& metadata) { return Typings(metadata).text(); }

}  // namespace holdfast::codegen
