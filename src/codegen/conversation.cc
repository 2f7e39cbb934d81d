#include "codegen/conversation.h"

#include <string_view>
#include <utility>

#include "codegen/change_case.h"
#include "codegen/introspection.h"

namespace holdfast::codegen {
namespace {

// The two models as an author would write them; # stands for the route. The types that they use are in the author's
// schema, where the Gen 2 tools have put them: here they need only be known.
constexpr std::string_view schema_text = R"(
type Conversation# @model(subscriptions: {level: off}, mutations: {update: null}) @auth(rules: [{allow: owner}]) {
  id: ID!
  name: String
  metadata: AWSJSON
  messages: [ConversationMessage#] @hasMany(references: ["conversationId"])
  owner: String
}
type ConversationMessage# @model(subscriptions: {}) @auth(rules: [{allow: owner}]) {
  id: ID!
  conversationId: ID!
  conversation: Conversation# @belongsTo(references: ["conversationId"])
  role: AmplifyAIConversationParticipantRole
  content: [AmplifyAIContentBlock]
  aiContext: AWSJSON
  toolConfiguration: [AmplifyAIToolConfiguration]
}
enum AmplifyAIConversationParticipantRole { user assistant }
type AmplifyAIContentBlock { text: String }
type AmplifyAIToolConfiguration { text: String }
type AmplifyAIConversationMessageStreamPart { text: String }
type Subscription {
  onCreateAssistantResponse#(conversationId: ID!): AmplifyAIConversationMessageStreamPart
}
)";

Value introspection_of(const std::string& route) {
  std::string text;
  for (const char c : schema_text) text += c == '#' ? route : std::string(1, c);
  schema::Reading reading;
  reading.written.document = std::get<graphql::SchemaDocument>(graphql::parse_schema(text));
  return introspection(std::get<Metadata>(metadata(reading, Audience::introspection)));
}

}  // namespace

Object conversation_json(const std::string& route, Object send) {
  const auto name = pascal_case(route);
  const auto conversation = "Conversation" + name;
  const auto message = "ConversationMessage" + name;
  const auto described = introspection_of(name);
  Object models = *described["models"].as_object();
  // The one list whose own nullability is not told.
  auto& fields = *models.find(message)->as_object()->find("fields")->as_object();
  fields.find("content")->as_object()->erase("isArrayNullable");
  send.set("type", Object{{"model", message}});
  const auto& role = described["enums"]["AmplifyAIConversationParticipantRole"];
  const auto& subscribe = described["subscriptions"]["onCreateAssistantResponse" + name];
  return Object{{"name", route},
                {"models", std::move(models)},
                {"nonModels", Object{}},
                {"enums", Object{{"ConversationParticipantRole", role}}},
                {"conversation", Object{{"modelName", conversation}}},
                {"message", Object{{"modelName", message}, {"send", std::move(send)}, {"subscribe", subscribe}}}};
}

}  // namespace holdfast::codegen
