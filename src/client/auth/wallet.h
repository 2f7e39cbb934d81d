// Wallet: the credentials of every mode that the application gave, kept until they expire or are refused.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "client/sync/effects.h"
#include "protocol/signers.h"

namespace holdfast::auth {

/// Asks a mode's source once at a time; whoever needs its credentials meanwhile waits for the same answer.
/// Passive and not thread-safe.
class Wallet {
 public:
  explicit Wallet(const SyncOptions& options);

  /// Names what was issued: a refusal of what another has since replaced says nothing.
  using Issue = std::uint64_t;
  struct Held {
    protocol::Credentials credentials;
    Issue issue = 0;
  };
  struct Waiting {};  ///< The source has been asked.
  struct Nobody {};   ///< There are no credentials of this mode, or nobody is signed in.
  using Found = std::variant<const Held*, Waiting, Nobody>;

  [[nodiscard]] bool has(AuthMode mode) const { return purses_.contains(mode); }
  /// Whether a source may give others than those that were refused.
  [[nodiscard]] bool can_renew(AuthMode mode) const;
  /// No user's source has said, lately, that nobody is signed in.
  [[nodiscard]] bool is_signed_in(Tick now) const;

  /// The pointer is valid until the next call.
  Found seek(AuthMode mode, sync::Time now, sync::Effects& effects);
  /// The service did not take them.
  void refuse(AuthMode mode, Issue issue);

  /// What a source's answer meant.
  struct Answer {
    AuthMode mode;
    std::optional<Error> failure = {};  ///< It cannot tell now. Code::unauthorized: nobody is signed in.
  };
  /// Nothing for an answer that nobody waits for.
  std::optional<Answer> take(sync::Time now, sync::event::Credentials& event);
  /// Whoever waited has been served: credentials that are asked for each request are forgotten.
  void end_serving(AuthMode mode);
  /// A source that did not answer in time, when there is one.
  std::optional<Answer> overdue(Tick now);

 private:
  struct Purse {
    const Auth* auth = nullptr;
    Held held = {};
    bool is_held = false;
    std::optional<Instant> expires_at = {};
    std::optional<std::uint64_t> asked = {};  ///< The question under way.
    Tick ask_until{};
    std::optional<Tick> nobody_until = {};
  };

  Answer keep(AuthMode mode, Purse& purse, sync::Time now, sync::event::Credentials& event);
  void ask(Purse& purse, Tick now, sync::Effects& effects);

  const std::vector<Auth> auths_;
  const Milliseconds answer_timeout_;
  const Milliseconds ask_again_;
  std::map<AuthMode, Purse> purses_;
  std::uint64_t last_question_ = 0;
  Issue last_issue_ = 0;
};

}  // namespace holdfast::auth
