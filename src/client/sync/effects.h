// Events and effects: what the world tells the engine, and what the engine asks of the world.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/transport.h"
#include "client/outbox/local_write.h"
#include "client/sync/selection.h"
#include "holdfast/observe.h"
#include "holdfast/sync.h"
#include "protocol/documents.h"

namespace holdfast::sync {

/// Names one request or socket of this engine; never used twice, so that late answers are recognised.
using ExchangeId = std::uint64_t;
using SocketId = std::uint64_t;

struct Time {
  Tick ticks;
  Instant wall;
};

class Hydrator;
class Verification;
struct Ports;
/// Makes what verify() does; `ports` and `hydrator` outlive it.
using VerificationMaker = std::unique_ptr<Verification> (*)(const Ports& ports, Hydrator& hydrator);
std::unique_ptr<Verification> make_verification(const Ports& ports, Hydrator& hydrator);

namespace event {
struct Start {};
struct Stop {};
struct Online { bool is_online = true; };           ///< The application's word.
struct Saved {                                      ///< The outbox got entries, of these records.
  std::vector<outbox::RecordName> records = {};
};
struct Wake {};                                     ///< A WakeAt is due; spurious ones are harmless.
struct Reply { ExchangeId id; Result<HttpResponse> response; };
struct SocketOpened { SocketId id; };
struct SocketFrame { SocketId id; std::string frame; };
struct SocketClosed { SocketId id; Error reason; };
struct Selected { Selection selection; };           ///< The sync expressions were evaluated again.
/// A source's answer to effect::AskCredentials.
struct Credentials { std::uint64_t id; Result<std::variant<AuthToken, IamCredentials>> given; };
struct Verify {                                     ///< Compare with the service, when there is a connection.
  VerificationMaker make = &make_verification;      ///< In the event, so that only programs that verify carry the code.
};
struct PageReady {};                                ///< Work put off before is to be done now (see effect::Continue).
}  // namespace event
using Event = std::variant<event::Start, event::Stop, event::Online, event::Saved, event::Wake, event::Reply,
                           event::SocketOpened, event::SocketFrame, event::SocketClosed, event::Selected,
                           event::Credentials, event::Verify,
                           event::PageReady>;

namespace effect {
/// A request for the model, without credentials: client/auth adds them.
struct Exchange {
  ExchangeId id;
  HttpRequest request;
  Milliseconds timeout;
  const ModelSchema* model;
  ModelOperation operation;
};
struct OpenSocket { SocketId id; SocketRequest request; };  ///< Without credentials, too.
/// A `start` frame, to be written with what client/auth knows of the user.
struct Subscribe {
  SocketId id;
  std::string subscription;                         ///< Its id.
  const ModelSchema* model;
  protocol::Subscribed what;
  Value filter = {};                                ///< Null: none.
};
/// Of client/auth: asks the source, which answers with event::Credentials.
struct AskCredentials { std::uint64_t id; std::variant<TokenSource, IamSource> source = {}; };
struct SendFrame { SocketId id; std::string frame; };
struct CloseSocket { SocketId id; };
struct WakeAt { Tick at; };
struct Continue {};                                 ///< Step the engine with PageReady as soon as the lock is free.
struct Changed { std::vector<RecordChange> changes; };  ///< Committed; tell the observers.
struct Report { SyncEvent what; };
struct Failed { SyncError what; };                  ///< For the error callback.
}  // namespace effect
using Effect = std::variant<effect::Exchange, effect::OpenSocket, effect::Subscribe, effect::AskCredentials,
                            effect::SendFrame, effect::CloseSocket, effect::WakeAt, effect::Continue, effect::Changed, effect::Report, effect::Failed>;
using Effects = std::vector<Effect>;

}  // namespace holdfast::sync
