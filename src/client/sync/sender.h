// Sender: sends the outbox to the service, one entry of a record at a time, oldest first.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/sync/ports.h"
#include "client/sync/reconciler.h"
#include "client/sync/send_order.h"
#include "client/sync/waits.h"
#include "protocol/replies.h"

namespace holdfast::sync {

/// An entry is marked as sent before its request leaves, carries the same name through all its tries (device and
/// entry), and is dropped in the transaction that applies its outcome: a crash at any point sends it again, and the
/// service writes it once. The version is the newest known at the time of sending.
///
/// Outcomes. Success: reply applied, entry dropped. What refusals come to stands in one table, outcome.h. What is kept
/// waits: all entries, when the reply says nothing of this one (no network, throttling); else this one alone, and what has
/// to leave after it. What is given up moves to the dead letters, and is reported with the local record; the row returns
/// to the service's state, which is asked for when the refusal did not carry it. Entries behind it stay, but for those of
/// a record that will not be created: they move along.
/// Passive and not thread-safe.
class Sender {
 public:
  /// Different records under way at once: enough to fill a slow line, few enough to lose little when it breaks.
  static constexpr std::size_t window = 16;
  /// Places that must be free before a long outbox is looked through again: each look costs a transaction.
  static constexpr std::size_t refill = 4;
  /// Entries looked at in one transaction for one that may leave; the head always may.
  static constexpr std::size_t lookahead = 1024;
  /// Refused entries that wait for another try, each of which takes a hundred bytes: with so many nothing behind them is
  /// looked for.
  static constexpr std::size_t waiting_max = 65'536;
  /// Refusals of one entry after which the service's record wins without asking.
  static constexpr int attempts_max = 10;

  explicit Sender(const Ports& ports) : ports_(ports), waits_(ports) {}

  /// Names this device in requests. Before start().
  void set_device(std::string id) { device_ = std::move(id); }
  /// Lets entries leave from the next pump() on, without waiting for an earlier delay.
  void start();
  /// No new requests; those under way are still taken.
  void pause() noexcept { is_running_ = false; }
  /// Forgets what is under way; it will be sent again.
  void reset();

  /// Marks and sends what may leave. Codes: the storage's.
  Result<void> pump(Time now, Effects& effects);
  [[nodiscard]] bool owns(ExchangeId id) const { return flights_.contains(id); }
  /// Codes: the storage's; the entry then stays and is sent again.
  Result<void> on_reply(Time now, ExchangeId id, const Result<HttpResponse>& reply, Effects& effects);
  [[nodiscard]] std::optional<Tick> wake_at() const { return is_running_ ? waits_.next_end() : std::nullopt; }
  /// A change of the record has left, and its answer has not come.
  [[nodiscard]] bool has_under_way(const ModelSchema& model, const Key& key) const;

 private:
  /// An entry that may leave, and what is known at this time.
  struct Chosen {
    client::OutboxEntry entry;
    client::Stored stored;
  };
  struct Flight {
    client::OutboxEntry entry;
    bool is_question = false;   ///< A get query for the service's state of a refused entry.
  };
  /// What becomes of an entry that leaves the outbox.
  struct End {
    std::optional<client::SyncedRecord> answer = {};   ///< The service's state of the key; null: none.
    std::optional<protocol::ReplyError> refusal = {};  ///< Null: the change was taken.
  };
  /// Of a refused entry, while the service is asked for its record.
  struct Question {
    protocol::ReplyError refusal;
    bool is_discard = false;    ///< The conflict handler has decided already.
  };

  using Admits = std::function<Result<bool>(const client::OutboxEntry&)>;
  /// Where the search has come to behind entries that may not leave now. They are not looked at again before an answer
  /// comes or a wait is over.
  struct Search {
    FarSendOrder order;
    std::int64_t after = 0;
  };

  Result<bool> choose(client::Transaction& transaction, std::vector<Chosen>& chosen);
  Result<bool> look_near(client::Transaction& transaction, std::vector<Chosen>& chosen);
  Result<bool> look_far(client::Transaction& transaction, std::vector<Chosen>& chosen);
  Result<bool> look(client::Transaction& transaction, std::int64_t& after, const Admits& admits,
                    std::vector<Chosen>& chosen) const;
  void look_again_at(const client::OutboxEntry& entry);
  static Result<void> mark(client::Transaction& transaction, std::vector<Chosen>& chosen);
  void send(const Chosen& chosen, Effects& effects);
  void ask(const client::OutboxEntry& entry, Effects& effects);
  [[nodiscard]] bool may_leave(std::int64_t entry) const;

  Result<void> on_answer(Time now, const client::OutboxEntry& entry, const Result<HttpResponse>& reply,
                         Effects& effects);
  Result<void> on_refusal(Time now, const client::OutboxEntry& entry, protocol::ReplyError refusal, Effects& effects);
  Result<void> on_conflict(const client::OutboxEntry& entry, const protocol::ReplyError& refusal,
                           client::SyncedRecord remote, Effects& effects);
  void discard(const client::OutboxEntry& entry, const protocol::ReplyError& refusal);
  Result<void> replace(const client::OutboxEntry& entry, client::SyncedRecord remote, const Record& chosen,
                       Effects& effects);
  Result<void> retry(const client::OutboxEntry& entry, const client::SyncedRecord& remote, Effects& effects);
  Result<void> give_up_removal(const client::OutboxEntry& removal, client::OutboxEntry update,
                               const client::SyncedRecord& remote, Effects& effects);
  void delay(Time now, const client::OutboxEntry& entry, const protocol::ReplyError& error, Effects& effects);
  Result<void> end(const client::OutboxEntry& entry, End end, Effects& effects);
  Result<void> leave(client::Transaction& transaction, const client::OutboxEntry& entry, End& end) const;
  void report_end(const client::OutboxEntry& entry, const End& end, std::optional<Record> local,
                  Effects& effects) const;
  Result<Record> local_record(const client::OutboxEntry& entry) const;

  const Ports ports_;
  Waits waits_;
  std::string device_;
  bool is_running_ = false;
  Instant wall_{};                             ///< Of the present event.
  std::map<ExchangeId, Flight> flights_;
  std::optional<Search> search_;               ///< Null: from the head.
  std::map<std::int64_t, int> attempts_;       ///< Refusals that were answered by another try.
  std::map<std::int64_t, Question> questions_; ///< Refused entries whose record must be asked for.
};

}  // namespace holdfast::sync
