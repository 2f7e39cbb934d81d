#include "client/sync/progress.h"

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace holdfast::sync {
namespace {

std::optional<Progress::Done> read_done(const Value& state) {
  const auto* started_at = state["startedAt"].as_integer();
  const auto* full_at = state["fullAt"].as_integer();
  if (!started_at || !full_at) return std::nullopt;
  return Progress::Done{.started_at = *started_at, .full_at = from_epoch_ms(*full_at)};
}

std::optional<Progress::Resume> read_resume(const Value& kept) {
  const auto* token = kept["token"].as_string();
  const auto* started_at = kept["startedAt"].as_integer();
  const auto* full_at = kept["fullAt"].as_integer();
  const auto* records = kept["records"].as_integer();
  if (!token || !started_at || *started_at <= 0 || !full_at || !records) return std::nullopt;
  return Progress::Resume{.token = *token,
                          .started_at = *started_at,
                          .full_at = from_epoch_ms(*full_at),
                          .records = std::max<std::int64_t>(*records, 0)};
}

}  // namespace

Progress read_progress(const std::optional<std::string>& text) {
  Progress progress;
  if (!text) return progress;
  progress.is_known = true;
  const auto state = json::parse(*text);
  if (!state) return progress;
  const auto* is_incomplete = (*state)["isIncomplete"].as_boolean();
  progress.is_incomplete = is_incomplete && *is_incomplete;
  progress.is_suspect = (*state)["isSuspect"] == Value(true);
  progress.done = read_done(*state);
  progress.resume = read_resume((*state)["resume"]);
  if (const auto& where = (*state)["where"]; !where.is_null()) {
    // One that cannot be read equals none that is asked for: everything is fetched again.
    progress.where = predicate_from_json(where).value_or(Predicate::any_of({}));
  }
  return progress;
}

std::string write(const Progress& progress) {
  Object state;
  if (progress.done) {
    state.append("startedAt", progress.done->started_at);
    state.append("fullAt", epoch_ms(progress.done->full_at));
  }
  if (progress.resume) {
    state.append("resume", Object{{"token", progress.resume->token},
                                  {"startedAt", progress.resume->started_at},
                                  {"fullAt", epoch_ms(progress.resume->full_at)},
                                  {"records", progress.resume->records}});
  }
  if (progress.is_incomplete) state.append("isIncomplete", true);
  if (progress.is_suspect) state.append("isSuspect", true);
  if (!progress.where.is_always()) state.append("where", to_json(progress.where));
  return json::write(state);
}

}  // namespace holdfast::sync
