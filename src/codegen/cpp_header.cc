#include "codegen/cpp_emit.h"
#include "codegen/cpp_text.h"

namespace holdfast::codegen {
namespace {

constexpr std::size_t small_enum_values = 256;

std::string text_of(const EnumShape& type) {
  std::string out = doc_comment(type.type->description, 0);
  const char* width = type.values.size() <= small_enum_values ? "std::uint8_t" : "std::uint32_t";
  out += "enum class " + type.name + " : " + width + " {\n";
  for (std::size_t at = 0; at < type.values.size(); ++at) {
    out += doc_comment(type.descriptions[at], 2) + "  " + type.values[at] + ",\n";
  }
  out += "};\n\n";
  out += "std::string_view to_string(" + type.name + " value) noexcept;\n";
  out += "/// False, and `value` as it was, when `text` names none.\n";
  return out + "bool from_string(std::string_view text, " + type.name + "& value) noexcept;\n\n";
}

std::string members_text(const std::vector<Member>& members) {
  std::string out;
  for (const auto& member : members) {
    out += doc_comment(member.description, 2) + "  " + member.type + " " + member.name;
    out += member.is_initialized ? "{};\n" : ";\n";
  }
  return out;
}

std::string equality_text(const std::string& name) {
  return "  friend bool operator==(const " + name + "&, const " + name + "&) = default;\n";
}

std::string text_of(const EmbeddedShape& type) {
  std::string out = doc_comment(type.type->description, 0);
  out += "struct " + type.name + " {\n" + members_text(type.members) + "\n";
  out += "  holdfast::Value to_value() const;\n";
  out += "  static " + type.name + " from_value(const holdfast::Value& value_);\n";
  return out + equality_text(type.name) + "};\n\n";
}

std::string constants_text(const std::vector<FieldConstant>& constants) {
  std::string out = "  /// For conditions, sorting and reading along relations.\n  struct fields {\n";
  for (const auto& constant : constants) {
    out += doc_comment(constant.description, 4);
    out += "    static constexpr " + constant.type + " " + constant.name + constant.initializer + ";\n";
  }
  return out + "  };\n";
}

std::string text_of(const ModelShape& model) {
  std::string out = doc_comment(model.model->description, 0);
  out += "struct " + model.name + " {\n" + members_text(model.members) + "\n";
  out += "  static const holdfast::ModelSchema& model();\n";
  out += "  holdfast::Record to_record() const;\n";
  out += "  static " + model.name + " from_record(holdfast::Record&& record_);\n";
  out += "  /// A copy that the callable has edited, with what it changed.\n";
  out += "  template <class Change_>\n";
  out +=
      "  static holdfast::Edit<" + model.name + "> copy_of(const " + model.name + "& original_, Change_&& change_) {\n";
  out += "    return holdfast::copy_of(original_, std::forward<Change_>(change_));\n  }\n";
  return out + equality_text(model.name) + "\n" + constants_text(model.constants) + "};\n\n";
}

}  // namespace

std::string header_text(const CppShape& shape, const CppOptions& options) {
  std::string out = banner;
  out += "#pragma once\n\n#include <cstdint>\n#include <optional>\n#include <string>\n#include <string_view>\n";
  out += "#include <utility>\n#include <vector>\n\n";
  if (!shape.ahead.empty()) out += "#include <holdfast/boxed.h>\n";
  out += "#include <holdfast/relation.h>\n\n";
  out += "namespace " + options.space + " {\n\n";
  out += "/// What DataStore::open() takes. Lives as long as the program; safe to read from any thread.\n";
  out += "const holdfast::Schema& schema();\n\n";
  for (const auto& type : shape.enums) out += text_of(type);
  for (const auto& model : shape.models) out += "struct " + model.name + ";\n";
  for (const auto& type : shape.ahead) out += "struct " + type + ";\n";
  if (!shape.models.empty()) out += "\n";
  for (const auto& type : shape.embedded) out += text_of(type);
  for (const auto& model : shape.models) out += text_of(model);
  return out + "}  // namespace " + options.space + "\n";
}

}  // namespace holdfast::codegen
