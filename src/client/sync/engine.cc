#include "client/sync/engine.h"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>

#include "client/sync/hydrator.h"
#include "client/sync/reconciler.h"
#include "client/sync/sender.h"
#include "client/sync/subscriber.h"
#include "client/sync/verification.h"

namespace holdfast::sync {
namespace {

/// Records that may wait for the end of hydration; beyond, they are fetched by another delta sync instead.
constexpr std::size_t buffer_max = 4096;
/// Records replayed in one transaction, so that a save never waits long.
constexpr std::size_t replay_rows = 500;

constexpr std::string_view device_setting = "device:id";

}  // namespace

std::string_view name(State state) noexcept {
  switch (state) {
    case State::stopped: return "stopped";
    case State::offline: return "offline";
    case State::connecting: return "connecting";
    case State::subscribing: return "subscribing";
    case State::hydrating: return "hydrating";
    case State::live: return "live";
  }
  return {};
}

/// The machine behind the door. Invariant: the subscriber is open exactly from `connecting` to `live`; the hydrator
/// runs in `hydrating` only; the sender runs in `live` only.
class Engine::Parts {
 public:
  Parts(const Schema& schema, client::Storage& storage, Random& random, Log& log, Setup setup)
      : options_(std::move(setup.options)),
        selection_(std::move(setup.selection)),
        ports_{schema, storage, random, log, options_, names_, selection_},
        subscriber_(ports_),
        hydrator_(ports_),
        sender_(ports_),
        backoff_(random, options_.retry_delay_min, options_.retry_delay_max) {}

  Effects step(Time now, Event event) {
    effects_.clear();
    now_ = now;
    std::visit([this](auto& one) { on(one); }, event);
    schedule();
    return std::move(effects_);
  }
  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] bool has_under_way(const ModelSchema& model, const Key& key) const {
    return sender_.has_under_way(model, key);
  }

 private:
  void on(const event::Start&);
  void on(const event::Stop&);
  void on(const event::Online& event);
  void on(event::Saved& event);
  void on(const event::Wake&);
  void on(const event::Reply& event);
  void on(const event::SocketOpened& event) { follow(subscriber_.on_opened(now_, event.id, effects_)); }
  void on(const event::SocketFrame& event) { follow(subscriber_.on_frame(now_, event.id, event.frame, effects_)); }
  void on(const event::SocketClosed& event) { follow(subscriber_.on_closed(event.id, event.reason)); }
  void on(event::Selected& event);
  void on(const event::Credentials&) {}  // client/auth takes it.
  void on(const event::Verify& event);
  void on(const event::PageReady&);

  void enter(State state);
  void connect();
  void lose(const Error& reason);
  void disconnect();
  void follow(Subscriber::Outcome outcome);
  void receive(std::vector<client::SyncedRecord> inbound);
  void resync();
  void hydrate();
  void go_on_hydrating();
  void go_live();
  void pump();
  void follow(const Result<Verification::Next>& next);
  Result<void> name_device();
  Result<void> apply(std::vector<client::SyncedRecord> records);
  void fail(const Error& error);
  void report_network(bool is_active);
  void report_outbox();
  void schedule();

  const SyncOptions options_;
  Selection selection_;
  Names names_;
  const Ports ports_;
  Subscriber subscriber_;
  Hydrator hydrator_;
  Sender sender_;
  std::unique_ptr<Verification> verification_;     ///< Null: none is wanted.
  Backoff backoff_;

  State state_ = State::stopped;
  bool is_online_ = true;                          ///< The application's word.
  std::optional<bool> is_network_active_;          ///< As last reported.
  bool is_named_ = false;                          ///< The sender knows the device's name.
  bool was_ready_ = false;                         ///< Ready was reported since the start.
  std::deque<client::SyncedRecord> buffer_;        ///< Received while hydrating.
  bool has_overflowed_ = false;
  std::optional<Tick> retry_at_;                   ///< When to connect again.
  std::optional<Tick> resync_at_;                  ///< When to hydrate again while live.
  std::optional<Tick> scheduled_;                  ///< The earliest wake that was asked for.
  Time now_{};
  Effects effects_;
};

void Engine::Parts::on(const event::Start&) {
  if (state_ != State::stopped) return;
  enter(State::offline);
  report_outbox();
  if (!is_online_) return report_network(false);
  connect();
}

void Engine::Parts::on(const event::Stop&) {
  if (state_ == State::stopped) return;
  disconnect();
  sender_.reset();
  verification_.reset();
  retry_at_.reset();
  scheduled_.reset();
  is_network_active_.reset();
  was_ready_ = false;
  enter(State::stopped);
}

void Engine::Parts::on(const event::Online& event) {
  const bool is_changed = is_online_ != event.is_online;
  is_online_ = event.is_online;
  if (state_ == State::stopped) return;
  if (!is_online_) {
    disconnect();
    retry_at_.reset();
    if (is_changed) report_network(false);
  } else if (state_ == State::offline) {
    backoff_.reset();
    connect();
  }
}

void Engine::Parts::on(event::Saved& event) {
  if (state_ == State::stopped || event.records.empty()) return;
  for (auto& record : event.records) {
    effects_.push_back(effect::Report{OutboxEnqueued{record.model->name, std::move(record.key)}});
  }
  report_outbox();
  pump();
}

void Engine::Parts::on(const event::Wake&) {
  if (scheduled_ && now_.ticks >= *scheduled_) scheduled_.reset();
  if (state_ == State::stopped) return;
  if (state_ == State::offline) {
    if (retry_at_ && now_.ticks >= *retry_at_) connect();
    return;
  }
  if (auto outcome = subscriber_.on_wake(now_); outcome.lost) return follow(std::move(outcome));
  hydrator_.on_wake(now_, effects_);
  if (verification_) follow(verification_->on_wake(now_, effects_));
  if (state_ == State::live && resync_at_ && now_.ticks >= *resync_at_) return resync();
  pump();
}

void Engine::Parts::on(const event::Reply& event) {
  if (hydrator_.owns(event.id)) return hydrator_.on_reply(now_, event.response, effects_);
  if (verification_ && verification_->owns(event.id)) {
    return follow(verification_->on_reply(now_, event.response, effects_));
  }
  if (!sender_.owns(event.id)) return;
  if (const auto taken = sender_.on_reply(now_, event.id, event.response, effects_); !taken) return fail(taken.error());
  pump();
}

/// Everything that is asked of the service depends on what is selected: a new connection asks for it anew.
void Engine::Parts::on(event::Selected& event) {
  if (event.selection == selection_) return;
  const bool is_connected = state_ != State::stopped && state_ != State::offline;
  if (is_connected) disconnect();
  selection_ = std::move(event.selection);
  subscriber_.forget_refusals();
  if (const auto noted = hydrator_.reselect(); !noted) return fail(noted.error());
  if (is_connected) connect();
}

void Engine::Parts::on(const event::PageReady&) {
  if (state_ == State::hydrating) return go_on_hydrating();
  pump();
}

void Engine::Parts::enter(State state) {
  if (state == state_) return;
  state_ = state;
  if (ports_.log.takes(LogLevel::info)) {
    ports_.log.write(LogLevel::info, "sync", "state", {{"state", std::string(name(state))}});
  }
}

void Engine::Parts::connect() {
  retry_at_.reset();
  if (const auto named = name_device(); !named) return fail(named.error());
  enter(State::connecting);
  if (const auto opened = subscriber_.open(now_, effects_); !opened) lose(opened.error());
}

/// Gives up what depends on the socket. Requests under way may still be answered: their replies are taken.
void Engine::Parts::disconnect() {
  subscriber_.close(effects_);
  hydrator_.cancel();
  if (verification_) verification_->interrupt();
  sender_.pause();
  hydrator_.on_disconnected();
  buffer_.clear();
  has_overflowed_ = false;
  resync_at_.reset();
  enter(State::offline);
}

void Engine::Parts::lose(const Error& reason) {
  if (ports_.log.takes(LogLevel::warning)) {
    ports_.log.write(LogLevel::warning, "sync", "lost", {{"code", std::string(name(reason.code))}});
  }
  disconnect();
  report_network(false);
  const bool is_refused = reason.code == Code::unauthorized || reason.code == Code::invalid_argument;
  if (is_refused) effects_.push_back(failed(reason, "subscribe", nullptr));
  if (is_online_) retry_at_ = now_.ticks + (is_refused ? backoff_.longest() : backoff_.next());
}

void Engine::Parts::follow(Subscriber::Outcome outcome) {
  if (outcome.lost) return lose(*outcome.lost);
  if (outcome.is_acknowledged) {
    enter(State::subscribing);
    report_network(true);
  }
  if (outcome.is_established) {
    effects_.push_back(effect::Report{SubscriptionsEstablished{}});
    hydrate();
  }
  if (!outcome.inbound.empty()) receive(std::move(outcome.inbound));
}

void Engine::Parts::receive(std::vector<client::SyncedRecord> inbound) {
  if (state_ == State::live) {
    if (const auto applied = apply(std::move(inbound)); !applied) fail(applied.error());
    return;
  }
  if (has_overflowed_) return;
  std::move(inbound.begin(), inbound.end(), std::back_inserter(buffer_));
  if (buffer_.size() <= buffer_max) return;
  buffer_.clear();
  has_overflowed_ = true;
}

/// What was refused may be allowed by now: subscriptions first, as ever.
void Engine::Parts::resync() {
  if (!subscriber_.has_refused()) return hydrate();
  resync_at_.reset();
  sender_.pause();
  enter(State::subscribing);
  subscriber_.ask_again(now_, effects_);
}

void Engine::Parts::hydrate() {
  resync_at_.reset();
  sender_.pause();
  has_overflowed_ = false;
  enter(State::hydrating);
  if (const auto started = hydrator_.start(now_, effects_); !started) return fail(started.error());
  if (hydrator_.is_done()) effects_.push_back(effect::Continue{});
}

/// One transaction: a page, or a part of the buffer, or what follows them.
void Engine::Parts::go_on_hydrating() {
  if (!hydrator_.is_done()) {
    if (const auto applied = hydrator_.on_page_ready(now_, effects_); !applied) return fail(applied.error());
    if (hydrator_.is_done()) effects_.push_back(effect::Continue{});
    return;
  }
  if (has_overflowed_) return hydrate();
  if (buffer_.empty()) return go_live();
  std::vector<client::SyncedRecord> part;
  while (!buffer_.empty() && part.size() < replay_rows) {
    part.push_back(std::move(buffer_.front()));
    buffer_.pop_front();
  }
  if (const auto applied = apply(std::move(part)); !applied) return fail(applied.error());
  effects_.push_back(effect::Continue{});
}

void Engine::Parts::go_live() {
  const bool is_partial = hydrator_.has_left_out() || subscriber_.has_refused();
  const auto until_next = is_partial ? backoff_.longest() : hydrator_.until_next_base(now_.wall);
  resync_at_ = now_.ticks + until_next;
  hydrator_.cancel();
  backoff_.reset();
  enter(State::live);
  effects_.push_back(effect::Report{SyncQueriesReady{}});
  if (!std::exchange(was_ready_, true)) effects_.push_back(effect::Report{Ready{}});
  sender_.start();
  pump();
  if (verification_) follow(verification_->on_live(effects_));
}

void Engine::Parts::pump() {
  if (state_ != State::live) return;
  if (const auto pumped = sender_.pump(now_, effects_); !pumped) fail(pumped.error());
}

void Engine::Parts::on(const event::Verify& event) {
  if (verification_) return;
  verification_ = event.make(ports_, hydrator_);
  if (state_ == State::live) follow(verification_->on_live(effects_));
}

void Engine::Parts::follow(const Result<Verification::Next>& next) {
  if (!next) return fail(next.error());
  if (*next == Verification::Next::done) verification_.reset();
  if (*next == Verification::Next::hydrate && state_ == State::live) hydrate();
}

/// Once an engine: the name stays the same for the life of the database.
Result<void> Engine::Parts::name_device() {
  if (is_named_) return {};
  std::string device;
  HOLDFAST_TRY(written, ports_.storage.write([&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(known, transaction.setting(device_setting));
    device = known ? *known : uuid(ports_.random);
    return known ? Result<void>() : transaction.set_setting(device_setting, device);
  }));
  sender_.set_device(std::move(device));
  is_named_ = true;
  return {};
}

Result<void> Engine::Parts::apply(std::vector<client::SyncedRecord> records) {
  Applied applied;
  bool looks_again = false;
  const auto body = [&](client::Transaction& transaction) -> Result<void> {
    for (const auto& record : records) {
      HOLDFAST_TRY(verdict, hydrator_.judge(now_, transaction, record));
      if (verdict == Hydrator::Verdict::outrun) continue;
      looks_again = looks_again || verdict == Hydrator::Verdict::doubtful;
      HOLDFAST_TRY(reconciled, reconcile(transaction, selection_, record, applied));
    }
    return {};
  };
  HOLDFAST_TRY(written, ports_.storage.write(client::Commit::lazy, body));
  if (looks_again && resync_at_) resync_at_ = std::min(*resync_at_, now_.ticks + Hydrator::look_again_after);
  if (!applied.changes.empty()) effects_.push_back(effect::Changed{std::move(applied.changes)});
  return {};
}

/// The storage failed: what came from the service is fetched again after the longest delay.
void Engine::Parts::fail(const Error& error) {
  effects_.push_back(failed(error, "sync", nullptr));
  disconnect();
  report_network(false);
  if (is_online_) retry_at_ = now_.ticks + backoff_.longest();
}

void Engine::Parts::report_network(bool is_active) {
  if (is_network_active_ == is_active) return;
  is_network_active_ = is_active;
  effects_.push_back(effect::Report{NetworkStatus{is_active}});
}

void Engine::Parts::report_outbox() {
  const auto size = ports_.storage.outbox_size();
  if (size) effects_.push_back(effect::Report{OutboxStatus{*size == 0}});
}

/// Asks for one wake, at the earliest time any part needs one. An earlier wake that is on its way serves as well.
void Engine::Parts::schedule() {
  if (state_ == State::stopped) return;
  std::optional<Tick> earliest;
  const auto verify_at = verification_ ? verification_->wake_at() : std::nullopt;
  for (const auto at :
       {retry_at_, resync_at_, subscriber_.wake_at(), hydrator_.wake_at(), sender_.wake_at(), verify_at}) {
    if (at && (!earliest || *at < *earliest)) earliest = at;
  }
  if (!earliest || (scheduled_ && *scheduled_ <= *earliest)) return;
  scheduled_ = earliest;
  effects_.push_back(effect::WakeAt{*earliest});
}

Engine::Engine(const Schema& schema, client::Storage& storage, Random& random, Log& log, Setup setup)
    : parts_(std::make_unique<Parts>(schema, storage, random, log, std::move(setup))) {}
Engine::~Engine() = default;

Effects Engine::step(Time now, Event event) { return parts_->step(now, std::move(event)); }
State Engine::state() const noexcept { return parts_->state(); }
bool Engine::has_under_way(const ModelSchema& model, const Key& key) const { return parts_->has_under_way(model, key); }

}  // namespace holdfast::sync
