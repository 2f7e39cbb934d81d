#include "server/store/deadline.h"

namespace holdfast::server {
namespace {

// Whoever asks, deep inside a read, is on the thread of the request and has no other way to it.
thread_local const ReadDeadline* current = nullptr;

}  // namespace

ReadDeadline::ReadDeadline(Clock& clock, Tick end) noexcept : clock_(clock), end_(end), outer_(current) {
  current = this;
}
ReadDeadline::~ReadDeadline() { current = outer_; }

bool ReadDeadline::has_passed() noexcept { return current != nullptr && current->clock_.ticks() >= current->end_; }

}  // namespace holdfast::server
