#include "apps/cli/child_process.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "apps/cli/child_spawn.h"

namespace holdfast::cli {
namespace {

using Clock = std::chrono::steady_clock;

// How often it is looked whether the child has ended: what it left behind may keep its answer open.
constexpr auto look_while_it_answers = Milliseconds(50);
constexpr auto look_after_its_answer = Milliseconds(5);

constexpr std::size_t pipe_bytes = 65'536;  // Of Linux, unless it is told otherwise.

std::string ending(int status) {
  if (WIFSIGNALED(status)) return "it was ended by signal " + std::to_string(WTERMSIG(status));
  return "it ended with code " + std::to_string(WEXITSTATUS(status));
}

std::string seconds_text(Milliseconds time) {
  if (time.count() % 1000 != 0) return std::to_string(time.count()) + " ms";
  return std::to_string(time.count() / 1000) + " seconds";
}

/// A child that runs, and what it has said so far.
class Conversation {
 public:
  Conversation(const ChildRun& run, Child child, Descriptor answer, Descriptor complaints)
      : run_(run), child_(std::move(child)), answer_(std::move(answer)), complaints_(std::move(complaints)) {}

  ChildReply hear() {
    std::optional<int> status;
    while (!reply_.failure && !(status = child_.status())) {
      read_some(std::min(left(), answer_.is_open() ? look_while_it_answers : look_after_its_answer));
    }
    if (!reply_.failure) take_last_words();
    if (!reply_.failure && status && (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0)) {
      reply_.failure = Error{Code::rejected, ending(*status)};
    }
    return std::move(reply_);
  }

 private:
  [[nodiscard]] Milliseconds left() const {
    return std::max(std::chrono::ceil<Milliseconds>(deadline_ - Clock::now()), Milliseconds(0));
  }

  void read_some(Milliseconds patience) {
    std::array<pollfd, 2> waiting{pollfd{answer_.number(), POLLIN, 0}, pollfd{complaints_.number(), POLLIN, 0}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(patience.count()));
    if (waiting[0].revents != 0) read_answer();
    if (waiting[1].revents != 0) read_complaints();
    if (left().count() > 0 || reply_.failure) return;
    reply_.failure = Error{Code::timed_out, "no answer within " + seconds_text(run_.patience)};
  }

  void read_answer() {
    const auto count = read_into(answer_, reply_.answer);
    if (count < 0) reply_.failure = from_errno("cannot read the answer", errno);
    if (reply_.answer.size() <= run_.answer_bytes_max) return;
    reply_.failure = Error{Code::limit_exceeded,
                           "the answer is longer than " + std::to_string(run_.answer_bytes_max >> 20U) + " MiB"};
    reply_.answer.clear();
  }

  void read_complaints() {
    auto& text = reply_.complaints;
    if (read_into(complaints_, text) < 0) complaints_.close();
    if (text.size() > complaints_bytes_max) text.erase(0, text.size() - complaints_bytes_max);
  }

  /// What has been said before the end, and nothing of what processes say that the child left behind: a pipe holds no
  /// more than one read takes.
  void take_last_words() {
    std::array<pollfd, 2> ready{pollfd{answer_.number(), POLLIN, 0}, pollfd{complaints_.number(), POLLIN, 0}};
    ::poll(ready.data(), ready.size(), 0);
    if (ready[0].revents != 0) read_answer();
    if (ready[1].revents != 0) read_complaints();
  }

  /// How much came; 0 closes at the end.
  static ssize_t read_into(Descriptor& from, std::string& text) {
    std::array<char, pipe_bytes> buffer;
    auto count = ::read(from.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) return 1;
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0) from.close();
    return count;
  }

  const ChildRun& run_;
  const Clock::time_point deadline_ = Clock::now() + run_.patience;
  Child child_;
  Descriptor answer_;
  Descriptor complaints_;
  ChildReply reply_;
};

Result<ChildReply> reply_of(const ChildRun& run) {
  HOLDFAST_TRY(input, input_file(run.input));
  HOLDFAST_TRY(answer, Pipe::make());
  HOLDFAST_TRY(complaints, Pipe::make());
  HOLDFAST_TRY(child, spawn(run, ::fileno(input.get()), answer.writing.number(), complaints.writing.number()));
  answer.writing.close();
  complaints.writing.close();
  return Conversation(run, std::move(child), std::move(answer.reading), std::move(complaints.reading)).hear();
}

}  // namespace

ChildReply run_child(const ChildRun& run) {
  auto reply = reply_of(run);
  return reply ? *std::move(reply) : ChildReply{.failure = std::move(reply).error()};
}

Result<std::string> answer_of(const std::vector<std::string>& words, const std::string& input,
                              std::chrono::seconds patience) {
  auto reply = run_child({.words = words, .input = input, .patience = patience});
  if (reply.failure) return *std::move(reply.failure);
  return std::move(reply.answer);
}

}  // namespace holdfast::cli
