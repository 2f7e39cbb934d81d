// ServeSettings: all that `holdfast serve` can be told, with its defaults.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apps/cli/functions.h"
#include "base/log.h"
#include "net/http_server.h"
#include "server/server.h"

namespace holdfast::cli {

/// The listener for those who run the server: health, metrics, backup.
struct AdminSettings {
  bool is_on = true;
  std::string host = "127.0.0.1";
  std::optional<std::uint16_t> port = {};  ///< Nothing: the one after the API's, or any free one.
  std::string key = {};                    ///< Empty: none is asked for.
};

struct ServeSettings {
  std::vector<std::string> schema_paths = {};  ///< Several are one API.
  std::string folder = {};                     ///< Where everything is kept; empty only with is_in_memory.
  bool is_in_memory = false;
  std::string public_url = {};                 ///< Of GraphQL, as clients reach it; empty: as it is listened on.
  LogLevel log_level = LogLevel::warning;
  net::ListenOptions listen = {.port = 20002};
  server::ServerOptions server = {};           ///< Its api_key empty: the one kept in the folder, or a new one.
  AdminSettings admin = {};
  FunctionSettings functions = {};             ///< Those that the file places.
  std::vector<std::string> function_texts = {};  ///< More of them: "NAME=http://..." or "NAME=program arguments".
  unsigned function_seconds = 30;              ///< How long each of these may take.
};

}  // namespace holdfast::cli
