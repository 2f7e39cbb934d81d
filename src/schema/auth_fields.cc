// What @auth means for the fields of a model: owner fields that nobody wrote, and fields that some may not read.
#include <algorithm>
#include <array>

#include "schema/access.h"
#include "schema/draft.h"
#include "schema/names.h"

namespace holdfast::schema {
namespace {

constexpr std::array read_operations = {AuthOperation::get, AuthOperation::list, AuthOperation::sync,
                                        AuthOperation::listen, AuthOperation::search};

OperationSet reads() {
  OperationSet set;
  for (const auto operation : read_operations) set.set(static_cast<std::size_t>(operation));
  return set;
}

/// The service sets and shows them; nobody writes them. They stand before the timestamps.
void add_owner_fields(ModelSchema& model, const graphql::TypeDefinition* written, const AccessTable& table) {
  for (const auto& grant : table.grants) {
    const auto& name = grant.role.entity;
    const bool is_owner = grant.role.allow == AuthStrategy::owner && !name.empty();
    if (!is_owner || model.field(name) != nullptr || model.relation(name) != nullptr) continue;
    if (written != nullptr && written->field(name) != nullptr) continue;
    const auto place = std::find_if(model.fields.begin(), model.fields.end(),
                                    [](const FieldSchema& field) { return field.is_read_only; });
    model.fields.insert(place, {.name = name, .is_read_only = true, .is_implied = true});
  }
}

/// Everybody who signs in reads what a narrower role of the same provider reads.
bool is_covered(const AccessTable& table, const Grant& grant, std::size_t field) {
  const auto provider = grant.role.provider;
  if (provider != AuthProvider::user_pools && provider != AuthProvider::oidc) return false;
  return std::any_of(table.grants.begin(), table.grants.end(), [&](const Grant& other) {
    const bool is_private = other.role.provider == provider && other.role.allow == AuthStrategy::private_access;
    return is_private && &other != &grant && (other.fields[field] & reads()) == reads();
  });
}

bool is_unreadable_to_some(const AccessTable& table, std::size_t field) {
  const auto readers = table.grants_for(AuthOperation::get);
  return std::any_of(readers.begin(), readers.end(), [&](const Grant* grant) {
    return (grant->fields[field] & reads()).none() && !is_covered(table, *grant, field);
  });
}

/// A required field must not be withheld: the whole record would be.
void check_required_fields(Draft& draft, const graphql::TypeDefinition& written, const AccessTable& table) {
  std::vector<std::string> withheld;
  for (std::size_t at = 0; at < written.fields.size(); ++at) {
    const auto& field = written.fields[at];
    const bool is_connection = field.type.is_list() && relation_directive(field) != nullptr;
    if (!field.type.is_non_null || is_connection) continue;
    if (is_unreadable_to_some(table, at)) withheld.push_back(field.name);
  }
  if (withheld.empty()) return;
  std::string quoted;
  for (const auto& name : withheld) quoted += (quoted.empty() ? "\"" : ",\"") + name + "\"";
  draft.problem(written.at,
                "When using field-level authorization rules you need to add rules to all of the model's required "
                "fields with at least read permissions. Found model \"" +
                    written.name + "\" with required fields [" + quoted + "] missing field-level authorization rules.",
                "Let everyone who may read " + written.name + " read " + listed(withheld) +
                    " too, or remove the ! behind their types.");
}

/// In the older dialect a field that some may not read cannot be required at all.
void check_older_fields(Draft& draft, const graphql::TypeDefinition& written) {
  for (const auto& field : written.fields) {
    const auto rules = draft.auth.of_fields.find({written.name, field.name});
    if (rules == draft.auth.of_fields.end() || !field.type.is_non_null) continue;
    const bool is_read = std::any_of(rules->second.begin(), rules->second.end(),
                                     [](const AuthRule& rule) { return (operations_of(rule) & reads()).any(); });
    if (!is_read) continue;
    draft.problem(field.at,
                  "Per-field auth on the required field " + field.name + " is not supported with subscriptions.",
                  "Make the field optional, write @auth on " + written.name +
                      " instead, or switch its subscriptions to level off or public.");
  }
}

/// Owners may write a declared field that says who they are, unless a rule of the field forbids it.
void note_transfers(Draft& draft, const graphql::TypeDefinition& written, const AccessTable& table) {
  std::vector<std::string> fields;
  for (const auto& grant : table.grants) {
    const auto& role = grant.role;
    if (role.allow != AuthStrategy::owner || !role.is_dynamic) continue;
    const auto at = std::find(table.fields.begin(), table.fields.end(), role.entity);
    if (at == table.fields.end()) continue;
    const auto& allowed = grant.fields[static_cast<std::size_t>(at - table.fields.begin())];
    if (allowed[static_cast<std::size_t>(AuthOperation::update)]) fields.push_back(role.entity);
  }
  if (fields.empty()) return;
  draft.notice(graphql::directive(written.directives, "auth") == nullptr
                   ? written.at
                   : graphql::directive(written.directives, "auth")->at,
               "Owners may hand over records of " + written.name + ": they may update " + listed(fields) + ".",
               "To forbid it, write @auth on the field itself, without update.");
}

}  // namespace

void read_owner_fields(Draft& draft) {
  for (auto& model : draft.schema.models) {
    const auto* written = draft.type(model.name);
    const auto table = access_table(draft.auth, model, written);
    if (table.grants.empty()) continue;
    add_owner_fields(model, written, table);
    if (written == nullptr) continue;
    if (draft.dialect == Dialect::v2) note_transfers(draft, *written, table);
    if (!has_guarded_subscriptions(written)) continue;
    if (draft.dialect == Dialect::v1) {
      check_older_fields(draft, *written);
    } else {
      check_required_fields(draft, *written, table);
    }
  }
}

}  // namespace holdfast::schema
