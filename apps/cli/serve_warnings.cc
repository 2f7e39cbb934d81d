#include "apps/cli/serve_warnings.h"

#include <algorithm>
#include <string>

#include "base/instant.h"

namespace holdfast::cli {
namespace {

std::string place_of(const graphql::Location& at, const std::vector<graphql::Source>& sources) {
  const auto file = at.source < sources.size() ? sources[at.source].name : std::string();
  return at.line == 0 ? file : file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string origin_of(const Config& config, const std::string& setting) {
  const auto& all = config.effective;
  const auto said = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == setting; });
  return said == all.end() ? std::string() : said->origin;
}

}  // namespace

void log_notices(const SchemaFiles& files, Log& log) {
  for (const auto& notice : files.reading.notices) {
    log.write(LogLevel::warning, "schema", "notice",
              {{"place", place_of(notice.at, files.sources)}, {"message", notice.message}, {"remedy", notice.remedy}});
  }
}

void log_ending_keys(const Config& config, Instant now, Log& log) {
  for (const auto& key : config.settings.server.api_keys) {
    if (!key.expires_at || *key.expires_at > now + key_warning_time) continue;
    const bool is_over = *key.expires_at <= now;
    const auto setting = "api_keys." + key.name + ".expires";
    const auto remedy = (is_over ? "Callers with it are refused: set " : "Give its callers another, or set ") +
                        setting + " to a later time and restart" + (is_over ? ", or remove the key." : ".");
    log.write(LogLevel::warning, "serve", is_over ? "api_key_expired" : "api_key_expires_soon",
              {{"key", key.name},
               {"expires", iso8601(*key.expires_at)},
               {"from", origin_of(config, setting)},
               {"remedy", remedy}});
  }
}

}  // namespace holdfast::cli
