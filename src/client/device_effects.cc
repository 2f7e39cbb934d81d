// Device's other half of a step: what the engine wants done goes into the two queues, and what comes of it back to it.
#include <functional>
#include <string>
#include <utility>
#include <variant>

#include "client/device_inside.h"

namespace holdfast {

/// Under the lock, as all below.
void Device::Inside::take(sync::Effect& effect) {
  namespace effects = sync::effect;
  if (auto* exchange = std::get_if<effects::Exchange>(&effect)) {
    push_exchange(std::move(*exchange));
  } else if (auto* open = std::get_if<effects::OpenSocket>(&effect)) {
    push_open(std::move(*open));
  } else if (auto* question = std::get_if<effects::AskCredentials>(&effect)) {
    push_question(std::move(*question));
  } else if (auto* send = std::get_if<effects::SendFrame>(&effect)) {
    network_.push([this, id = send->id, frame = std::move(send->frame)] {
      if (const auto socket = sockets_.find(id); socket != sockets_.end()) socket->second->send(frame);
    });
  } else if (const auto* shut = std::get_if<effects::CloseSocket>(&effect)) {
    network_.push([this, id = shut->id] { sockets_.erase(id); });
  } else if (const auto* wake = std::get_if<effects::WakeAt>(&effect)) {
    push_wake(wake->at, sync::event::Wake{});
  } else if (std::holds_alternative<effects::Continue>(effect)) {
    // On the clock's thread, so that a thread that only saves is never kept to apply pages.
    push_wake(around_.clock.ticks(), sync::event::PageReady{});
  } else if (auto* changed = std::get_if<effects::Changed>(&effect)) {
    refresh(changed->changes);
    observers_.queue(std::move(changed->changes));
  } else if (auto* report = std::get_if<effects::Report>(&effect)) {
    if (const auto* synced = std::get_if<ModelSynced>(&report->what)) observers_.finish_sync(synced->model);
    observers_.queue(std::move(report->what));
  } else if (auto* failed = std::get_if<effects::Failed>(&effect); failed && on_error_) {
    observers_.queue([on_error = on_error_, what = std::move(failed->what)] { on_error(what); });
  }
}

/// What callbacks of clock and transport call; they may come after this object is gone.
std::function<void(sync::Event)> Device::Inside::door(Generation generation) {
  return [weak = weak_from_this(), generation](sync::Event event) {
    if (const auto self = weak.lock()) self->deliver(generation, std::move(event));
  };
}

void Device::Inside::push_exchange(sync::effect::Exchange exchange) {
  network_.push([this, deliver = door(generation_), exchange = std::move(exchange)] {
    around_.transport->exchange(exchange.request, exchange.timeout,
                                [deliver, id = exchange.id](Result<HttpResponse> response) {
                                  deliver(sync::event::Reply{id, std::move(response)});
                                });
  });
}

/// Where the other callbacks of the application run: it may answer there and then.
void Device::Inside::push_question(sync::effect::AskCredentials question) {
  observers_.queue([deliver = door(generation_), question = std::move(question)] {
    std::visit(
        [&](const auto& source) {
          source([deliver, id = question.id](auto given) {
            using Given = decltype(sync::event::Credentials::given);
            deliver(sync::event::Credentials{id, given ? Given(std::move(*given)) : Given(std::move(given).error())});
          });
        },
        question.source);
  });
}

void Device::Inside::push_open(sync::effect::OpenSocket open) {
  network_.push([this, deliver = door(generation_), open = std::move(open)] {
    const auto id = open.id;
    SocketEvents events{
        .on_open = [deliver, id] { deliver(sync::event::SocketOpened{id}); },
        .on_frame = [deliver, id](std::string frame) { deliver(sync::event::SocketFrame{id, std::move(frame)}); },
        .on_close = [deliver, id](Error reason) { deliver(sync::event::SocketClosed{id, std::move(reason)}); }};
    sockets_[id] = around_.transport->open_socket(open.request, std::move(events));
  });
}

void Device::Inside::push_wake(Tick at, sync::Event event) {
  network_.push([this, deliver = door(generation_), at, event = std::move(event)] {
    around_.clock.wake_at(at, [deliver, event] { deliver(event); });
  });
}

}  // namespace holdfast
