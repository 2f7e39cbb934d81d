// `holdfast config`: what holds and whence, and what there is to be set.
#include <iostream>

#include "apps/cli/config/config.h"
#include "apps/cli/verbs.h"
#include "base/json.h"

namespace holdfast::cli {

int config_show(const ConfigShowOptions& options) {
  const auto config = load_config(options.told);
  if (!config) return 1;
  if (options.format == "json") {
    std::cout << json::write(config_json(*config)) << "\n";
  } else {
    std::cout << config_text(*config);
  }
  return 0;
}

int config_settings() {
  std::cout << settings_markdown();
  return 0;
}

}  // namespace holdfast::cli
