// Bounds on what one definition may hold. They lie far beyond what AppSync or DynamoDB take, and keep the later passes,
// which look names up one by one, from the time that their square would cost.
#include "schema/draft.h"

namespace holdfast::schema {
namespace {

constexpr std::size_t members_max = 2000;     ///< Fields of a type: DynamoDB's 400 KB a record hold fewer of any use.
constexpr std::size_t directives_max = 500;   ///< In one place: DynamoDB has 20 indexes a table.
constexpr std::size_t values_max = 2000;      ///< In the arguments of one directive: rules, groups, key fields.

std::size_t count_values(const graphql::AstValue& value) {
  std::size_t count = 1;
  for (const auto& item : value.items) count += count_values(item);
  for (const auto& field : value.fields) count += count_values(field.value);
  return count;
}

void check_directives(Draft& draft, const std::vector<graphql::Directive>& directives) {
  if (directives.size() > directives_max) {
    draft.problem(directives[directives_max].at,
                  "More than " + std::to_string(directives_max) + " directives in one place.", "Remove some of them.");
  }
  for (const auto& directive : directives) {
    std::size_t count = 0;
    for (const auto& argument : directive.arguments) count += count_values(argument.value);
    if (count <= values_max) continue;
    draft.problem(directive.at, "@" + directive.name + " takes more than " + std::to_string(values_max) + " values.",
                  "Say it with fewer; groups, for example, can be kept in a field (groupsField).");
  }
}

template <class Member>
void check_members(Draft& draft, const graphql::TypeDefinition& type, const std::vector<Member>& members) {
  if (members.size() > members_max) {
    draft.problem(members[members_max].at,
                  "Type \"" + type.name + "\" has more than " + std::to_string(members_max) + " members.",
                  is_root(type.name) ? "Serve a part of them from an API of their own."
                                     : "Move some of them to a type of their own.");
  }
  for (const auto& member : members) check_directives(draft, member.directives);
}

}  // namespace

bool check_limits(Draft& draft) {
  const auto before = draft.problems.size();
  for (const auto& type : draft.document.types) {
    check_directives(draft, type.directives);
    check_members(draft, type, type.fields);
    check_members(draft, type, type.inputs);
    check_members(draft, type, type.values);
  }
  return draft.problems.size() == before;
}

}  // namespace holdfast::schema
