#include "tests/spec/wires.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "protocol/checksum.h"
#include "protocol/frames.h"

namespace holdfast::spec {
namespace {

constexpr Milliseconds fault_delay{5};

/// The first name inside the document's first braces.
std::string root_field(const std::string& document) {
  const auto is_letter = [](char one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
  };
  auto at = std::find(document.begin(), document.end(), '{');
  at = std::find_if(at, document.end(), is_letter);
  return {at, std::find_if_not(at, document.end(), is_letter)};
}

WireBook::Sent noted(const HttpRequest& request) {
  const auto body = json::parse(request.body);
  if (request.target.ends_with(protocol::checksum_path)) return {"checksum", false, body ? *body : Value()};
  const auto* query = body ? (*body)["query"].as_string() : nullptr;
  if (!query) return {"unreadable"};
  Object headers;
  for (const auto& [name, value] : request.headers) headers.append(name, value);
  return {root_field(*query), query->starts_with("mutation"), (*body)["variables"], std::move(headers)};
}

/// One of the `left` faults, when there is one.
bool takes_one(unsigned& left) {
  if (left == 0) return false;
  --left;
  return true;
}

void close(const std::shared_ptr<Line>& line, Error reason) {
  line->is_cut = true;
  if (const auto on_close = std::exchange(line->events.on_close, nullptr)) on_close(std::move(reason));
}

}  // namespace

void Wires::exchange(HttpRequest request, Milliseconds timeout, std::function<void(Result<HttpResponse>)> done) {
  book_.sent.push_back(noted(request));
  for (auto& answer : book_.answers) {
    if (!answer.suits(book_.sent.back()) || !takes_one(answer.left)) continue;
    return agenda_.after(fault_delay, [done = std::move(done), response = answer.response] { done(response); });
  }
  if (takes_one(book_.failing_requests)) {
    HttpResponse refusal{
        .status = book_.failing_status, .headers = {}, .body = R"({"message":"as the scenario asks"})"};
    return agenda_.after(fault_delay, [done = std::move(done), refusal = std::move(refusal)] { done(refusal); });
  }
  if (takes_one(book_.losing_requests)) {
    return agenda_.after(fault_delay, [done = std::move(done)] { done(Error{Code::unavailable, "request lost"}); });
  }
  if (takes_one(book_.losing_replies)) {
    auto lost = [done = std::move(done)](const Result<HttpResponse>&) { done(Error{Code::timed_out, "reply lost"}); };
    return inner_->exchange(std::move(request), timeout, std::move(lost));
  }
  inner_->exchange(std::move(request), timeout, std::move(done));
}

class Wires::WatchedSocket final : public Socket {
 public:
  WatchedSocket(Wires& wires, std::shared_ptr<Line> line, std::unique_ptr<Socket> inner)
      : agenda_(wires.agenda_), book_(wires.book_), line_(std::move(line)), inner_(std::move(inner)) {}
  ~WatchedSocket() override { line_->is_cut = true; }
  WatchedSocket(const WatchedSocket&) = delete;
  WatchedSocket& operator=(const WatchedSocket&) = delete;

  void send(std::string text) override {
    if (line_->is_cut || line_->is_silent) return;
    const auto frame = protocol::read_client_frame(text);
    const bool is_start = frame && frame->type == protocol::ClientFrame::Type::start;
    if (is_start) book_.started.push_back({.field = root_field(frame->query), .variables = frame->variables});
    if (is_start && !book_.filter_refusal.empty() && frame->variables["filter"].as_object()) {
      return refuse(frame->id, "BadRequestException", book_.filter_refusal);
    }
    const auto refusal = is_start ? book_.refusals.find(root_field(frame->query)) : book_.refusals.end();
    if (refusal == book_.refusals.end()) return inner_->send(std::move(text));
    refuse(frame->id, refusal->second, "as the scenario asks");
  }

 private:
  void refuse(const std::string& id, const std::string& error_type, const std::string& message) {
    const protocol::ServerFrame answer{.type = protocol::ServerFrame::Type::error,
                                       .id = id,
                                       .payload = protocol::error_payload(error_type, message)};
    agenda_.after(fault_delay, [line = line_, text = protocol::write(answer)] {
      if (!line->is_cut && !line->is_silent) line->events.on_frame(text);
    });
  }

  simulation::Agenda& agenda_;
  WireBook& book_;
  const std::shared_ptr<Line> line_;  // Shared with the frames under way.
  const std::unique_ptr<Socket> inner_;
};

std::unique_ptr<Socket> Wires::open_socket(SocketRequest request, SocketEvents events) {
  ++book_.connections;
  auto line = std::make_shared<Line>(Line{std::move(events)});
  book_.lines.push_back(line);
  SocketEvents watched{.on_open =
                           [line] {
                             if (!line->is_cut && !line->is_silent) line->events.on_open();
                           },
                       .on_frame =
                           [line](std::string frame) {
                             if (!line->is_cut && !line->is_silent) line->events.on_frame(std::move(frame));
                           },
                       .on_close =
                           [line](Error reason) {
                             if (!line->is_cut && !line->is_silent) close(line, std::move(reason));
                           }};
  auto inner = inner_->open_socket(std::move(request), std::move(watched));
  return std::make_unique<WatchedSocket>(*this, std::move(line), std::move(inner));
}

void break_sockets(WireBook& book, simulation::Agenda& agenda) {
  for (const auto& weak : std::exchange(book.lines, {})) {
    const auto line = weak.lock();
    if (!line || line->is_cut) continue;
    line->is_cut = true;
    agenda.after(fault_delay, [line] { close(line, Error{Code::unavailable, "connection lost"}); });
  }
}

void silence_sockets(WireBook& book) {
  for (const auto& weak : std::exchange(book.lines, {})) {
    if (const auto line = weak.lock()) line->is_silent = true;
  }
}

}  // namespace holdfast::spec
