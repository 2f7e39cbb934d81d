// `holdfast pull`: the configuration files that published clients import.
#include <algorithm>
#include <cstddef>
#include <iostream>
#include <optional>
#include <utility>

#include "apps/cli/codegen_javascript.h"
#include "apps/cli/generated_files.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/serve_folder.h"
#include "apps/cli/told_clients.h"
#include "apps/cli/verbs.h"
#include "codegen/client_config.h"

namespace holdfast::cli {
namespace {

/// What was not said is taken from the folder of a server. False after an error, which is told.
bool complete(codegen::ClientConfig& config, const PullOptions& options) {
  if (options.folder.empty()) return true;  // Then both were said.
  const auto served = read_served(options.folder);
  if (config.endpoint.empty()) {
    if (!served) return complain(served.error().message + " Or name the server with --endpoint.") == 0;
    config.endpoint = served->endpoint;
  }
  if (!config.api_key.empty()) return true;
  if (served && !served->is_key_kept) {
    return complain("the server of " + options.folder +
                    " was given its API key and does not keep it: give --api-key") == 0;
  }
  const auto key = kept_api_key(options.folder);
  if (!key) return complain("there is no API key in " + options.folder + ": give --api-key") == 0;
  config.api_key = *key;
  return true;
}

/// Each generator spells it as its clients need it.
void lower_scheme(std::string& endpoint) {
  const auto end = endpoint.begin() + static_cast<std::ptrdiff_t>(std::min(endpoint.find("://"), endpoint.size()));
  std::transform(endpoint.begin(), end, endpoint.begin(), [](char each) {
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
  });
}

}  // namespace

int pull(const PullOptions& options) {
  codegen::ClientConfig config{.endpoint = options.endpoint, .api_key = options.api_key, .region = options.region};
  if (!complete(config, options)) return 1;
  if (const auto wrong = wrong_with_endpoint(config.endpoint); !wrong.empty()) {
    return complain("the endpoint: " + wrong);
  }
  if (const auto wrong = wrong_with_key(config.api_key); !wrong.empty()) return complain("the API key " + wrong);
  lower_scheme(config.endpoint);
  schema::ReadOptions read;
  read.has_conflict_detection = false;  // Who reads introspection need not use DataStore.
  const auto schema = read_schema_files(options.schema_paths, read, Notices::left_out);
  if (!schema) return 1;
  auto introspection = introspection_of(*schema);
  if (!introspection) return 1;
  config.introspection = *std::move(introspection);
  const bool is_mobile = options.target == "mobile";
  return write_generated(options.out, is_mobile ? mobile_config(config) : javascript_config(config));
}

}  // namespace holdfast::cli
