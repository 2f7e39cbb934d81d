#include "codegen/cpp_emit.h"
#include "codegen/cpp_text.h"

namespace holdfast::codegen {
namespace {

std::string text_of(const EnumShape& type) {
  std::string out = "std::string_view to_string(" + type.name + " value) noexcept {\n  switch (value) {\n";
  for (std::size_t at = 0; at < type.values.size(); ++at) {
    out += "    case " + type.name + "::" + type.values[at] + ": return " + literal(type.type->values[at]) + ";\n";
  }
  out += "  }\n  return {};\n}\n\n";
  out += "bool from_string(std::string_view text, " + type.name + "& value) noexcept {\n";
  for (std::size_t at = 0; at < type.values.size(); ++at) {
    out += "  if (text == " + literal(type.type->values[at]) + ") {\n    value = " + type.name +
           "::" + type.values[at] + ";\n    return true;\n  }\n";
  }
  return out + "  return false;\n}\n\n";
}

std::string text_of(const EmbeddedShape& type) {
  std::string out = "holdfast::Value " + type.name + "::to_value() const {\n  holdfast::Object made_;\n";
  for (const auto& member : type.members) {
    const auto& field = type.type->fields[member.fields.front()];
    out += "  made_.append(" + literal(field.name) + ", holdfast::to_value(this->" + member.name + "));\n";
  }
  out += "  return made_;\n}\n\n";
  out += type.name + " " + type.name + "::from_value(const holdfast::Value& value_) {\n  " + type.name + " made_;\n";
  for (const auto& member : type.members) {
    const auto& field = type.type->fields[member.fields.front()];
    out += "  holdfast::from_value(holdfast::Value(value_[" + literal(field.name) + "]), made_." + member.name + ");\n";
  }
  return out + "  return made_;\n}\n\n";
}

std::string value_at(std::size_t index) { return "record_.values[" + std::to_string(index) + "]"; }

std::string to_record_text(const ModelShape& model) {
  std::string out = "holdfast::Record " + model.name + "::to_record() const {\n  holdfast::Record record_(model());\n";
  for (const auto& member : model.members) {
    for (std::size_t part = 0; part < member.fields.size(); ++part) {
      out += "  " + value_at(member.fields[part]) + " = ";
      out += member.target.empty() ? "holdfast::to_value(this->" + member.name + ");\n"
                                   : "this->" + member.name + ".part(" + std::to_string(part) + ");\n";
    }
  }
  return out + "  return record_;\n}\n\n";
}

std::string reference_text(const Member& member) {
  std::string out = "  {\n    std::vector<holdfast::Value> parts_;\n";
  for (const auto field : member.fields) out += "    parts_.push_back(std::move(" + value_at(field) + "));\n";
  return out + "    made_." + member.name + " = " + member.type + "(holdfast::key_of_parts(std::move(parts_)));\n  }\n";
}

std::string from_record_text(const ModelShape& model) {
  std::string out = model.name + " " + model.name + "::from_record(holdfast::Record&& record_) {\n";
  out += "  HOLDFAST_ASSERT(record_.values.size() == " + std::to_string(model.model->fields.size()) +
         ", \"a record of another model\");\n  " + model.name + " made_;\n";
  for (const auto& member : model.members) {
    out += member.target.empty() ? "  holdfast::from_value(std::move(" + value_at(member.fields.front()) + "), made_." +
                                       member.name + ");\n"
                                 : reference_text(member);
  }
  return out + "  return made_;\n}\n\n";
}

}  // namespace

std::string source_text(const CppShape& shape, const Schema& schema, const CppOptions& options) {
  std::string out = banner;
  out += "#include \"" + options.name + ".h\"\n\nnamespace " + options.space + " {\nnamespace {\n\n";
  out += schema_text(schema);
  out += "}  // namespace\n\n";
  out +=
      "const holdfast::Schema& schema() {\n  static const holdfast::Schema made = make_schema();\n  return "
      "made;\n}\n\n";
  for (const auto& type : shape.enums) out += text_of(type);
  for (const auto& type : shape.embedded) out += text_of(type);
  for (std::size_t at = 0; at < shape.models.size(); ++at) {
    const auto& model = shape.models[at];
    out += "const holdfast::ModelSchema& " + model.name + "::model() { return ::" + options.space +
           "::schema().models[" + std::to_string(at) + "]; }\n\n";
    out += to_record_text(model) + from_record_text(model);
  }
  return out + "}  // namespace " + options.space + "\n";
}

}  // namespace holdfast::codegen
