#include "codegen/javascript.h"

#include <utility>

#include "codegen/metadata_json.h"
#include "codegen/metadata_version.h"
#include "codegen/typescript.h"

namespace holdfast::codegen {
namespace {

// A constant that the published generator writes whatever its own version.
constexpr const char* codegen_version = "3.4.4";
constexpr int schema_indent = 4;
constexpr int enum_indent = 2;

Object declarations_json(const Metadata& metadata, const std::vector<MetadataType>& types) {
  Object all;
  for (const auto& type : types) all.append(type.name, declaration_json(metadata, type, Audience::datastore));
  return all;
}

std::string enum_object(const MetadataEnum& type) {
  Object members;
  for (const auto& entry : type.entries) members.append(entry.key, entry.value);
  return "const " + type.name + " = " + indented(members, enum_indent) + ";\n\n";
}

template <class Types>
void append_names(std::vector<std::string>& names, const Types& types) {
  for (const auto& type : types) names.push_back(type.name);
}

std::string joined(const std::vector<std::string>& names, std::string_view between) {
  std::string text;
  for (const auto& name : names) text.append(text.empty() ? "" : between).append(name);
  return text;
}

std::string index_js(const Metadata& metadata) {
  std::vector<std::string> classes;
  append_names(classes, metadata.models);
  append_names(classes, metadata.non_models);
  std::vector<std::string> exports;
  append_names(exports, metadata.models);
  append_names(exports, metadata.enums);
  append_names(exports, metadata.non_models);
  std::string text =
      "// @ts-check\nimport { initSchema } from '@aws-amplify/datastore';\nimport { schema } from './schema';\n\n";
  for (const auto& type : metadata.enums) text += enum_object(type);
  if (!classes.empty()) text += "const { " + joined(classes, ", ") + " } = initSchema(schema);\n\n";
  return text + "export {\n  " + joined(exports, ",\n  ") + "\n};\n";
}

}  // namespace

Value schema_js(const Metadata& metadata) {
  return Object{{"models", declarations_json(metadata, metadata.models)},
                {"enums", enums_json(metadata)},
                {"nonModels", declarations_json(metadata, metadata.non_models)},
                {"codegenVersion", codegen_version},
                {"version", published_version(metadata)}};
}

std::vector<GeneratedFile> javascript_models(const Metadata& metadata) {
  return {
      {"index.js", index_js(metadata)},
      {"index.d.ts", index_d_ts(metadata)},
      {"schema.js", "export const schema = " + indented(schema_js(metadata), schema_indent) + ";\n"},
      {"schema.d.ts", "import { Schema } from '@aws-amplify/datastore';\n\nexport declare const schema: Schema;\n"}};
}

}  // namespace holdfast::codegen
