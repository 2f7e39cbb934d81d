// The table of settings. A new one needs a line here and nothing else; its row in docs/guide/serving.md is printed by
// `holdfast config settings`.
#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>

#include "apps/cli/config/setting.h"
#include "holdfast/temporal.h"

namespace holdfast::cli {
namespace {

constexpr std::int64_t port_max = 65'535;
constexpr std::int64_t gib = std::int64_t{1} << 30U;
constexpr std::int64_t minute_ms = 60'000;

const std::vector<std::string> conflict_words{"automerge", "optimistic", "none", "custom"};  // In the order of ConflictStrategy.
const std::vector<std::string> level_words{"error", "warning", "info", "debug"};  // In the order of LogLevel.

template <class Member>
constexpr bool is_texts = std::is_same_v<Member, std::vector<std::string>> || std::is_same_v<Member, std::set<std::string, std::less<>>>;

template <class Member>
Value value_of(const Member& member, const Setting& setting) {
  if constexpr (std::is_same_v<Member, bool>) {
    return Value(member);
  } else if constexpr (std::is_enum_v<Member>) {
    return Value(setting.choices.at(static_cast<std::size_t>(member)));
  } else if constexpr (std::is_integral_v<Member>) {
    return Value(static_cast<std::int64_t>(member));
  } else if constexpr (std::is_same_v<Member, std::string>) {
    return member.empty() ? Value() : Value(member);
  } else if constexpr (is_texts<Member>) {
    return member.empty() ? Value() : Value(List(member.begin(), member.end()));
  } else if constexpr (std::is_same_v<Member, std::optional<std::uint16_t>>) {
    return member ? Value(std::int64_t{*member}) : Value();
  } else {
    return Value(std::int64_t{std::chrono::duration_cast<Milliseconds>(member).count()});
  }
}

template <class Member>
void assign(Member& member, const Value& value, const Setting& setting) {
  if constexpr (std::is_same_v<Member, bool>) {
    member = *value.as_boolean();
  } else if constexpr (std::is_enum_v<Member>) {
    const auto& choices = setting.choices;
    const auto at = std::find(choices.begin(), choices.end(), *value.as_string()) - choices.begin();
    member = static_cast<Member>(at);
  } else if constexpr (std::is_integral_v<Member>) {
    member = static_cast<Member>(*value.as_integer());
  } else if constexpr (std::is_same_v<Member, std::string>) {
    member = *value.as_string();
  } else if constexpr (is_texts<Member>) {
    member.clear();
    for (const auto& item : *value.as_list()) member.insert(member.end(), *item.as_string());
  } else if constexpr (std::is_same_v<Member, std::optional<std::uint16_t>>) {
    member = static_cast<std::uint16_t>(*value.as_integer());
  } else if constexpr (std::is_same_v<Member, std::optional<Instant>>) {
    member = std::chrono::time_point_cast<Milliseconds>(read_date_time(*value.as_string())->second);
  } else {
    member = std::chrono::duration_cast<Member>(Milliseconds(*value.as_integer()));
  }
}

/// `place` finds the member of the settings, const or not.
template <class Place>
Setting bound(Setting setting, Place place) {
  const auto shape = setting;  // Without the two functions, which would hold themselves.
  setting.get = [shape, place](const ServeSettings& all) { return value_of(place(all), shape); };
  setting.set = [shape, place](ServeSettings& all, std::string_view, const Value& value) {
    assign(place(all), value, shape);
  };
  return setting;
}

/// A setting of names of the user's: `place` finds the member of the one called so, or makes it.
template <class Place>
Setting named(Setting setting, Place place) {
  const auto shape = setting;
  setting.set = [shape, place](ServeSettings& all, std::string_view of, const Value& value) {
    assign(place(all, std::string(of)), value, shape);
  };
  return setting;
}

#define HOLDFAST_MEMBER(path) [](auto& all) -> auto& { return all.path; }

std::vector<Setting> what_is_served() {
  return {
      bound({.name = "schema", .kind = Kind::paths, .meaning = "the GraphQL schema file, or several, which are one API",
             .unset = "has to be given"}, HOLDFAST_MEMBER(schema_paths)),
      bound({.name = "data", .kind = Kind::path, .meaning = "the folder to keep records and the API key in",
             .unset = "has to be given, or `memory`"}, HOLDFAST_MEMBER(folder)),
      bound({.name = "memory", .kind = Kind::toggle, .meaning = "keep records in memory only"},
            HOLDFAST_MEMBER(is_in_memory)),
      bound({.name = "host", .kind = Kind::text, .meaning = "the address to listen on; 0.0.0.0 for all of them"},
            HOLDFAST_MEMBER(listen.host)),
      bound({.name = "port", .kind = Kind::count, .meaning = "the port; 0 takes any free one", .most = port_max},
            HOLDFAST_MEMBER(listen.port)),
      bound({.name = "public_url", .kind = Kind::text,
             .meaning = "the GraphQL endpoint as clients reach it, through a proxy for instance", .unset = "as listened on"},
            HOLDFAST_MEMBER(public_url)),
      bound({.name = "tls.certificate", .kind = Kind::path,
             .meaning = "PEM file, with its chain: TLS beside plain HTTP on the port; read again at SIGHUP",
             .unset = "no TLS"}, HOLDFAST_MEMBER(listen.tls_certificate)),
      bound({.name = "tls.key", .kind = Kind::path, .meaning = "PEM file: the key of `tls.certificate`", .unset = "no TLS"},
            HOLDFAST_MEMBER(listen.tls_key)),
      bound({.name = "tls.required", .kind = Kind::toggle, .meaning = "refuse plain HTTP at the port, with 426"},
            HOLDFAST_MEMBER(listen.tls_required)),
      bound({.name = "threads", .kind = Kind::count, .meaning = "threads for sockets", .least = 1, .most = 256},
            HOLDFAST_MEMBER(listen.threads)),
      bound({.name = "workers", .kind = Kind::count, .meaning = "writes and other requests that may wait, at a time", .least = 1, .most = 1024},
            HOLDFAST_MEMBER(listen.workers)),
      bound({.name = "drain_time", .kind = Kind::duration, .meaning = "how long the end waits for running requests and functions"},
            HOLDFAST_MEMBER(listen.drain_time)),
      bound({.name = "api_key", .kind = Kind::text, .meaning = "the key that callers need",
             .unset = "one is made, and kept in the data folder", .is_secret = true}, HOLDFAST_MEMBER(server.api_key)),
      bound({.name = "log_level", .kind = Kind::choice, .meaning = "how much to tell on standard error",
             .choices = level_words}, HOLDFAST_MEMBER(log_level)),
  };
}

/// Settings of names come after all others, so what one leaves out is as for every model.
auto& retention_of(ServeSettings& all, const std::string& model) {
  auto general = server::Retention{};
  general.deltas = all.server.delta_retention;
  general.tombstones = all.server.tombstone_retention;
  return all.server.model_retention.try_emplace(model, general).first->second;
}

std::vector<Setting> how_records_change() {
  return {
      bound({.name = "conflict", .kind = Kind::choice, .meaning = "what becomes of an edit of an older version",
             .choices = conflict_words}, HOLDFAST_MEMBER(server.conflict)),
      bound({.name = "conflict_function", .kind = Kind::text, .meaning = "the function that settles conflicts when `conflict` is custom",
             .unset = "none"}, HOLDFAST_MEMBER(server.conflict_function)),
      bound({.name = "conflict_time", .kind = Kind::duration,
             .meaning = "for how long after a conflict began such a function may be asked again", .least = 1},
            HOLDFAST_MEMBER(server.conflict_time_max)),
      named({.name = "models.*.conflict", .kind = Kind::choice, .meaning = "as `conflict`, for one model",
                .unset = "as `conflict`", .choices = conflict_words},
               [](ServeSettings& all, const std::string& model) -> auto& { return all.server.model_conflicts[model].strategy; }),
      named({.name = "models.*.conflict_function", .kind = Kind::text, .meaning = "as `conflict_function`, for one model",
                .unset = "none"},
               [](ServeSettings& all, const std::string& model) -> auto& { return all.server.model_conflicts[model].function; }),
      bound({.name = "journal.rows", .kind = Kind::count,
             .meaning = "settled conflicts that `holdfast conflicts` can show, the oldest go; 0 keeps none"},
            HOLDFAST_MEMBER(server.journal_rows_max)),
      bound({.name = "journal.without", .kind = Kind::texts, .meaning = "models whose conflicts are not kept",
             .unset = "none"}, HOLDFAST_MEMBER(server.unjournaled_models)),
      bound({.name = "merge_lists_three_way", .kind = Kind::toggle,
             .meaning = "automerge lists by what was added and removed, instead of appending"},
            HOLDFAST_MEMBER(server.merges_lists_three_way)),
      bound({.name = "retention.deltas", .kind = Kind::duration,
             .meaning = "devices that were away for longer load everything anew", .least = minute_ms},
            HOLDFAST_MEMBER(server.delta_retention)),
      bound({.name = "retention.tombstones", .kind = Kind::duration,
             .meaning = "how long deletions are remembered; at least as long as `retention.deltas`", .least = minute_ms},
            HOLDFAST_MEMBER(server.tombstone_retention)),
      named({.name = "models.*.deltas", .kind = Kind::duration, .meaning = "as `retention.deltas`, for one model",
                .unset = "as `retention.deltas`", .least = minute_ms},
               [](ServeSettings& all, const std::string& model) -> auto& { return retention_of(all, model).deltas; }),
      named({.name = "models.*.tombstones", .kind = Kind::duration, .meaning = "as `retention.tombstones`, for one model",
                .unset = "as `retention.tombstones`", .least = minute_ms},
               [](ServeSettings& all, const std::string& model) -> auto& { return retention_of(all, model).tombstones; }),
  };
}

std::vector<Setting> limits() {
  return {
      bound({.name = "limits.connections", .kind = Kind::count, .meaning = "open connections; further ones are closed",
             .least = 1}, HOLDFAST_MEMBER(listen.connections_max)),
      bound({.name = "limits.body_bytes", .kind = Kind::bytes, .meaning = "a request's body; larger ones get 413",
             .least = 1024, .most = gib}, HOLDFAST_MEMBER(listen.body_bytes_max)),
      bound({.name = "limits.frame_bytes", .kind = Kind::bytes, .meaning = "a socket's frame; larger ones close it (1009)",
             .least = 1024, .most = gib}, HOLDFAST_MEMBER(listen.frame_bytes_max)),
      bound({.name = "limits.queue_bytes", .kind = Kind::bytes,
             .meaning = "what waits for a socket that reads too slowly; more closes it (1013)", .least = 64 * 1024,
             .most = 16 * gib}, HOLDFAST_MEMBER(listen.queued_bytes_max)),
      bound({.name = "limits.queue_bytes_total", .kind = Kind::bytes, .meaning = "what waits for all sockets together",
             .least = 1 << 20, .most = 1024 * gib}, HOLDFAST_MEMBER(listen.queued_bytes_total_max)),
      bound({.name = "limits.subscription_bytes", .kind = Kind::bytes,
             .meaning = "`start` frames of one socket's subscriptions; further ones are refused", .least = 64 * 1024,
             .most = 16 * gib}, HOLDFAST_MEMBER(server.subscription_bytes_max)),
      bound({.name = "limits.filter_fields", .kind = Kind::count, .meaning = "tests in a group of a subscription's filter",
             .least = 1}, HOLDFAST_MEMBER(server.filter_limits.fields)),
      bound({.name = "limits.filter_groups", .kind = Kind::count, .meaning = "groups of a subscription's filter", .least = 1},
            HOLDFAST_MEMBER(server.filter_limits.groups)),
      bound({.name = "limits.http_calls", .kind = Kind::count, .meaning = "services that @http fields wait for at once",
             .least = 1, .most = 1024}, HOLDFAST_MEMBER(server.http_calls_max)),
      bound({.name = "limits.page_rows", .kind = Kind::count, .meaning = "rows of a page, whatever `limit` asks for",
             .least = 1, .most = 1'000'000}, HOLDFAST_MEMBER(server.page_rows_max)),
      bound({.name = "limits.document_bytes", .kind = Kind::bytes, .meaning = "the text of a document", .least = 1024,
             .most = gib}, HOLDFAST_MEMBER(server.limits.document_bytes_max)),
      bound({.name = "limits.document_tokens", .kind = Kind::count, .meaning = "words and signs of a document", .least = 100},
            HOLDFAST_MEMBER(server.limits.document_tokens_max)),
      bound({.name = "limits.depth", .kind = Kind::count, .meaning = "fields within fields", .least = 1, .most = 200},
            HOLDFAST_MEMBER(server.limits.depth_max)),
      bound({.name = "limits.fields", .kind = Kind::count, .meaning = "fields of an operation, fragments unfolded",
             .least = 1}, HOLDFAST_MEMBER(server.limits.fields_max)),
      bound({.name = "limits.root_fields", .kind = Kind::count, .meaning = "of those at the root: each is a read or a write",
             .least = 1}, HOLDFAST_MEMBER(server.limits.root_fields_max)),
      bound({.name = "limits.aliases", .kind = Kind::count, .meaning = "aliases in a document"},
            HOLDFAST_MEMBER(server.limits.aliases_max)),
      bound({.name = "limits.directives", .kind = Kind::count, .meaning = "directives in a document"},
            HOLDFAST_MEMBER(server.limits.directives_max)),
      bound({.name = "limits.cost", .kind = Kind::count, .meaning = "fields that the largest possible answer may have",
             .least = 1}, HOLDFAST_MEMBER(server.limits.cost_max)),
      bound({.name = "limits.request_time", .kind = Kind::duration, .meaning = "after it the fields that are left become errors",
             .least = 1}, HOLDFAST_MEMBER(server.limits.time_max)),
      bound({.name = "limits.documents_kept_bytes", .kind = Kind::bytes, .meaning = "parsed documents kept for the next request"},
            HOLDFAST_MEMBER(server.limits.documents_bytes_max)),
      bound({.name = "limits.idle_time", .kind = Kind::duration,
             .meaning = "between two requests of a kept connection, and within one", .least = 100},
            HOLDFAST_MEMBER(listen.idle_timeout)),
  };
}

std::vector<Setting> realtime() {
  return {
      bound({.name = "realtime.keep_alive", .kind = Kind::duration, .meaning = "between two keep-alive frames", .least = 100},
            HOLDFAST_MEMBER(server.keep_alive_interval)),
      bound({.name = "realtime.connection_timeout", .kind = Kind::duration,
             .meaning = "without a frame, after which clients connect anew", .least = 100},
            HOLDFAST_MEMBER(server.connection_timeout)),
  };
}

#define HOLDFAST_OF_FUNCTION(member) [](auto& all, const std::string& name) -> auto& { return all.functions.places[name].member; }

std::vector<Setting> what_is_called() {
  return {
      named({.name = "functions.*.url", .kind = Kind::text,
             .meaning = "where events for this function (of @function, or a conflict handler) are posted: http://... or https://...",
             .unset = "has to be given, or `functions.*.command`"}, HOLDFAST_OF_FUNCTION(url)),
      named({.name = "functions.*.command", .kind = Kind::texts,
             .meaning = "or the program, with its arguments, that is run for each of them",
             .unset = "has to be given, or `functions.*.url`"}, HOLDFAST_OF_FUNCTION(command)),
      named({.name = "functions.*.environment", .kind = Kind::texts,
             .meaning = "\"NAME=value\": what the program finds in its environment besides PATH", .unset = "none",
             .is_secret = true}, HOLDFAST_OF_FUNCTION(environment)),
      named({.name = "functions.*.timeout", .kind = Kind::duration, .meaning = "how long it may take",
             .unset = "`\"30s\"`", .least = 1, .most = 900'000}, HOLDFAST_OF_FUNCTION(limit)),
      bound({.name = "function", .kind = Kind::texts,
             .meaning = "a function of @function or of a conflict handler: `NAME=http://...` or `NAME=program arguments`",
             .unset = "none"}, HOLDFAST_MEMBER(function_texts)),
      bound({.name = "function_seconds", .kind = Kind::count, .meaning = "how long one given by `function` may take", .least = 1,
             .most = 900}, HOLDFAST_MEMBER(function_seconds)),
      bound({.name = "env", .kind = Kind::text, .meaning = "what `${env}` stands for in @function and @http",
             .unset = "as in a project without environments"}, HOLDFAST_MEMBER(server.environment)),
      bound({.name = "region", .kind = Kind::text, .meaning = "what `${aws_region}` stands for in @http"},
            HOLDFAST_MEMBER(server.region)),
      bound({.name = "limits.function_calls", .kind = Kind::count, .meaning = "functions that run at once; further calls fail",
             .least = 1, .most = 200}, HOLDFAST_MEMBER(functions.running_max)),
  };
}

std::vector<Setting> administration() {
  return {
      bound({.name = "admin.enabled", .kind = Kind::toggle, .meaning = "whether health, metrics and backup are served"},
            HOLDFAST_MEMBER(admin.is_on)),
      bound({.name = "admin.host", .kind = Kind::text, .meaning = "the address that they are served on"},
            HOLDFAST_MEMBER(admin.host)),
      bound({.name = "admin.port", .kind = Kind::count, .meaning = "the port that they are served on; 0 takes any free one",
             .unset = "the port after `port`, or any free one", .most = port_max}, HOLDFAST_MEMBER(admin.port)),
      bound({.name = "admin.key", .kind = Kind::text,
             .meaning = "callers of the admin API send it as `authorization: Bearer KEY`",
             .unset = "none is needed, and `admin.host` must be a loopback address", .is_secret = true},
            HOLDFAST_MEMBER(admin.key)),
  };
}

#undef HOLDFAST_OF_FUNCTION
#undef HOLDFAST_MEMBER

server::ApiKey& key_of(ServeSettings& all, std::string_view name) {
  auto& keys = all.server.api_keys;
  const auto known = std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.name == name; });
  if (known != keys.end()) return *known;
  keys.push_back({.name = std::string(name)});
  return keys.back();
}

std::vector<Setting> of_keys() {
  return {
      named({.name = "api_keys.*.key", .kind = Kind::text, .meaning = "a further key, of a name of yours", .unset = "none",
             .is_secret = true},
            [](ServeSettings& all, const std::string& name) -> auto& { return key_of(all, name).secret; }),
      named({.name = "api_keys.*.expires", .kind = Kind::moment, .meaning = "when that key ends", .unset = "never"},
            [](ServeSettings& all, const std::string& name) -> auto& { return key_of(all, name).expires_at; }),
  };
}

std::vector<Setting> all_settings() {
  std::vector<Setting> all;
  for (auto part : {what_is_served(), how_records_change(), limits(), realtime(), what_is_called(), administration(), of_keys()}) {
    for (auto& setting : part) all.push_back(std::move(setting));
  }
  return all;
}

}  // namespace

const std::vector<Setting>& setting_table() {
  static const auto table = all_settings();
  return table;
}

}  // namespace holdfast::cli
