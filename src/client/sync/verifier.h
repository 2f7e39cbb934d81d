// Verifier: whether the device holds what the service holds, model by model, by checksums.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/sync/backoff.h"
#include "client/sync/checksum_slices.h"
#include "client/sync/ports.h"
#include "protocol/checksum.h"

namespace holdfast::sync {

/// What the device compares of one model.
struct Compared {
  const ModelSchema& model;
  const Predicate& where;
};

/// Keys with unsent changes, beyond which a model is not compared: fifty questions.
inline constexpr std::size_t unsent_max = 50 * protocol::except_max;
/// The keys with unsent changes; of more than unsent_max: limit_exceeded. Codes: the storage's.
Result<std::vector<Key>> unsent_keys(client::Storage& storage, const ModelSchema& model);

/// Of the device's rows that satisfy `where`, but for those with the keys in `except`. Reads every row. Codes: the storage's.
Result<protocol::Checksum> local_checksum(client::Storage& storage, const Compared& compared,
                                          const std::vector<std::string>& fields, const std::vector<Key>& except);

/// The POST of a question, signed.
HttpRequest checksum_request(const SyncOptions& options, const protocol::ChecksumQuestion& question);

/// Asks for the checksum of one model after the other, slice by slice, and compares it with the device's when it has come.
/// What differs is asked for again after a while, since a change may be on its way; a few times. A service that does not
/// know the question is asked once. Passive and not thread-safe; bound: one request at a time.
class Verifier {
 public:
  /// Comparisons of one model before it is said to differ.
  static constexpr int tries_max = 3;
  static constexpr Milliseconds pause{2'000};

  explicit Verifier(const Ports& ports)
      : ports_(ports), backoff_(ports.random, ports.options.retry_delay_min, ports.options.retry_delay_max) {}

  /// Of these models; null for all that are synced.
  Result<void> start(const std::set<std::string>* models, Effects& effects);
  void cancel();

  [[nodiscard]] bool is_running() const noexcept { return is_running_; }
  [[nodiscard]] bool owns(ExchangeId id) const noexcept { return is_running_ && in_flight_ == id; }
  /// Codes: the storage's.
  Result<void> on_reply(Time now, const Result<HttpResponse>& reply, Effects& effects);
  Result<void> on_wake(Time now, Effects& effects);
  [[nodiscard]] std::optional<Tick> wake_at() const noexcept { return is_running_ ? retry_at_ : std::nullopt; }
  /// What was found, when it does not run any more.
  [[nodiscard]] const std::vector<VerifiedModel>& found() const noexcept { return found_; }

 private:
  Result<void> ask(Effects& effects);
  Result<void> prepare();
  Result<void> compare(Time now, const protocol::ChecksumPart& last);
  void refuse(Time now, const protocol::NoChecksum& none);
  void settle(VerifiedModel model);
  void forget_slices();

  const Ports ports_;
  Backoff backoff_;
  std::deque<const ModelSchema*> queue_;
  std::vector<VerifiedModel> found_;
  std::vector<Key> unsent_;               ///< Of the first in the queue.
  std::deque<ChecksumSlice> slices_;      ///< Of it; the first is asked about.
  protocol::ChecksumQuestion question_;
  protocol::Checksum remote_;             ///< The parts that have come.
  int tries_ = 0;
  ExchangeId in_flight_ = 0;
  std::optional<Tick> retry_at_;
  bool is_running_ = false;
};

}  // namespace holdfast::sync
