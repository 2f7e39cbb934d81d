// The schema as C++ data. Members that have their default are left out, and so are descriptions: a device has no
// use for them.
#include <array>

#include "codegen/cpp_emit.h"
#include "codegen/cpp_text.h"

namespace holdfast::codegen {
namespace {

constexpr std::array<const char*, 14> scalar_words = {
    "id",       "string",   "integer",       "floating",      "boolean",
    "aws_date", "aws_time", "aws_date_time", "aws_timestamp", "aws_email",
    "aws_json", "aws_url",  "aws_phone",     "aws_ip_address"};
constexpr std::array<const char*, 3> kind_words = {"scalar", "enumeration", "embedded"};
constexpr std::array<const char*, 3> relation_words = {"belongs_to", "has_one", "has_many"};
constexpr std::array<const char*, 5> strategy_words = {"owner", "groups", "private_access", "public_access", "custom"};
constexpr std::array<const char*, 6> provider_words = {"api_key",       "user_pools", "iam",
                                                       "identity_pool", "oidc",       "function"};

/// Designated initialisers in the order in which they are added.
class Initializers {
 public:
  void add(const char* member, const std::string& value) {
    text_ += std::string(text_.empty() ? "" : ", ") + "." + member + " = " + value;
  }
  void text(const char* member, const std::string& value, const std::string& fallback = {}) {
    if (value != fallback) add(member, literal(value));
  }
  void texts(const char* member, const std::vector<std::string>& values) {
    if (!values.empty()) add(member, literals(values));
  }
  void flag(const char* member, bool value) {
    if (value) add(member, "true");
  }
  /// An enumerator of holdfast::`type`.
  template <class Words, class Enumeration>
  void word(const char* member, const char* type, const Words& words, Enumeration value) {
    add(member, std::string("holdfast::") + type + "::" + words.at(static_cast<std::size_t>(value)));
  }
  [[nodiscard]] std::string braced() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string text_of(const FieldSchema& field) {
  Initializers out;
  out.text("name", field.name);
  if (field.kind != FieldKind::scalar)
    out.word("kind", "FieldKind", kind_words, field.kind);
  if (field.scalar != Scalar::string)
    out.word("scalar", "Scalar", scalar_words, field.scalar);
  out.text("type_name", field.type_name);
  out.flag("is_list", field.is_list);
  out.flag("is_required", field.is_required);
  out.flag("is_list_required", field.is_list_required);
  out.flag("is_read_only", field.is_read_only);
  out.flag("is_hidden", field.is_hidden);
  out.flag("is_implied", field.is_implied);
  return out.braced();
}

std::string text_of(const RelationSchema& relation) {
  Initializers out;
  out.text("name", relation.name);
  out.word("kind", "RelationKind", relation_words, relation.kind);
  out.text("target", relation.target);
  out.texts("keys", relation.keys);
  out.texts("target_keys", relation.target_keys);
  out.flag("is_required", relation.is_required);
  return out.braced();
}

std::string text_of(const IndexSchema& index) {
  Initializers out;
  out.text("name", index.name);
  out.texts("fields", index.fields);
  if (index.query_field) out.add("query_field", literal(*index.query_field));
  out.flag("is_partition_nullable", index.is_partition_nullable);
  return out.braced();
}

std::string text_of(const OperationNames& names) {
  Initializers out;
  out.text("get", names.get);
  out.text("list", names.list);
  out.text("sync", names.sync);
  out.text("create", names.create);
  out.text("update", names.update);
  out.text("remove", names.remove);
  out.texts("on_create", names.on_create);
  out.texts("on_update", names.on_update);
  out.texts("on_delete", names.on_delete);
  return out.braced();
}

std::string text_of(const RuleSchema& rule) {
  Initializers out;
  out.word("allow", "AuthStrategy", strategy_words, rule.allow);
  out.word("provider", "AuthProvider", provider_words, rule.provider);
  out.text("owner_field", rule.owner_field);
  out.text("identity_claim", rule.identity_claim);
  out.text("group_claim", rule.group_claim);
  out.texts("groups", rule.groups);
  out.texts("operations", rule.operations);
  return out.braced();
}

template <class T>
void append_all(const char* place, const char* type, const std::vector<T>& all, std::string& out) {
  for (const auto& one : all) out += std::string("  ") + place + ".push_back(holdfast::" + type + text_of(one) + ");\n";
}

std::string model_text(const ModelSchema& model, std::size_t at) {
  std::string out = "holdfast::ModelSchema make_model_" + std::to_string(at) + "() {\n  holdfast::ModelSchema made;\n";
  out += "  made.name = " + literal(model.name) + ";\n  made.plural_name = " + literal(model.plural_name) + ";\n";
  append_all("made.fields", "FieldSchema", model.fields, out);
  append_all("made.relations", "RelationSchema", model.relations, out);
  out += "  made.primary_key = " + literals(model.primary_key) + ";\n";
  if (model.has_custom_primary_key) out += "  made.has_custom_primary_key = true;\n";
  if (model.is_join) out += "  made.is_join = true;\n";
  append_all("made.indexes", "IndexSchema", model.indexes, out);
  out += "  made.operations = holdfast::OperationNames" + text_of(model.operations) + ";\n";
  if (model.created_at != "createdAt") out += "  made.created_at = " + literal(model.created_at) + ";\n";
  if (model.updated_at != "updatedAt") out += "  made.updated_at = " + literal(model.updated_at) + ";\n";
  append_all("made.rules", "RuleSchema", model.rules, out);
  if (model.has_public_subscriptions) out += "  made.has_public_subscriptions = true;\n";
  return out + "  return made;\n}\n\n";
}

std::string embedded_text(const EmbeddedSchema& type, std::size_t at) {
  std::string out =
      "holdfast::EmbeddedSchema make_embedded_" + std::to_string(at) + "() {\n  holdfast::EmbeddedSchema made;\n";
  out += "  made.name = " + literal(type.name) + ";\n";
  append_all("made.fields", "FieldSchema", type.fields, out);
  if (type.repeats > 0) out += "  made.repeats = " + std::to_string(type.repeats) + ";\n";
  return out + "  return made;\n}\n\n";
}

}  // namespace

std::string schema_text(const Schema& schema) {
  std::string out;
  for (std::size_t at = 0; at < schema.models.size(); ++at) out += model_text(schema.models[at], at);
  for (std::size_t at = 0; at < schema.embedded.size(); ++at) out += embedded_text(schema.embedded[at], at);
  out += "holdfast::Schema make_schema() {\n  holdfast::Schema made;\n";
  for (std::size_t at = 0; at < schema.models.size(); ++at)
    out += "  made.models.push_back(make_model_" + std::to_string(at) + "());\n";
  for (const auto& type : schema.enums) {
    out += "  made.enums.push_back(holdfast::EnumSchema{.name = " + literal(type.name) +
           ", .values = " + literals(type.values) + "});\n";
  }
  for (std::size_t at = 0; at < schema.embedded.size(); ++at)
    out += "  made.embedded.push_back(make_embedded_" + std::to_string(at) + "());\n";
  return out + "  made.version = " + literal(schema.version) + ";\n  return made;\n}\n\n";
}

}  // namespace holdfast::codegen
