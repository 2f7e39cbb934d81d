#include "apps/cli/serve_checks.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "apps/cli/schema_files.h"
#include "apps/cli/told_clients.h"

namespace holdfast::cli {
namespace {

class Checks {
 public:
  Checks(const Config& config, const Schema& schema, const FunctionSettings& functions)
      : config_(config), settings_(config.settings), schema_(schema), functions_(functions) {}

  int run() {
    check_models();
    check_conflict_functions();
    check_keys();
    check_realtime();
    check_public_url();
    return code_;
  }

 private:
  void fail(const std::string& name, const std::string& sentence) {
    const auto& all = config_.effective;
    const auto said = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    const bool is_said = said != all.end() && said->origin != "default";
    code_ = complain((is_said ? said->origin + ": " : "") + name + ": " + sentence);
  }

  void check_models() {
    for (const auto& each : config_.effective) {
      if (each.name.starts_with("models.")) check_model(each.name, each.of);
    }
    for (const auto& model : settings_.server.unjournaled_models) check_model("journal.without", model);
  }

  void check_model(const std::string& setting, const std::string& model) {
    if (schema_.model(model) == nullptr) fail(setting, "the schema has no model \"" + model + "\"");
  }

  void check_conflict_functions() {
    const auto& server = settings_.server;
    check_conflict_function("conflict_function", server.conflict_function);
    for (const auto& [model, rule] : server.model_conflicts) {
      check_conflict_function("models." + model + ".conflict_function", rule.function);
    }
  }

  /// The first conflict would find out, and its mutation be lost to the error.
  void check_conflict_function(const std::string& setting, const std::string& function) {
    if (function.empty() || functions_.places.contains(function)) return;
    fail(setting, "there is no function \"" + function + "\"; set functions." + function + ".url or functions." +
                      function + ".command");
  }

  void check_keys() {
    check_key("api_key", settings_.server.api_key);
    check_key("admin.key", settings_.admin.key);
    std::set<std::string, std::less<>> secrets{settings_.server.api_key};
    for (const auto& key : settings_.server.api_keys) {
      const auto setting = "api_keys." + key.name + ".key";
      if (key.secret.empty()) {
        code_ = complain("api_keys." + key.name + ": give it a key: " + setting);
        continue;
      }
      check_key(setting, key.secret);
      if (!secrets.insert(key.secret).second) fail(setting, "another key is the same; callers could not be told apart");
    }
  }

  void check_key(const std::string& setting, std::string_view key) {
    if (const auto wrong = wrong_with_key(key); !wrong.empty()) fail(setting, wrong);
  }

  void check_realtime() {
    const auto& server = settings_.server;
    if (server.keep_alive_interval < server.connection_timeout) return;
    fail("realtime.keep_alive",
         "is not shorter than realtime.connection_timeout, so clients would connect anew all the time");
  }

  void check_public_url() {
    if (settings_.public_url.empty()) return;
    if (const auto wrong = wrong_with_endpoint(settings_.public_url); !wrong.empty()) fail("public_url", wrong);
  }

  const Config& config_;
  const ServeSettings& settings_;
  const Schema& schema_;
  const FunctionSettings& functions_;
  int code_ = 0;
};

}  // namespace

int check_settings(const Config& config, const Schema& schema, const FunctionSettings& functions) {
  return Checks(config, schema, functions).run();
}

}  // namespace holdfast::cli
