#include "tests/simulation/sim_network.h"

#include <algorithm>

#include "base/json.h"
#include "protocol/signers.h"
#include "tests/simulation/sim_wire.h"

namespace holdfast::simulation {

// One request under way. `mutation.id` is empty for queries.
struct SimNetwork::Flight {
  std::shared_ptr<SimTransport> transport;
  HttpRequest request;
  std::function<void(Result<HttpResponse>)> done;
  Mutation mutation;
  bool is_over = false;
  bool is_copy = false;  // The second arrival of a duplicated request: its answer goes nowhere.
  std::uint64_t asked = 0;
};

namespace {

void name_record(const HttpRequest& request, Mutation& mutation) {
  const auto body = json::parse(request.body);
  if (!body) return;
  const auto& input = (*body)["variables"]["input"];
  const auto* query = (*body)["query"].as_string();
  const auto name_at = query ? query->find('{') : std::string::npos;
  const auto name_end = name_at == std::string::npos ? name_at : query->find('(', name_at);
  auto name = name_end == std::string::npos ? std::string() : query->substr(name_at + 1, name_end - name_at - 1);
  std::erase_if(name, [](char letter) { return letter == ' ' || letter == '\n'; });
  // createPost, updatePost and deletePost are all of the model Post; each verb has six letters.
  mutation.record = name.substr(std::min<std::size_t>(6, name.size())) + " " + json::write(input["id"]) +
                    json::write(input["city"]) + json::write(input["row"]);
  mutation.is_delete = name.starts_with("delete");
}

bool is_success(const Result<HttpResponse>& reply) {
  if (!reply || reply->status != 200) return false;
  const auto body = json::parse(reply->body);
  return body && (*body)["errors"].is_null();
}

}  // namespace

std::string key_of(unsigned device) { return "da2-device-" + std::to_string(device); }

std::shared_ptr<SimTransport> SimNetwork::attach(unsigned device) {
  return std::make_shared<SimTransport>(*this, device);
}

void SimNetwork::cut_off(SimTransport& transport) { transport.is_attached_ = false; }

void SimNetwork::exchange(const std::shared_ptr<SimTransport>& transport, HttpRequest request, Milliseconds timeout,
                          std::function<void(Result<HttpResponse>)> done) {
  if (!transport->is_attached_) return;
  request.target = path_of(request.target);
  if (expired_.contains(transport->device_)) expire(request.headers);
  auto flight = std::make_shared<Flight>(
      Flight{transport, std::move(request), std::move(done), Mutation{}, false, false, ++asked_});
  if (const auto* id = header(flight->request.headers, protocol::mutation_id_header)) {
    flight->mutation = {.sender = transport.get(), .device = transport->device_, .id = *id, .record = {}};
    name_record(flight->request, flight->mutation);
    if (on_mutation_sent) on_mutation_sent(flight->mutation);
  }
  say("device " + std::to_string(transport->device_) + " sends " + flight->mutation.id + " " + flight->request.body);
  if (flight->mutation.id.empty()) look_at_query(*transport, flight->request);
  agenda_.after(timeout, [this, flight] { finish(flight, Error{Code::timed_out, "no answer in time"}); });
  if (random_.happens(options_.request_loss) || partitioned_.contains(transport->device_)) {
    return fail(flight, "request lost");
  }
  if (taps.request) taps.request(flight->request);
  agenda_.after(delay(), [this, flight] { arrive(flight); });
  if (random_.happens(options_.duplication)) {
    auto copy = std::make_shared<Flight>(*flight);
    copy->is_copy = true;
    agenda_.after(delay() + delay(), [this, copy] { arrive(copy); });
  }
}

void SimNetwork::look_at_query(SimTransport& transport, const HttpRequest& request) {
  const auto body = json::parse(request.body);
  const auto* query = body ? (*body)["query"].as_string() : nullptr;
  if (!query) return;
  const bool has_token = !(*body)["variables"]["nextToken"].is_null();
  if (transport.queries_.insert(*query).second && has_token) probes_.hit(Probe::resumed_sync);
}

void SimNetwork::fail(const std::shared_ptr<Flight>& flight, std::string why) {
  // Half of the losses are noticed by the sender's network at once, half only by its patience.
  if (random_.happens(500)) return;
  agenda_.after(delay(), [this, flight, why = std::move(why)] { finish(flight, Error{Code::unavailable, why}); });
}

void SimNetwork::arrive(const std::shared_ptr<Flight>& flight) {
  if (!service_) return fail(flight, "the backend is down");
  if (random_.happens(options_.server_error)) {
    HttpResponse busy{.status = 503, .headers = {}, .body = "{\"message\":\"busy\"}"};
    if (++refused_ % 2 == 0) {
      busy = {.status = 429, .headers = {{"Retry-After", "1"}}, .body = "{\"message\":\"too many requests\"}"};
    }
    agenda_.after(delay(), [this, flight, busy = std::move(busy)]() mutable { finish(flight, std::move(busy)); });
    return;
  }
  waiting_.push_back(flight);
  agenda_.after(Milliseconds(random_.between(0, options_.queue_max_ms)), [this, incarnation = backend_incarnation_] {
    if (incarnation == backend_incarnation_) run_one_waiting();
  });
}

bool SimNetwork::run_one_waiting() {
  if (waiting_.empty() || !service_) return false;
  std::vector<std::shared_ptr<Flight>> together{next_waiting()};
  const bool is_write = !together.front()->mutation.id.empty();
  while (is_write && !waiting_.empty() && together.size() < options_.together_max) together.push_back(next_waiting());
  answer_together(together);
  return true;
}

std::shared_ptr<SimNetwork::Flight> SimNetwork::next_waiting() {
  const auto at = static_cast<std::ptrdiff_t>(below(random_, waiting_.size()));
  auto flight = waiting_[static_cast<std::size_t>(at)];
  waiting_.erase(waiting_.begin() + at);
  return flight;
}

/// As net::HttpServer does: those that can be are finished together, and answered when all are.
void SimNetwork::answer_together(const std::vector<std::shared_ptr<Flight>>& flights) {
  const auto incarnation = backend_incarnation_;
  const auto is_gone = [&] { return incarnation != backend_incarnation_ || (is_backend_dead && is_backend_dead()); };
  std::vector<std::pair<std::shared_ptr<Flight>, std::unique_ptr<JointWork>>> joint;
  for (const auto& flight : flights) {
    if (is_gone()) return;
    auto begun = service_->begin(flight->request);
    if (auto* work = std::get_if<std::unique_ptr<JointWork>>(&begun)) {
      joint.emplace_back(flight, std::move(*work));
      continue;
    }
    auto* response = std::get_if<HttpResponse>(&begun);
    auto answered = response ? std::move(*response) : std::get<HttpWork>(begun)();
    if (!is_gone()) answer(flight, std::move(answered));
  }
  if (joint.empty()) return;
  std::vector<JointWork*> works;
  for (const auto& [flight, work] : joint) works.push_back(work.get());
  const auto kept = service_->finish(works);
  if (is_gone()) return;
  if (works.size() > 1) probes_.hit(Probe::joint_writes);
  for (std::size_t at = 0; at < joint.size(); ++at) answer(joint[at].first, joint[at].second->answer(kept[at]));
}

void SimNetwork::answer(const std::shared_ptr<Flight>& flight, HttpResponse response) {
  say("backend answers " + std::to_string(response.status) + " " + response.body);
  if (on_said) on_said({flight->transport->device_, response.body, flight->asked, !flight->mutation.id.empty()});
  if (flight->is_copy) return;
  if (random_.happens(options_.reply_loss) || partitioned_.contains(flight->transport->device_)) {
    return fail(flight, "reply lost");
  }
  if (taps.response) taps.response(response);
  const auto extra = random_.happens(options_.slow_reply) ? Milliseconds(random_.between(0, 4'500)) : Milliseconds(0);
  agenda_.after(delay() + extra,
                [this, flight, response = std::move(response)]() mutable { finish(flight, std::move(response)); });
}

void SimNetwork::finish(const std::shared_ptr<Flight>& flight, Result<HttpResponse> result) {
  if (flight->is_over) return;
  flight->is_over = true;
  if (!flight->mutation.id.empty() && on_mutation_over) on_mutation_over(flight->mutation, is_success(result));
  if (!flight->transport->is_attached_) return;
  if (result && result->status == 401) probes_.hit(Probe::unauthorized);
  if (result && result->status == 429) probes_.hit(Probe::throttled);
  say("device " + std::to_string(flight->transport->device_) + " hears of " + flight->mutation.id + ": " +
      (result ? std::to_string(result->status) : result.error().message));
  const auto done = std::move(flight->done);
  done(std::move(result));
}

}  // namespace holdfast::simulation
