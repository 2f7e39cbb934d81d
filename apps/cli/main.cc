// holdfast: the one program. Exit codes: 0, 1 when a verb failed, 2 when it was called wrongly.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <exception>
#include <functional>
#include <regex>
#include <string>
#include <system_error>

#include "apps/cli/config/flags.h"
#include "apps/cli/schema_files.h"
#include "apps/cli/verbs.h"
#include "codegen/statements.h"

namespace holdfast::cli {
namespace {

constexpr int called_wrongly = 2;

using Verb = std::function<int()>;

CLI::Validator matching(const char* pattern, const char* what) {
  return CLI::Validator(
      [pattern, what](const std::string& text) {
        return std::regex_match(text, std::regex(pattern)) ? std::string() : "\"" + text + "\" is not " + what;
      },
      "");
}

void add_schema(CLI::App& verb, std::vector<std::string>& paths) {
  verb.add_option("--schema", paths, "A GraphQL schema file or a Gen 2 resource.ts; several are one schema")
      ->required()
      ->type_name("FILE");
}

void add_serve(CLI::App& app, Told& told, Verb& chosen) {
  auto* verb = app.add_subcommand("serve", "Serve the API of a schema: GraphQL over HTTP, and realtime");
  add_setting_flags(*verb, told);
  verb->callback([&told, &chosen] { chosen = [&told] { return serve(told); }; });
}

void add_config(CLI::App& app, ConfigShowOptions& options, Verb& chosen) {
  auto* config = app.add_subcommand("config", "The settings of serve")->require_subcommand(1);
  auto* show = config->add_subcommand("show", "Print the settings that hold, and where each comes from");
  add_setting_flags(*show, options.told);
  show->add_option("--format", options.format, "How to print them")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  show->callback([&options, &chosen] { chosen = [&options] { return config_show(options); }; });
  auto* settings = config->add_subcommand("settings", "List all settings, as a table in Markdown");
  settings->callback([&chosen] { chosen = config_settings; });
}

/// The files of other languages have names that their users import.
void refuse_cpp_names(const CLI::App& verb, const std::string& target) {
  if (target == "cpp") return;
  for (const char* name : {"--name", "--namespace"}) {
    const bool is_named = target == "json" && name == std::string_view("--name");
    if (is_named || verb.get_option(name)->count() == 0) continue;
    throw CLI::ValidationError(
        name, "is for --target cpp only; the files of --target " + target + " have names of their own");
  }
}

void add_models(CLI::App& codegen, CodegenOptions& options, Verb& chosen) {
  auto* verb = codegen.add_subcommand("models", "Generate the models; files that would not change are left alone");
  add_schema(*verb, options.schema_paths);
  verb->add_option("--out", options.folder, "The folder to write to")->required()->type_name("DIR");
  verb->add_option("--name", options.name, "The name of the C++ or JSON files, without suffix")
      ->check(matching("[A-Za-z_]\\w*", "made of letters, digits and underscores"))
      ->capture_default_str();
  verb->add_option("--namespace", options.space, "The C++ namespace; the name of the files when none is given")
      ->check(matching("[A-Za-z_]\\w*(::[A-Za-z_]\\w*)*", "a C++ namespace"));
  verb->add_option("--target", options.target, "The language")
      ->check(CLI::IsMember({"cpp", "json", "javascript", "typescript", "introspection", "swift", "java", "dart"}))
      ->capture_default_str();
  verb->add_option("--dialect", options.dialect, "v1 for @connection and @key; auto looks for them")
      ->check(CLI::IsMember({"auto", "v1", "v2"}))
      ->capture_default_str();
  verb->callback([&options, &chosen, verb] {
    refuse_cpp_names(*verb, options.target);
    chosen = [&options] { return codegen_models(options); };
  });
}

void add_codegen_schema(CLI::App& codegen, SchemaOptions& options, Verb& chosen) {
  auto* verb = codegen.add_subcommand("schema", "Print the schema as one text; a Gen 2 resource.ts becomes GraphQL");
  add_schema(*verb, options.schema_paths);
  verb->callback([&options, &chosen] { chosen = [&options] { return codegen_schema(options); }; });
}

void add_api_options(CLI::App& verb, ApiOptions& options) {
  add_schema(verb, options.schema_paths);
  verb.add_option("--conflict", options.conflict, "How conflicts are settled; none leaves out versions and sync")
      ->check(CLI::IsMember({"automerge", "optimistic", "lambda", "none"}))
      ->capture_default_str();
  verb.add_option("--auth", options.modes, "The ways in, separated by commas; the first is the default one")
      ->delimiter(',')
      ->check(CLI::IsMember({"apiKey", "userPools", "iam", "oidc", "lambda"}))
      ->type_name("MODES");
  verb.add_option("--dialect", options.dialect, "v1 for @connection and @key; auto looks for them")
      ->check(CLI::IsMember({"auto", "v1", "v2"}))
      ->capture_default_str();
}

void add_api(CLI::App& codegen, ApiOptions& options, Verb& chosen) {
  auto* verb = codegen.add_subcommand("api", "Print the complete GraphQL API of a schema");
  add_api_options(*verb, options);
  verb->callback([&options, &chosen] { chosen = [&options] { return codegen_api(options); }; });
}

void add_statements(CLI::App& codegen, StatementsOptions& options, Verb& chosen) {
  auto* verb = codegen.add_subcommand("statements", "Generate the queries, mutations and subscriptions of the API");
  add_api_options(*verb, options.api);
  verb->add_option("--out", options.folder, "The folder to write to")->required()->type_name("DIR");
  verb->add_option("--target", options.target, "The language")
      ->check(CLI::IsMember({"graphql", "javascript", "typescript", "flow", "angular"}))
      ->capture_default_str();
  verb->add_option("--max-depth", options.depth, "How many levels of objects a statement selects")
      ->check(CLI::Range(1, codegen::statement_depth_max))
      ->capture_default_str();
  verb->add_flag("--no-typename", options.has_no_typename, "Leave __typename out of the selections");
  verb->add_option("--types-path", options.types_path, "typescript: API.ts as seen from the statements, to type them");
  verb->callback([&options, &chosen] { chosen = [&options] { return codegen_statements(options); }; });
}

void add_backup(CLI::App& app, BackupOptions& options, Verb& chosen) {
  auto* verb = app.add_subcommand("backup", "Write the records of a folder to a file, also while they are served");
  verb->add_option("--data", options.folder, "The data folder of serve")->required()->type_name("DIR");
  verb->add_option("--to", options.to, "The file to write, which must not be there yet")->required()->type_name("FILE");
  verb->callback([&options, &chosen] { chosen = [&options] { return backup(options); }; });
}

void add_restore(CLI::App& app, RestoreOptions& options, Verb& chosen) {
  auto* verb = app.add_subcommand("restore", "Put the records of a backup into a folder that is not being served");
  verb->add_option("--from", options.from, "What `holdfast backup` wrote")->required()->type_name("FILE");
  verb->add_option("--data", options.folder, "The data folder of serve")->required()->type_name("DIR");
  verb->add_flag("--force", options.is_forced, "Also when the folder has records; they are put aside");
  verb->callback([&options, &chosen] { chosen = [&options] { return restore(options); }; });
}

void add_conflicts(CLI::App& app, ConflictsOptions& options, Verb& chosen) {
  auto* verb =
      app.add_subcommand("conflicts", "Show how conflicts were settled, newest first, also of a folder that is served");
  verb->add_option("--data", options.folder, "The data folder of serve")->required()->type_name("DIR");
  verb->add_option("--model", options.model, "Of this model only")->type_name("MODEL");
  verb->add_option("--key", options.key, "Of this record only: its id, or a JSON array of its key's fields")
      ->type_name("KEY");
  verb->add_option("--limit", options.limit, "How many")->check(CLI::Range(1U, 1'000'000U))->capture_default_str();
  verb->add_flag("--json", options.is_json, "One JSON object a line, with the whole records");
  verb->callback([&options, &chosen] { chosen = [&options] { return conflicts(options); }; });
}

void add_pull(CLI::App& app, PullOptions& options, Verb& chosen) {
  auto* verb = app.add_subcommand("pull", "Write the configuration files that published clients import");
  add_schema(*verb, options.schema_paths);
  auto* endpoint = verb->add_option("--endpoint", options.endpoint, "The GraphQL endpoint, as clients reach it")
                       ->check(matching("[hH][tT][tT][pP][sS]?://[^/?#\\s]+(/[^?#\\s]*)?", "an http or https address"))
                       ->type_name("URL");
  auto* key = verb->add_option("--api-key", options.api_key, "The key that clients send")->type_name("KEY");
  verb->add_option("--data", options.folder, "The folder of a server on this machine: has its endpoint and key")
      ->type_name("DIR");
  verb->add_option("--region", options.region, "Clients want one; any will do")->capture_default_str();
  verb->add_option("--target", options.target, "For whom: JavaScript, or Swift, Android and Flutter")
      ->check(CLI::IsMember({"javascript", "mobile"}))
      ->capture_default_str();
  verb->add_option("--out", options.out, "The folder to write to")->required()->type_name("DIR");
  verb->callback([&options, &chosen, endpoint, key] {
    if (options.folder.empty() && endpoint->count() == 0) throw CLI::RequiredError("--endpoint or --data");
    const bool is_keyless = options.api_key.empty();
    if (is_keyless && (options.folder.empty() || key->count() > 0)) throw CLI::RequiredError("--api-key or --data");
    chosen = [&options] { return pull(options); };
  });
}

void add_check(CLI::App& app, CheckOptions& options, Verb& chosen) {
  auto* verb = app.add_subcommand("check", "Tell what is wrong with a schema, or what a change of it loses");
  add_schema(*verb, options.schema_paths);
  auto* against = verb->add_option("--against", options.old_schema_paths,
                                   "The schema that devices have; several files are one. Lists what changed, and exits "
                                   "with 1 when stored data is lost");
  against->type_name("FILE");
  verb->add_option("--format", options.format, "How to show what changed")
      ->check(CLI::IsMember({"text", "json"}))
      ->needs(against)
      ->capture_default_str();
  verb->callback([&options, &chosen] { chosen = [&options] { return check(options); }; });
}

void add_verify(CLI::App& app, VerifyOptions& options, Verb& chosen) {
  auto* verb =
      app.add_subcommand("verify", "Compare a device's database with a backend; exits with 1 when they differ");
  add_schema(*verb, options.schema_paths);
  verb->add_option("--device", options.database, "The device's database; it is copied, and may be in use")
      ->required()
      ->type_name("FILE");
  verb->add_option("--endpoint", options.endpoint, "The GraphQL endpoint of a Holdfast backend")
      ->required()
      ->type_name("URL");
  verb->add_option("--api-key", options.api_key, "The key that the device sends")->type_name("KEY");
  verb->add_option("--ca-file", options.ca_file, "PEM certificates of authorities to trust beside the system's")
      ->type_name("FILE");
  verb->callback([&options, &chosen] { chosen = [&options] { return verify(options); }; });
}

/// Libraries throw types of their own, whose texts all end with the system's words for the cause.
std::string with_remedy(const std::string& failure) {
  const bool lacks_files = failure.find(std::generic_category().message(EMFILE)) != std::string::npos;
  return failure + (lacks_files ? ". Let the process have more (ulimit -n)." : ".");
}

}  // namespace
}  // namespace holdfast::cli

int main(int count, char** words) {
  using namespace holdfast::cli;
  // Whoever ignores it hands that on to us, and then the kernel keeps no end of our children for us to see.
  std::signal(SIGCHLD, SIG_DFL);
  CLI::App app("Holdfast: the backend, the model generator and the schema checker.", "holdfast");
  app.set_version_flag("--version", "holdfast " HOLDFAST_VERSION);
  app.require_subcommand(1);
  Verb chosen;
  Told told;
  told.environment = environment_variables();
  ConfigShowOptions show_options;
  show_options.told = told;
  CodegenOptions codegen_options;
  SchemaOptions schema_options;
  ApiOptions api_options;
  StatementsOptions statements_options;
  BackupOptions backup_options;
  RestoreOptions restore_options;
  ConflictsOptions conflicts_options;
  PullOptions pull_options;
  CheckOptions check_options;
  add_serve(app, told, chosen);
  add_config(app, show_options, chosen);
  auto* codegen = app.add_subcommand("codegen", "Generate code from a schema")->require_subcommand(1);
  add_models(*codegen, codegen_options, chosen);
  add_codegen_schema(*codegen, schema_options, chosen);
  add_api(*codegen, api_options, chosen);
  add_statements(*codegen, statements_options, chosen);
  add_backup(app, backup_options, chosen);
  add_restore(app, restore_options, chosen);
  add_conflicts(app, conflicts_options, chosen);
  add_pull(app, pull_options, chosen);
  add_check(app, check_options, chosen);
  VerifyOptions verify_options;
  add_verify(app, verify_options, chosen);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& outcome) {
    return app.exit(outcome) == 0 ? 0 : called_wrongly;  // Help and version end here too, with 0.
  }
  try {
    return chosen();
  } catch (const std::exception& failure) {  // Of a library below: the system has no more files, threads or memory.
    return complain("Cannot go on: " + with_remedy(failure.what()));
  }
}
