// Authorizer's part for devices whose clock is wrong: a signature is made again at the service's time.
#include <utility>

#include "client/auth/authorizer.h"

namespace holdfast::auth {

/// Whether what was refused was signed at a time that is known to be wrong by now. Once a request: a service whose
/// Date changes from answer to answer would otherwise be asked without end.
bool Authorizer::may_retime(const Work& work) const {
  return work.mode() == AuthMode::iam && !work.is_retimed && work.offset != clock_.offset();
}

/// A handshake is the first that is sent, and its refusal carries no time. Whether the service has to be asked what
/// time it is, before anything else is made of the refusal.
bool Authorizer::asks_time() {
  if (!connection_ || connection_->mode() != AuthMode::iam || clock_.is_known()) return false;
  if (std::exchange(is_asking_time_, true)) return true;
  effects_.push_back(time_question_);
  return true;
}

/// Whether the answer was to asks_time().
bool Authorizer::takes_time(const sync::event::Reply& event) {
  if (event.response) clock_.take(now_.wall, event.response->headers);
  if (event.id != time_question_.id) return false;
  is_asking_time_ = false;
  auto refusal = std::exchange(refused_handshake_, std::nullopt);
  if (!connection_ || !refusal) return true;
  if (clock_.offset() != connection_->offset) {
    connecting_ = {connection_->at, connection_->is_renewed};
    lose_socket(Code::unavailable, "this device's clock is wrong: the next handshake is signed at the service's time");
  } else if (on_connection_refused()) {
    inbox_.push_back(std::move(*refusal));
  }
  return true;
}

}  // namespace holdfast::auth
