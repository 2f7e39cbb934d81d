// The verbs about who may do what, and how the devices of a stage prove who they are.
#include <utility>

#include "tests/spec/verbs.h"

namespace holdfast::spec {
namespace {

Error wrong(std::string what) { return {Code::malformed, std::move(what)}; }

Result<server::Operation> operation_of(const Object& arguments) {
  HOLDFAST_TRY(word, text_of(arguments, "operation"));
  if (word == "create") return server::Operation::create;
  if (word == "update") return server::Operation::update;
  if (word == "delete") return server::Operation::remove;
  if (word == "sync") return server::Operation::sync;
  return wrong("operation: create, update, delete or sync is needed");
}

/// Tokens that are not named are refused from now on.
Result<void> accept_tokens(Stage& stage, const Object& arguments) {
  const auto* tokens = arguments.at("tokens").as_list();
  if (!tokens) return wrong("tokens: a list is needed");
  stage.access().tokens.clear();
  for (const auto& token : *tokens) {
    if (!token.as_string()) return wrong("tokens: strings are needed");
    stage.access().tokens.insert(*token.as_string());
  }
  return {};
}

/// What the device's source answers from now on, one after the other, the last for ever.
Result<void> credentials(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  const auto* answers = arguments.at("answers").as_list();
  if (!answers || answers->empty()) return wrong("answers: a list of at least one is needed");
  device->credentials.clear();
  for (const auto& answer : *answers) {
    const bool is_answer = answer["token"].as_string() || answer["fails"] == Value("unauthorized") ||
                           answer["fails"] == Value("unavailable") || answer["silent"] == Value(true);
    if (!is_answer) return wrong(R"(answers: {"token": …}, {"fails": "unauthorized" or "unavailable"} or {"silent": true})");
    device->credentials.push_back(answer);
  }
  return {};
}

Result<void> set_forbidden(Stage& stage, const Object& arguments, bool is_forbidden) {
  HOLDFAST_TRY(caller, text_of(arguments, "caller"));
  HOLDFAST_TRY(model, model_of(stage.schema(), arguments));
  HOLDFAST_TRY(operation, operation_of(arguments));
  const std::tuple what(caller, model->name, operation);
  if (is_forbidden) stage.access().forbidden.insert(what);
  if (!is_forbidden) stage.access().forbidden.erase(what);
  return {};
}
Result<void> forbid(Stage& stage, const Object& arguments) { return set_forbidden(stage, arguments, true); }
Result<void> allow(Stage& stage, const Object& arguments) { return set_forbidden(stage, arguments, false); }

Result<void> sign_out(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  HOLDFAST_TRY(data, text_of(arguments, "data"));
  if (data != "keeps" && data != "clears") return wrong("data: keeps or clears");
  if (!device->device) return wrong("the device is not running");
  device->is_started = device->is_live = false;
  return device->device->sign_out(data == "keeps" ? SignOut::keeps : SignOut::clears);
}

Result<void> expect_asked(Stage& stage, const Object& arguments) {
  HOLDFAST_TRY(device, device_of(stage, arguments));
  const Value seen = static_cast<std::int64_t>(device->times_asked);
  if (arguments.at("count") == seen) return {};
  return Error{Code::rejected, "the source was asked " + std::to_string(device->times_asked) + " times"};
}

TokenSource source_of(StageDevice& device) {
  return [&device](const CredentialsAnswer<AuthToken>& answer) {
    ++device.times_asked;
    const auto given = device.credentials.front();
    if (device.credentials.size() > 1) device.credentials.pop_front();
    if (const auto* token = given["token"].as_string()) return answer(AuthToken{.text = *token});
    if (given["fails"].is_null()) return;
    const bool is_nobody = given["fails"] == Value("unauthorized");
    answer(Error{is_nobody ? Code::unauthorized : Code::unavailable, "as the scenario asks"});
  };
}

Auth auth_of(StageDevice& device, const std::string& mode) {
  if (mode == "userPool") return user_pool(source_of(device));
  if (mode == "lambda") return lambda(source_of(device));
  return api_key(device.plan.api_key);
}

}  // namespace

const std::vector<Verb>& access_verbs() {
  static const std::vector<Verb> all{
      {"accept_tokens", {"tokens"}, accept_tokens},
      {"credentials", {"device", "answers"}, credentials},
      {"forbid", {"caller", "model", "operation"}, forbid},
      {"allow", {"caller", "model", "operation"}, allow},
      {"sign_out", {"device", "data"}, sign_out},
      {"expect_asked", {"device", "count"}, expect_asked},
  };
  return all;
}

Result<void> read_auth(const Object& arguments, SyncPlan& plan) {
  if (const auto* user = arguments.at("user").as_string()) plan.user = *user;
  if (!arguments.find("auth")) return {};
  const auto* modes = arguments.at("auth").as_list();
  if (!modes || modes->empty()) return wrong("auth: a list of modes is needed");
  plan.auth.clear();
  for (const auto& mode : *modes) {
    if (mode != Value("apiKey") && mode != Value("userPool") && mode != Value("lambda")) {
      return wrong("auth: apiKey, userPool or lambda");
    }
    plan.auth.push_back(*mode.as_string());
  }
  return {};
}

void add_auth(StageDevice& device, SyncOptions& options) {
  options.user = device.plan.user;
  options.auth = auth_of(device, device.plan.auth.front());
  std::vector<AuthMode> modes{mode_of(options.auth)};
  for (std::size_t at = 1; at < device.plan.auth.size(); ++at) {
    options.more_auth.push_back(auth_of(device, device.plan.auth[at]));
    modes.push_back(mode_of(options.more_auth.back()));
  }
  if (modes.size() > 1) options.auth_strategy = [modes](const AuthSituation&) { return modes; };
}

}  // namespace holdfast::spec
