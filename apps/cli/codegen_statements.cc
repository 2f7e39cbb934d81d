#include <map>

#include "apps/cli/api_document.h"
#include "apps/cli/generated_files.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"
#include "codegen/statements.h"

namespace holdfast::cli {
namespace {

codegen::StatementTarget target_named(const std::string& word) {
  static const std::map<std::string, codegen::StatementTarget> targets = {
      {"javascript", codegen::StatementTarget::javascript},
      {"typescript", codegen::StatementTarget::typescript},
      {"flow", codegen::StatementTarget::flow},
      {"angular", codegen::StatementTarget::angular}};
  const auto found = targets.find(word);
  return found == targets.end() ? codegen::StatementTarget::graphql : found->second;
}

}  // namespace

int codegen_statements(const StatementsOptions& options) {
  const auto document = read_api(options.api);
  if (!document) return 1;
  codegen::StatementOptions statements;
  statements.target = target_named(options.target);
  statements.depth = options.depth;
  statements.has_typename = !options.has_no_typename;
  statements.types_path = options.types_path;
  const auto made = codegen::statements(*document, statements);
  if (!made) return complain(made.error().message);
  return write_generated(options.folder, *made);
}

}  // namespace holdfast::cli
