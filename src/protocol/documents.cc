#include "protocol/documents.h"

#include <algorithm>
#include <vector>

#include "base/json.h"
#include "protocol/fields.h"
#include "protocol/filters.h"

namespace holdfast::protocol {
namespace {

/// Arguments longer than this are printed one a line, as graphql-js does.
constexpr std::size_t line_length_max = 80;

struct Argument {
  std::string name;
  std::string type;
};
using Arguments = std::vector<Argument>;

/// Prints as graphql-js does: two spaces a level, one selection a line, a line end at the end.
class Printer {
 public:
  void line(std::string_view text) {
    text_.append(2 * depth_, ' ');
    text_ += text;
    text_ += '\n';
  }
  void open(std::string_view text) {
    line(std::string(text) + " {");
    ++depth_;
  }
  void close() {
    --depth_;
    line("}");
  }
  /// A field with every argument set to the variable of its name, and an open selection.
  void open_field(const std::string& name, const Arguments& arguments);
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::size_t depth_ = 0;
};

void Printer::open_field(const std::string& name, const Arguments& arguments) {
  std::string joined;
  for (const auto& argument : arguments) {
    joined += (joined.empty() ? "" : ", ") + argument.name + ": $" + argument.name;
  }
  const auto one_line = joined.empty() ? name : name + "(" + joined + ")";
  if (one_line.size() <= line_length_max) return open(one_line);
  line(name + "(");
  ++depth_;
  for (const auto& argument : arguments) line(argument.name + ": $" + argument.name);
  --depth_;
  open(")");
}

/// The types that a selection is inside of, outermost first.
using Around = std::vector<const EmbeddedSchema*>;

/// The type of an embedded field; null where it would stand inside itself too often, since no selection can be endless.
const EmbeddedSchema* selected_type(const Schema& schema, const FieldSchema& field, const Around& around) {
  const auto* type = schema.embedded_type(field.type_name);
  HOLDFAST_ASSERT(type != nullptr, "the schema names only embedded types that it has");
  const auto repeats = std::count(around.begin(), around.end(), type);
  return static_cast<std::size_t>(repeats) > type->repeats ? nullptr : type;
}

/// False for an object that holds nothing but objects that are cut: braces without a field are no selection.
bool has_selected_fields(const Schema& schema, const EmbeddedSchema& type, Around& around) {
  around.push_back(&type);
  const bool has_any = std::any_of(type.fields.begin(), type.fields.end(), [&](const FieldSchema& field) {
    if (field.kind != FieldKind::embedded) return !field.is_hidden;
    const auto* inner = selected_type(schema, field, around);
    return inner != nullptr && has_selected_fields(schema, *inner, around);
  });
  around.pop_back();
  return has_any;
}

void print_fields(const Schema& schema, const std::vector<FieldSchema>& fields, Printer& out, Around& around) {
  for (const auto at : selected_fields(fields)) {
    const auto& field = fields[at];
    if (field.kind != FieldKind::embedded) {
      out.line(field.name);
      continue;
    }
    const auto* type = selected_type(schema, field, around);
    if (type == nullptr || !has_selected_fields(schema, *type, around)) continue;
    around.push_back(type);
    out.open(field.name);
    print_fields(schema, type->fields, out, around);
    out.close();
    around.pop_back();
  }
}

void print_selection(const Schema& schema, const ModelSchema& model, Printer& out) {
  Around around;
  print_fields(schema, model.fields, out, around);
  out.line(version_member);
  out.line(last_changed_member);
  out.line(deleted_member);
  for (const auto& relation : model.relations) {
    if (relation.kind != RelationKind::belongs_to) continue;
    const auto* target = schema.model(relation.target);
    HOLDFAST_ASSERT(target != nullptr, "the schema names only relations to models that it has");
    out.open(relation.name);
    for (const auto& key : target->primary_key) out.line(key);
    out.line(deleted_member);
    out.close();
  }
}

std::string operation_header(std::string_view kind, const Arguments& arguments) {
  std::string variables;
  for (const auto& argument : arguments) {
    variables += (variables.empty() ? "" : ", ") + ("$" + argument.name) + ": " + argument.type;
  }
  auto header = std::string(kind) + " operation";
  return variables.empty() ? header : header + "(" + variables + ")";
}

/// The document of one root field that selects the model.
std::string record_document(std::string_view kind, const std::string& field, const Arguments& arguments,
                            const Schema& schema, const ModelSchema& model) {
  Printer out;
  out.open(operation_header(kind, arguments));
  out.open_field(field, arguments);
  print_selection(schema, model, out);
  out.close();
  out.close();
  return out.take();
}

std::string_view mutation_verb(MutationKind kind) {
  switch (kind) {
    case MutationKind::create: return "create";
    case MutationKind::update: return "update";
    case MutationKind::remove: return "delete";
  }
  return {};
}

std::string input_type(const ModelSchema& model, MutationKind kind) {
  std::string verb(mutation_verb(kind));
  verb.front() = static_cast<char>(verb.front() - 'a' + 'A');
  return verb + model.name + "Input!";
}

Object key_object(const ModelSchema& model, const Key& key) {
  HOLDFAST_ASSERT(key.parts.size() == model.primary_key.size(), "a key has a value for every key field");
  Object object;
  for (std::size_t at = 0; at < key.parts.size(); ++at) object.append(model.primary_key[at], key.parts[at]);
  return object;
}

Object mutation_input(const ModelSchema& model, const Mutation& mutation) {
  auto input = key_object(model, mutation.key);
  if (mutation.kind != MutationKind::remove) {
    for (const auto& change : mutation.changes) {
      const auto& field = model.fields.at(change.field);
      if (!field.is_read_only && !model.is_key(field.name)) input.append(field.name, change.value);
    }
  }
  if (mutation.kind != MutationKind::create && mutation.version > 0) {
    input.append(std::string(version_member), mutation.version);
  }
  return input;
}

std::string named_or(const std::string& configured, std::string_view verb, const std::string& noun) {
  return configured.empty() ? std::string(verb) + noun : configured;
}

}  // namespace

std::string Request::body() const {
  std::string text = "{\"query\":";
  json::write_string(query, text);
  text += ",\"variables\":";
  json::write(variables, text);
  return text + '}';
}

std::string selection(const Schema& schema, const ModelSchema& model) {
  Printer out;
  print_selection(schema, model, out);
  return out.take();
}

Request sync_request(const Schema& schema, const ModelSchema& model, const SyncPage& page) {
  const Arguments arguments{{"limit", "Int"},
                            {"nextToken", "String"},
                            {"lastSync", "AWSTimestamp"},
                            {"filter", "Model" + model.name + "FilterInput"}};
  Printer out;
  out.open(operation_header("query", arguments));
  out.open_field(sync_field(model), arguments);
  out.open("items");
  print_selection(schema, model, out);
  out.close();
  out.line("nextToken");
  out.line("startedAt");
  out.close();
  out.close();
  return {out.take(), Object{{"limit", std::int64_t{page.limit}},
                             {"nextToken", page.next_token ? Value(*page.next_token) : Value()},
                             {"lastSync", page.last_sync},
                             {"filter", page.filter}}};
}

Request mutation_request(const Schema& schema, const ModelSchema& model, const Mutation& mutation) {
  Arguments arguments{{"input", input_type(model, mutation.kind)}};
  Object variables{{"input", mutation_input(model, mutation)}};
  // A create has no condition in the protocol: that the key is free is the service's own condition.
  if (mutation.kind != MutationKind::create) {
    arguments.push_back({"condition", "Model" + model.name + "ConditionInput"});
    variables.append("condition", condition_variables(model, mutation.condition));
  }
  return {record_document("mutation", mutation_field(model, mutation.kind), arguments, schema, model),
          std::move(variables)};
}

Request get_request(const Schema& schema, const ModelSchema& model, const Key& key) {
  Arguments arguments;
  for (const auto& name : model.primary_key) {
    const auto* field = model.field(name);
    HOLDFAST_ASSERT(field != nullptr, "key fields are fields");
    arguments.push_back({name, expected_type(*field) + "!"});
  }
  return {record_document("query", get_field(model), arguments, schema, model), key_object(model, key)};
}

Request subscription_request(const Schema& schema, const ModelSchema& model, Subscribed what, Value filter,
                             const OwnerArgument* owner) {
  Arguments arguments;
  Object variables;
  if (!filter.is_null()) {
    arguments.push_back({"filter", "ModelSubscription" + model.name + "FilterInput"});
    variables.append("filter", std::move(filter));
  }
  if (owner) {
    arguments.push_back({owner->field, "String!"});
    variables.append(owner->field, owner->value);
  }
  return {record_document("subscription", subscription_field(model, what), arguments, schema, model),
          std::move(variables)};
}

std::string sync_field(const ModelSchema& model) { return named_or(model.operations.sync, "sync", model.plural_name); }

std::string get_field(const ModelSchema& model) { return named_or(model.operations.get, "get", model.name); }

std::string mutation_field(const ModelSchema& model, MutationKind kind) {
  const auto& names = model.operations;
  const auto& configured = kind == MutationKind::create   ? names.create
                           : kind == MutationKind::update ? names.update
                                                          : names.remove;
  return named_or(configured, mutation_verb(kind), model.name);
}

std::string subscription_field(const ModelSchema& model, Subscribed what) {
  const auto& names = model.operations;
  const auto& configured = what == Subscribed::on_create   ? names.on_create
                           : what == Subscribed::on_update ? names.on_update
                                                           : names.on_delete;
  const std::string_view verb = what == Subscribed::on_create   ? "onCreate"
                                : what == Subscribed::on_update ? "onUpdate"
                                                                : "onDelete";
  return configured.empty() ? std::string(verb) + model.name : configured.front();
}

}  // namespace holdfast::protocol
