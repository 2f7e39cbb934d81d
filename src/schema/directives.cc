#include "schema/directives.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "graphql/parser.h"
#include "holdfast/result.h"

namespace holdfast::schema {
namespace {

using graphql::SchemaDocument;

constexpr std::string_view of_both = R"(
directive @model(queries: ModelQueryMap, mutations: ModelMutationMap, subscriptions: ModelSubscriptionMap,
  timestamps: TimestampConfiguration) on OBJECT
input ModelQueryMap { get: String list: String }
input ModelMutationMap { create: String update: String delete: String }
input ModelSubscriptionMap { onCreate: [String] onUpdate: [String] onDelete: [String] level: ModelSubscriptionLevel }
enum ModelSubscriptionLevel { off public on }
input TimestampConfiguration { createdAt: String updatedAt: String }
directive @searchable(queries: SearchableQueryMap) on OBJECT
input SearchableQueryMap { search: String }
directive @http(method: HttpMethod = GET, url: String!, headers: [HttpHeader] = []) on FIELD_DEFINITION
enum HttpMethod { GET POST PUT DELETE PATCH }
input HttpHeader { key: String value: String }
directive @predictions(actions: [PredictionsActions!]!) on FIELD_DEFINITION
enum PredictionsActions { identifyText identifyLabels convertTextToSpeech translateText }
directive @auth(rules: [AuthRule!]!) on OBJECT | FIELD_DEFINITION
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
directive @aws_cognito_user_pools(cognito_groups: [String!]) on FIELD_DEFINITION | OBJECT
directive @deprecated(reason: String) on FIELD_DEFINITION | INPUT_FIELD_DEFINITION | ENUM | ENUM_VALUE
)";

constexpr std::string_view of_v2 = R"(
directive @primaryKey(sortKeyFields: [String]) on FIELD_DEFINITION
directive @index(name: String, sortKeyFields: [String], queryField: String, projection: ProjectionInput)
  repeatable on FIELD_DEFINITION
input ProjectionInput { type: ProjectionType nonKeyAttributes: [String] }
enum ProjectionType { ALL KEYS_ONLY INCLUDE }
directive @hasOne(fields: [String!], references: [String!]) on FIELD_DEFINITION
directive @hasMany(indexName: String, fields: [String!], references: [String!], limit: Int = 100) on FIELD_DEFINITION
directive @belongsTo(fields: [String!], references: [String!], overrideIndexName: String) on FIELD_DEFINITION
directive @manyToMany(relationName: String!, limit: Int = 100) on FIELD_DEFINITION
directive @default(value: String) on FIELD_DEFINITION
directive @mapsTo(name: String!) on OBJECT
directive @refersTo(name: String!) on OBJECT | FIELD_DEFINITION
directive @validate(type: ValidationType!, value: String!, errorMessage: String) repeatable on FIELD_DEFINITION
enum ValidationType { gt lt gte lte minLength maxLength startsWith endsWith matches }
directive @function(name: String!, region: String, accountId: String, invocationType: InvocationType = RequestResponse)
  repeatable on FIELD_DEFINITION
enum InvocationType { RequestResponse Event }
directive @sql(statement: String, reference: String) on FIELD_DEFINITION
directive @generation(aiModel: String!, systemPrompt: String!, inferenceConfiguration: GenerationInferenceConfiguration)
  on FIELD_DEFINITION
input GenerationInferenceConfiguration { maxTokens: Int temperature: Float topP: Float }
directive @conversation(aiModel: String!, systemPrompt: String!, auth: ConversationAuth!, functionName: String,
  handler: ConversationHandlerFunctionConfiguration, tools: [ToolMap],
  inferenceConfiguration: ConversationInferenceConfiguration) on FIELD_DEFINITION
input ConversationAuth { strategy: ConversationAuthStrategy! provider: ConversationAuthProvider! }
enum ConversationAuthStrategy { owner }
enum ConversationAuthProvider { userPools }
input ConversationHandlerFunctionConfiguration { functionName: String! eventVersion: String! }
input ToolMap { name: String! description: String! queryName: String modelName: String
  modelOperation: ConversationToolModelOperation }
enum ConversationToolModelOperation { list }
input ConversationInferenceConfiguration { maxTokens: Int temperature: Float topP: Float }
input AuthRule { allow: AuthStrategy! provider: AuthProvider identityClaim: String groupClaim: String
  ownerField: String groupsField: String groups: [String] operations: [ModelOperation] }
enum AuthStrategy { owner groups private public custom }
enum AuthProvider { apiKey iam identityPool oidc userPools function }
enum ModelOperation { create update delete read list get sync listen search }
)";

constexpr std::string_view of_v1 = R"(
directive @connection(name: String, keyField: String, sortField: String, keyName: String, limit: Int,
  fields: [String!]) on FIELD_DEFINITION
directive @key(name: String, fields: [String!]!, queryField: String) repeatable on OBJECT
directive @versioned(versionField: String = "version", versionInput: String = "expectedVersion") on OBJECT
directive @function(name: String!, region: String) repeatable on FIELD_DEFINITION
input AuthRule { allow: AuthStrategy! identityField: String provider: AuthProvider identityClaim: String
  groupClaim: String ownerField: String groupsField: String groups: [String] operations: [ModelOperation]
  queries: [ModelQuery] mutations: [ModelMutation] }
enum AuthStrategy { owner groups private public }
enum AuthProvider { apiKey iam oidc userPools }
enum ModelOperation { create update delete read }
enum ModelQuery { get list }
enum ModelMutation { create update delete }
)";

SchemaDocument parsed(std::string_view own) {
  auto document = graphql::parse_schema(std::string(of_both) + std::string(own));
  HOLDFAST_ASSERT(std::holds_alternative<SchemaDocument>(document), "the dialects' own definitions must parse");
  return std::get<SchemaDocument>(std::move(document));
}

constexpr std::array<std::string_view, 3> only_v1 = {"connection", "key", "versioned"};
// @default and the others belong to v2 as well, but a schema without relations and keys may be of either dialect.
constexpr std::array<std::string_view, 6> only_v2 = {"primaryKey", "index",     "hasOne",
                                                     "hasMany",    "belongsTo", "manyToMany"};

bool is_in(const auto& names, std::string_view name) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const SchemaDocument& known_definitions(Dialect dialect) {
  static const SchemaDocument v1 = parsed(of_v1);
  static const SchemaDocument v2 = parsed(of_v2);
  return dialect == Dialect::v1 ? v1 : v2;
}

const graphql::TypeDefinition* known_type(Dialect dialect, std::string_view name) {
  const auto& all = known_definitions(dialect).types;
  const auto found = std::find_if(all.begin(), all.end(), [name](const auto& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const graphql::DirectiveDefinition* known_directive(Dialect dialect, std::string_view name) {
  const auto& all = known_definitions(dialect).directives;
  const auto found = std::find_if(all.begin(), all.end(), [name](const auto& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::optional<Dialect> dialect_of(std::string_view directive_name) noexcept {
  if (is_in(only_v1, directive_name)) return Dialect::v1;
  if (is_in(only_v2, directive_name)) return Dialect::v2;
  return std::nullopt;
}

std::vector<std::string> known_directive_names(Dialect dialect) {
  std::vector<std::string> names;
  for (const auto& one : known_definitions(dialect).directives) names.push_back(one.name);
  return names;
}

}  // namespace holdfast::schema
