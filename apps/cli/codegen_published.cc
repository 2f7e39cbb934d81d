#include "apps/cli/codegen_published.h"

#include <utility>

#include "apps/cli/run_node.h"

namespace holdfast::cli {

std::optional<std::vector<codegen::GeneratedFile>> published_models(const SchemaFiles& schema,
                                                                    const std::string& target) {
  std::string text;
  for (const auto& source : schema.sources) text += source.text + "\n";
  const char* dialect = schema.reading.written.dialect == schema::Dialect::v1 ? "v1" : "v2";
  const auto reply = run_node("models", Object{{"schema", text}, {"target", target}, {"dialect", dialect}});
  if (!reply) {
    complain("cannot generate the models for " + target + ": " + reply.error().message);
    return std::nullopt;
  }
  if (!reply->problems.empty()) {
    show(reply->problems);
    return std::nullopt;
  }
  std::vector<codegen::GeneratedFile> files;
  if (const auto* made = reply->value["files"].as_list()) {
    for (const auto& each : *made) {
      const auto* name = each["name"].as_string();
      const auto* content = each["text"].as_string();
      if (name && content) files.push_back({*name, *content});
    }
  }
  return files;
}

}  // namespace holdfast::cli
