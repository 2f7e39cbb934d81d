// The request and response templates that the published function transformer makes, as functions.
#include <algorithm>
#include <cctype>
#include <utility>

#include "server/resolve/backend.h"
#include "server/resolve/custom.h"
#include "server/resolve/rows.h"

namespace holdfast::server {
namespace {

/// Called before the time that all take together is looked at again.
constexpr std::size_t batch_max = 64;

bool is_root(std::string_view type) { return type == "Query" || type == "Mutation" || type == "Subscription"; }

Object headers_of(const Headers& headers) {
  Object all;
  for (const auto& [name, value] : headers) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char letter) {
      return static_cast<char>(std::tolower(letter));
    });
    all.set(lower, value);
  }
  return all;
}

graphql::FieldError failure_of(const Error& error) {
  switch (error.code) {
    case Code::not_found: return refusal("NotServed", error.message);
    case Code::timed_out: return refusal("Lambda:ExecutionTimeoutException", error.message);
    case Code::unavailable: return refusal("Lambda:ServiceException", error.message);
    default: return refusal("Lambda:Unhandled", error.message);
  }
}

Error not_configured(const std::string& function) {
  return {Code::not_found, "The function " + function + " is not served: no functions are configured. Set functions." +
                               function + ".url, or .command, in the settings."};
}

/// The functions of one field, one after the other, for all parents of a level.
class Pipeline {
 public:
  Pipeline(const CustomAsked& asked, std::span<const Value* const> parents)
      : asked_(asked),
        parents_(parents),
        arguments_(asked.backend.custom.arguments(asked.call.field, asked.call.arguments)),
        request_(Object{{"headers", headers_of(asked.headers)}, {"domainName", nullptr}}),
        outcomes_(parents.size(), Value(Object())) {}

  std::vector<graphql::Outcome> run() {
    for (const auto& step : asked_.route.field.functions) take(step);
    return std::move(outcomes_);
  }

 private:
  void take(const schema::FunctionStep& step) {
    std::vector<std::size_t> batch;
    for (std::size_t at = 0; at < parents_.size(); ++at) {
      if (std::holds_alternative<Value>(outcomes_[at])) batch.push_back(at);
      if (batch.size() < batch_max && at + 1 < parents_.size()) continue;
      take(step, batch);
      batch.clear();
    }
  }

  void take(const schema::FunctionStep& step, const std::vector<std::size_t>& batch) {
    if (batch.empty()) return;
    if (asked_.backend.clock.ticks() >= *asked_.budget.until) {
      for (const auto at : batch) outcomes_[at] = refusal("ExecutionTimeout", "Execution timed out.");
      return;
    }
    std::vector<Value> events;
    for (const auto at : batch) events.push_back(event_of(at));
    const auto results = step.is_event ? start_all(step.name, events) : call_all(step.name, events);
    for (std::size_t i = 0; i < batch.size(); ++i) settle(batch[i], results[i]);
  }

  std::vector<Result<Value>> call_all(const std::string& name, const std::vector<Value>& events) {
    auto* functions = asked_.backend.functions;
    if (functions == nullptr) return std::vector<Result<Value>>(events.size(), not_configured(name));
    return functions->call_all(name, events);
  }

  std::vector<Result<Value>> start_all(const std::string& name, const std::vector<Value>& events) {
    auto* functions = asked_.backend.functions;
    if (functions == nullptr) return std::vector<Result<Value>>(events.size(), not_configured(name));
    std::vector<Result<Value>> results;
    for (const auto& event : events) {
      auto started = functions->start(name, event);
      if (started) results.emplace_back(Value(Object{{"success", true}}));
      else results.emplace_back(std::move(started).error());
    }
    return results;
  }

  void settle(std::size_t at, const Result<Value>& result) {
    if (result) {
      outcomes_[at] = *result;
      return;
    }
    // Devices select every field of a model: what is stored must not be lost to them where no function is at hand.
    const auto* object = parents_[at]->as_object();
    const auto* stored = object == nullptr ? nullptr : object->find(asked_.call.field.name);
    if (result.error().code == Code::not_found && stored != nullptr && !is_root(asked_.call.parent.name)) {
      outcomes_[at] = *stored;
    } else {
      outcomes_[at] = failure_of(result.error());
    }
  }

  [[nodiscard]] Value event_of(std::size_t at) const {
    Value source;
    if (!is_root(asked_.call.parent.name)) {
      source = *parents_[at];
      if (auto* object = source.as_object()) object->set("__typename", asked_.call.parent.name);
    }
    return Object{{"typeName", asked_.call.parent.name},
                  {"fieldName", asked_.call.field.name},
                  {"arguments", arguments_},
                  {"identity", asked_.caller.described()},
                  {"source", std::move(source)},
                  {"request", request_},
                  {"prev", Object{{"result", std::get<Value>(outcomes_[at])}}}};
  }

  const CustomAsked& asked_;
  std::span<const Value* const> parents_;
  Value arguments_;
  Value request_;
  std::vector<graphql::Outcome> outcomes_;  // Parallel to the parents; before the first step an empty object each.
};

}  // namespace

std::vector<graphql::Outcome> call_functions(const CustomAsked& asked, std::span<const Value* const> parents) {
  return Pipeline(asked, parents).run();
}

}  // namespace holdfast::server
