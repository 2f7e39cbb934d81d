// Answers documents for documents.test.js: one JSON object a line in, one a line out, in order.
//   {"schema": SDL}                     → {"types": how many}; the lines that follow are about this schema
//   {"document", "operation", "variables", "root", "asks"}
//     → {"syntax": {message, line, column}} or {"invalid": [error …]} or {"refused": [error …]}
//       or {"coerced": variables, "result": {data, errors}}
// `root` is what is queried: an object's member of a field's name is the field's value. With `asks` resolvers answer
// instead: a value {"$error": message} fails the field, {"$arguments": true} is the field's arguments as JSON text.
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/service_types.h"
#include "base/json.h"
#include "graphql/execute.h"
#include "graphql/parser.h"
#include "graphql/plan.h"
#include "graphql/validate.h"

namespace holdfast {
namespace {

using namespace graphql;

/// Custom scalars as graphql-js has them when nobody says more: any value, as it is.
class AnyScalars final : public Scalars {
 public:
  [[nodiscard]] Result<Value> read(const TypeDefinition& /*scalar*/, const Value& input) const override { return input; }
  [[nodiscard]] Result<Value> write(const TypeDefinition& /*scalar*/, const Value& result) const override {
    return result;
  }
};

class TreeResolvers final : public Resolvers {
 public:
  explicit TreeResolvers(bool asks) : asks_(asks) {}

  [[nodiscard]] bool resolves(const TypeDefinition& /*parent*/, const FieldDefinition& /*field*/) const override {
    return asks_;
  }
  std::vector<Outcome> resolve(const FieldCall& call, std::span<const Value* const> parents) override {
    std::vector<Outcome> outcomes;
    for (const auto* parent : parents) outcomes.push_back(outcome((*parent)[call.field.name], call.arguments));
    return outcomes;
  }

 private:
  static Outcome outcome(const Value& value, const Object& arguments) {
    if (const auto* message = value["$error"].as_string()) return FieldError{.message = *message};
    if (!value["$arguments"].is_null()) return Value(json::write(Value(arguments)));
    return value;
  }

  bool asks_;
};

Value told(const std::vector<RequestError>& errors) {
  List list;
  for (const auto& error : errors) {
    List places;
    for (const auto& at : error.locations) {
      places.emplace_back(Object{{"line", std::int64_t{at.line}}, {"column", std::int64_t{at.column}}});
    }
    list.emplace_back(Object{{"message", error.message}, {"locations", std::move(places)}});
  }
  return list;
}

std::string text_of(Object object) { return json::write(Value(std::move(object))); }

std::string answer(const TypeSystem& types, const Object& request) {
  const auto parsed = parse_document(*request.at("document").as_string());
  if (const auto* wrong = std::get_if<Diagnostic>(&parsed)) {
    return text_of({{"syntax", Object{{"message", wrong->message},
                                      {"line", std::int64_t{wrong->at.line}},
                                      {"column", std::int64_t{wrong->at.column}}}}});
  }
  const auto& document = std::get<Document>(parsed);
  if (const auto errors = validate(types, document); !errors.empty()) return text_of({{"invalid", told(errors)}});
  const auto* named = request.at("operation").as_string();
  const auto operation = select_operation(document, named == nullptr ? "" : *named);
  if (!operation) return text_of({{"refused", told({{operation.error().message, {}}})}});
  const AnyScalars scalars;
  const auto variables = coerce_variables(types, **operation, request.at("variables"), scalars);
  if (const auto* errors = std::get_if<std::vector<RequestError>>(&variables)) return text_of({{"refused", told(*errors)}});
  const auto& coerced = std::get<Object>(variables);
  TreeResolvers resolvers(request.at("asks") == Value(true));
  const auto plan = plan_operation(types, document, **operation, scalars, 1000);
  const auto response =
      execute({types, document, **operation, coerced, scalars, resolvers, {}, plan.get()}, request.at("root"));
  return R"({"coerced":)" + json::write(Value(coerced)) + R"(,"result":)" + response.text + "}";
}

std::optional<TypeSystem> types_of(const std::string& text) {
  auto parsed = parse_schema(text);
  if (const auto* wrong = std::get_if<Diagnostic>(&parsed)) {
    std::cerr << wrong->message << "\n";
    return std::nullopt;
  }
  auto built = TypeSystem::build(api::with_service_types(std::move(std::get<SchemaDocument>(parsed))));
  if (const auto* wrong = std::get_if<std::vector<Diagnostic>>(&built)) {
    std::cerr << wrong->front().message << "\n";
    return std::nullopt;
  }
  return std::get<TypeSystem>(std::move(built));
}

int run() {
  std::optional<TypeSystem> types;
  for (std::string line; std::getline(std::cin, line);) {
    const auto request = json::parse(line);
    const auto* object = request ? request->as_object() : nullptr;
    if (object == nullptr) {
      std::cerr << "not a request: " << line << "\n";
      return 1;
    }
    std::string said = "null";
    if (const auto* schema = object->at("schema").as_string()) {
      types = types_of(*schema);
      if (!types) return 1;
      said = text_of({{"types", static_cast<std::int64_t>(types->types().size())}});
    } else if (types) {
      said = answer(*types, *object);
    }
    std::cout << said << "\n";
  }
  return 0;
}

}  // namespace
}  // namespace holdfast

int main() { return holdfast::run(); }
