#include "apps/cli/functions.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <thread>

#include "apps/cli/child_process.h"
#include "base/blocking_exchange.h"
#include "base/bytes.h"
#include "base/json.h"

namespace holdfast::cli {
namespace {

/// Of one field of many records; the others of running_max are left to other requests.
constexpr std::size_t parallel_max = 8;
/// Of what a failed function says, in a message.
constexpr std::size_t message_bytes_max = 4'000;
constexpr int lines_max = 100;  // Of what a function says, in the log.

/// What a Lambda that threw answers with; other members than these belong to a result.
constexpr std::array<std::string_view, 6> failure_members = {"errorMessage", "errorType", "stackTrace",
                                                             "trace",        "cause",     "requestId"};

bool tells_failure(const Value& answer) {
  const auto* object = answer.as_object();
  if (object == nullptr || answer["errorMessage"].as_string() == nullptr) return false;
  if (answer["errorType"].as_string() == nullptr) return false;
  return std::all_of(object->begin(), object->end(), [](const Member& one) {
    return std::find(failure_members.begin(), failure_members.end(), one.name) != failure_members.end();
  });
}

std::string message_of(const Value& failure) {
  const auto* message = failure["errorMessage"].as_string();
  return message == nullptr ? std::string() : message->substr(0, message_bytes_max);
}

/// A function that answers with nothing answers with null, as one in JavaScript that returns nothing does.
Result<Value> answer_in(const std::string& name, const std::string& text) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return Value();
  auto answer = json::parse(text);
  if (!answer) {
    return Error{Code::malformed, "The answer of the function " + name + " is not JSON: " + answer.error().message};
  }
  if (tells_failure(*answer)) return Error{Code::rejected, message_of(*answer)};
  return answer;
}

/// What a failed function says of itself, or `otherwise`.
Error own_words(const std::string& text, std::string otherwise) {
  const auto answer = json::parse(text);
  auto message = answer ? message_of(*answer) : std::string();
  return {Code::rejected, message.empty() ? std::move(otherwise) : std::move(message)};
}

std::vector<std::string> variables_of(const FunctionPlace& place) {
  constexpr std::string_view name = "PATH=";
  auto variables = place.environment;
  // Of two equal names some programs take the first, and shells the last.
  const bool has_own =
      std::any_of(variables.begin(), variables.end(), [&](const auto& each) { return each.starts_with(name); });
  const char* path = std::getenv("PATH");
  if (!has_own && path != nullptr) variables.push_back(std::string(name) + path);
  return variables;
}

/// The last lines, no more than lines_max of them.
std::string_view last_lines(std::string_view text) {
  auto begin = text.size() - (text.ends_with('\n') ? 1U : 0U);
  for (int lines = 0; lines < lines_max; ++lines) {
    begin = text.substr(0, begin).rfind('\n');
    if (begin == std::string_view::npos) return text;
  }
  return text.substr(begin + 1);
}

/// What is wrong with an address, or nothing. The rest of it is found wrong by the first call.
const char* fault_of_address(const std::string& url) {
  const auto scheme = url.substr(0, url.find(':'));
  const bool is_secure = equal_ignoring_case(scheme, "https");
  if (!is_secure && !equal_ignoring_case(scheme, "http")) return "has an address that is neither http:// nor https://.";
  if (is_secure && !HOLDFAST_CALLS_HTTPS) {
    return "has an https:// address, and TLS was left out of this build (HOLDFAST_TLS=OFF): give an http:// address.";
  }
  const auto host = url.find("://") == scheme.size() ? url.substr(scheme.size() + 3) : std::string();
  return host.empty() || host.find_first_of("/?#") == 0 ? "has an address without a host." : nullptr;
}

}  // namespace

Result<std::pair<std::string, FunctionPlace>> read_function(const std::string& text) {
  const auto mark = text.find('=');
  const auto name = text.substr(0, mark);
  if (mark == std::string::npos || name.empty()) {
    return Error{Code::invalid_argument, "\"" + text + "\" is no function: write NAME=http://... or NAME=program."};
  }
  FunctionPlace place;
  const auto where = text.substr(mark + 1);
  if (where.find("://") != std::string::npos && where.find(' ') == std::string::npos) {
    place.url = where;
  } else {
    std::istringstream words(where);
    for (std::string word; words >> word;) place.command.push_back(word);
  }
  HOLDFAST_TRY(checked, check_place(name, place));
  return std::pair(name, std::move(place));
}

Result<void> check_place(const std::string& name, const FunctionPlace& place) {
  const auto refuse = [&](const char* what) {
    return Error{Code::invalid_argument, "The function " + name + " " + what};
  };
  if (place.url.empty() && place.command.empty()) return refuse("has neither an address nor a command.");
  if (!place.url.empty() && !place.command.empty()) return refuse("has both an address and a command: keep one.");
  if (const auto* fault = place.url.empty() ? nullptr : fault_of_address(place.url)) return refuse(fault);
  if (!place.command.empty() && place.command.front().empty()) return refuse("has a command without a program.");
  const auto is_variable = [](const std::string& text) { return text.find('=') != std::string::npos; };
  if (!std::all_of(place.environment.begin(), place.environment.end(), is_variable)) {
    return refuse("has a variable that is not written as NAME=value.");
  }
  return {};
}

PlacedFunctions::PlacedFunctions(FunctionSettings settings, Transport& transport, Log& log)
    : settings_(std::move(settings)), transport_(transport), log_(log), slots_(settings_.running_max) {}

PlacedFunctions::~PlacedFunctions() {
  std::unique_lock lock(mutex_);
  has_ended_.wait(lock, [&] { return started_ == 0; });
}

bool PlacedFunctions::wait_for_started(Milliseconds patience) {
  std::unique_lock lock(mutex_);
  return has_ended_.wait_for(lock, patience, [&] { return started_ == 0; });
}

Result<PlacedFunctions::Named> PlacedFunctions::named(std::string_view name) const {
  const auto found = settings_.places.find(name);
  if (found != settings_.places.end()) return Named{found->first, &found->second};
  const std::string text(name);
  return Error{Code::not_found, "The function " + text + " is not configured: set functions." + text +
                                    ".url, or .command, in the settings."};
}

Error PlacedFunctions::busy(const std::string& name) const {
  return {Code::unavailable, "The function " + name + " was not called: " + std::to_string(settings_.running_max) +
                                 " functions run already; try again."};
}

Result<Value> PlacedFunctions::call(std::string_view name, const Value& event) {
  HOLDFAST_TRY(function, named(name));
  const auto slot = slots_.take();
  if (!slot) return busy(function.name);
  return run(function, event);
}

std::vector<Result<Value>> PlacedFunctions::call_all(std::string_view name, const std::vector<Value>& events) {
  std::vector<Result<Value>> results(events.size());
  auto function = named(name);
  std::vector<server::Slots::Slot> slots;
  while (function && slots.size() < std::min(events.size(), parallel_max)) {
    slots.push_back(slots_.take());
    if (slots.back()) continue;
    slots.pop_back();
    break;
  }
  if (!function || slots.empty()) {
    for (auto& result : results) result = function ? busy(function->name) : function.error();
    return results;
  }
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (auto at = next++; at < events.size(); at = next++) results[at] = run(*function, events[at]);
  };
  std::vector<std::jthread> others;
  for (std::size_t at = 1; at < slots.size(); ++at) others.emplace_back(work);
  work();
  others.clear();
  return results;
}

Result<void> PlacedFunctions::start(std::string_view name, const Value& event) {
  HOLDFAST_TRY(function, named(name));
  auto slot = slots_.take();
  if (!slot) return busy(function.name);
  {
    const std::lock_guard lock(mutex_);
    ++started_;
  }
  std::thread([this, function, event, held = std::move(slot)]() mutable {
    run(function, event).ignore("nobody waits for it; the log has the failure");
    { const auto given_back = std::move(held); }
    // The last that touches this object: its end waits for it.
    const std::lock_guard lock(mutex_);
    --started_;
    has_ended_.notify_all();
  }).detach();
  return {};
}

Result<Value> PlacedFunctions::run(const Named& function, const Value& event) {
  const auto begin = std::chrono::steady_clock::now();
  auto result = function.place->url.empty() ? execute(function, event) : post(function, event);
  const auto took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begin);
  log_.write(result ? LogLevel::debug : LogLevel::warning, "functions", result ? "function_called" : "function_failed",
             {{"function", function.name},
              {"code", result ? std::string("ok") : std::string(holdfast::name(result.error().code))},
              {"ms", std::to_string(took.count())}});
  return result;
}

Result<Value> PlacedFunctions::post(const Named& function, const Value& event) {
  HttpRequest request{.target = function.place->url, .headers = {{"content-type", "application/json"}}};
  request.body = json::write(event);
  const auto reply = exchange_and_wait(transport_, std::move(request), function.place->limit);
  const auto what = "The function " + function.name;
  if (!reply && reply.error().code == Code::timed_out) {
    return Error{Code::timed_out,
                 what + " did not answer within " + std::to_string(function.place->limit.count()) + " ms."};
  }
  if (!reply && reply.error().code == Code::malformed) {
    return Error{Code::malformed, what + ": " + reply.error().message};
  }
  if (!reply) return Error{Code::unavailable, what + " cannot be called: " + reply.error().message};
  const bool is_good = reply->status >= 200 && reply->status < 300;
  if (is_good && header(reply->headers, "x-amz-function-error") == nullptr) {
    return answer_in(function.name, reply->body);
  }
  return own_words(reply->body, what + " failed with the status " + std::to_string(reply->status) + ".");
}

Result<Value> PlacedFunctions::execute(const Named& function, const Value& event) {
  const auto reply = run_child({.words = function.place->command,
                                .input = json::write(event),
                                .patience = function.place->limit,
                                .answer = ChildRun::Answer::standard_output,
                                .answer_bytes_max = function_answer_bytes_max,
                                .environment = variables_of(*function.place)});
  tell(function.name, reply.failure ? LogLevel::warning : LogLevel::info, reply.complaints);
  if (!reply.failure) return answer_in(function.name, reply.answer);
  const auto why = "The function " + function.name + " failed: " + reply.failure->message + ".";
  switch (reply.failure->code) {
    case Code::timed_out: return Error{Code::timed_out, why};
    case Code::rejected: return own_words(reply.answer, why);
    case Code::limit_exceeded: return Error{Code::malformed, why};
    default: return Error{Code::unavailable, why};
  }
}

void PlacedFunctions::tell(const std::string& name, LogLevel level, std::string_view complaints) {
  if (!log_.takes(level)) return;
  for (complaints = last_lines(complaints); !complaints.empty();) {
    const auto end = std::min(complaints.find('\n'), complaints.size());
    log_.write(level, "functions", "function_said",
               {{"function", name}, {"text", std::string(complaints.substr(0, end))}});
    complaints.remove_prefix(std::min(end + 1, complaints.size()));
  }
}

}  // namespace holdfast::cli
