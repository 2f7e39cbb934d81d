// What two type-system documents say differently, for tests: the order of anything never counts.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "graphql/ast.h"
#include "graphql/printer.h"

namespace holdfast::api::testing {

/// What a document says, by place: "Post", "Post.title", "Post.comments(limit)", "Mood.GLAD", "Post @aws_iam".
using Statements = std::map<std::string, std::string>;

inline graphql::AstValue in_order(graphql::AstValue value) {
  for (auto& item : value.items) item = in_order(std::move(item));
  for (auto& member : value.fields) member.value = in_order(std::move(member.value));
  std::sort(value.items.begin(), value.items.end(),
            [](const auto& left, const auto& right) { return graphql::print(left) < graphql::print(right); });
  std::sort(value.fields.begin(), value.fields.end(),
            [](const auto& left, const auto& right) { return left.name < right.name; });
  return value;
}

class StatementsOf {
 public:
  explicit StatementsOf(const graphql::SchemaDocument& document) {
    for (const auto& type : document.types) add(type);
    for (const auto& directive : document.directives) say("directive @" + directive.name, "is defined");
  }
  [[nodiscard]] Statements take() { return std::move(statements_); }

 private:
  void say(const std::string& place, const std::string& what) {
    if (!statements_.emplace(place, what).second) statements_[place] += " and again " + what;
  }

  void add(const std::string& place, const std::vector<graphql::Directive>& directives) {
    for (const auto& directive : directives) {
      graphql::AstValue arguments;
      arguments.kind = graphql::AstValue::Kind::object;
      arguments.fields = directive.arguments;
      say(place + " @" + directive.name, graphql::print(in_order(std::move(arguments))));
    }
  }

  void add(const std::string& place, const graphql::InputValue& input) {
    const auto preset = input.default_value ? " = " + graphql::print(in_order(*input.default_value)) : std::string();
    say(place, input.type.text() + preset);
    add(place, input.directives);
  }

  void add(const graphql::TypeDefinition& type) {
    static constexpr const char* words[] = {"scalar", "type", "interface", "union", "enum", "input"};
    say(type.name, std::string(type.is_extension ? "extend " : "") + words[static_cast<int>(type.kind)]);
    add(type.name, type.directives);
    for (const auto& name : type.interfaces) say(type.name + " implements " + name, "");
    for (const auto& name : type.members) say(type.name + " = " + name, "");
    for (const auto& input : type.inputs) add(type.name + "." + input.name, input);
    for (const auto& value : type.values) {
      say(type.name + "." + value.name, "a value");
      add(type.name + "." + value.name, value.directives);
    }
    for (const auto& field : type.fields) {
      const auto place = type.name + "." + field.name;
      say(place, field.type.text());
      add(place, field.directives);
      for (const auto& argument : field.arguments) add(place + "(" + argument.name + ")", argument);
    }
  }

  Statements statements_;
};

/// A line for each type, field, argument, value and directive in which `ours` is not `theirs`; empty when equal.
inline std::string difference(const graphql::SchemaDocument& ours, const graphql::SchemaDocument& theirs) {
  const auto is = StatementsOf(ours).take();
  const auto expected = StatementsOf(theirs).take();
  std::string text;
  for (const auto& [place, what] : expected) {
    const auto found = is.find(place);
    if (found == is.end()) {
      text += "\n  missing:   " + place + ": " + what;
    } else if (found->second != what) {
      text += "\n  different: " + place + ": " + found->second + ", expected " + what;
    }
  }
  for (const auto& [place, what] : is) {
    if (!expected.contains(place)) text += "\n  extra:     " + place + ": " + what;
  }
  return text;
}

}  // namespace holdfast::api::testing
