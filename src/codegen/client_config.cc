#include "codegen/client_config.h"

#include "codegen/metadata_json.h"

namespace holdfast::codegen {
namespace {

constexpr const char* authorization_type = "API_KEY";  // The one that the backend enforces.

GeneratedFile json_file(std::string name, const Value& value) { return {std::move(name), indented(value, 2) + "\n"}; }

GeneratedFile exports(const ClientConfig& config) {
  const Object made{{"aws_project_region", config.region},
                    {"aws_appsync_graphqlEndpoint", config.endpoint},
                    {"aws_appsync_region", config.region},
                    {"aws_appsync_authenticationType", authorization_type},
                    {"aws_appsync_apiKey", config.api_key}};
  return {"aws-exports.js",
          "/* eslint-disable */\n// Written by `holdfast pull`, which overwrites what is changed here.\n\n"
          "const awsmobile = " +
              indented(made, 4) + ";\n\n\nexport default awsmobile;\n"};
}

GeneratedFile configuration(const ClientConfig& config) {
  return json_file("amplifyconfiguration.json", Object{{"aws_project_region", config.region},
                                                       {"aws_appsync_authenticationType", authorization_type},
                                                       {"aws_appsync_region", config.region},
                                                       {"aws_appsync_graphqlEndpoint", config.endpoint},
                                                       {"modelIntrospection", config.introspection},
                                                       {"aws_appsync_apiKey", config.api_key}});
}

GeneratedFile mobile_configuration(const ClientConfig& config) {
  const Object api{{"endpointType", "GraphQL"},
                   {"endpoint", config.endpoint},
                   {"region", config.region},
                   {"authorizationType", authorization_type},
                   {"apiKey", config.api_key}};
  return json_file("amplifyconfiguration.json",
                   Object{{"UserAgent", "holdfast"},
                          {"Version", "1.0"},
                          {"api", Object{{"plugins", Object{{"awsAPIPlugin", Object{{"data", api}}}}}}}});
}

GeneratedFile outputs(const ClientConfig& config) {
  // The list is empty and yet there: the published tool leaves it out, and Swift refuses a file without it.
  const Object data{{"url", config.endpoint},
                    {"aws_region", config.region},
                    {"api_key", config.api_key},
                    {"default_authorization_type", authorization_type},
                    {"authorization_types", List()},
                    {"model_introspection", config.introspection}};
  return json_file("amplify_outputs.json", Object{{"data", data}, {"version", "1.5"}});
}

}  // namespace

std::vector<GeneratedFile> javascript_config(const ClientConfig& config) {
  auto spelled = config;
  spelled.endpoint = plain_http_spelling(config.endpoint);
  return {exports(spelled), configuration(spelled), outputs(spelled)};
}

std::vector<GeneratedFile> mobile_config(const ClientConfig& config) {
  return {mobile_configuration(config), outputs(config)};
}

std::string plain_http_spelling(std::string_view endpoint) {
  constexpr std::string_view plain = "http://";
  if (!endpoint.starts_with(plain)) return std::string(endpoint);
  return "HTTP://" + std::string(endpoint.substr(plain.size()));
}

}  // namespace holdfast::codegen
