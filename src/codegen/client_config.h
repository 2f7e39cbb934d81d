// The files from which published clients learn where their backend is: aws-exports.js, amplifyconfiguration.json and
// amplify_outputs.json, as the published tools write them (testdata/client_config says which).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/cpp_models.h"
#include "holdfast/value.h"

namespace holdfast::codegen {

struct ClientConfig {
  std::string endpoint = {};  ///< Of GraphQL: `https://host/graphql`.
  std::string api_key = {};
  std::string region = {};    ///< Clients want one; a backend of one's own has none, so any will do.
  Value introspection = {};   ///< introspection() of the schema.
};

/// For JavaScript: all three files.
std::vector<GeneratedFile> javascript_config(const ClientConfig& config);
/// For Swift, Android and Flutter: amplifyconfiguration.json in their shape, and amplify_outputs.json.
std::vector<GeneratedFile> mobile_config(const ClientConfig& config);

/// `http://` becomes `HTTP://`. Published JavaScript clients open realtime over TLS at an endpoint spelled `http://`; in
/// capitals it means the same to HTTP, and ws:// to realtime (docs/guide/serving.md). Others are left as they are.
std::string plain_http_spelling(std::string_view endpoint);

}  // namespace holdfast::codegen
