// A game's loop: sixty frames a second, and the store's callbacks run inside poll(), once a frame, on the loop's own
// thread. Between two frames the process sleeps in the kernel until the next one is due or there is input.
//
//   example_poll [DATABASE]
//
// Each line of input is "PLAYER POINTS"; the board is drawn in the frames in which it changed.

#include <holdfast/datastore.h>

#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <sstream>
#include <string>

#include "scores.h"  // Made from scores.graphql by holdfast_generate_models().

namespace {

using scores::Score;
using FrameClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds frame_time{16};

/// Standard input, read as it comes: a game never waits for a line.
class Input {
 public:
  /// Waits for input until `end`. False when there will be no more.
  bool wait_until(FrameClock::time_point end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - FrameClock::now());
    pollfd keys{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&keys, 1, static_cast<int>(left.count())) <= 0) return true;
    char bytes[512];
    const auto size = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (size <= 0) return false;
    text_.append(bytes, static_cast<std::size_t>(size));
    return true;
  }
  bool take_line(std::string& line) {
    const auto end = text_.find('\n');
    if (end == std::string::npos) return false;
    line = text_.substr(0, end);
    text_.erase(0, end + 1);
    return true;
  }

 private:
  std::string text_;
};

class Game {
 public:
  explicit Game(holdfast::DataStore store) : store_(std::move(store)) {}

  holdfast::Result<void> begin() {
    HOLDFAST_TRY(board, store_.observe_query<Score>(
        {}, {.sort = {descending(Score::fields::points)}, .limit = 3},
        [this](const holdfast::Snapshot<Score>& snapshot) {
          board_ = snapshot;
          is_changed_ = true;
        }));
    watch_ = std::move(board);
    return {};
  }

  // [poll.frame]
  /// One frame: the world moves, the store speaks, what changed is drawn.
  void frame(Input& input) {
    for (std::string line; input.take_line(line);) play(line);
    store_.poll();  // Runs the callbacks that wait, here and now; returns at once when there are none.
    if (is_changed_) draw();
    is_changed_ = false;
  }
  // [/poll.frame]

 private:
  void play(const std::string& line) {
    Score score;
    if (!(std::istringstream(line) >> score.player >> score.points)) {
      std::cout << "write PLAYER POINTS" << std::endl;
      return;
    }
    if (const auto saved = store_.save(score); !saved) std::cout << saved.error().message << std::endl;
  }
  void draw() const {
    std::cout << "board";
    for (const auto& score : board_.items) std::cout << " | " << score.player << " " << score.points;
    std::cout << std::endl;
  }

  holdfast::DataStore store_;
  holdfast::Snapshot<Score> board_;  // Shares its rows with the store: keeping it copies none.
  bool is_changed_ = false;
  holdfast::Subscription watch_;
};

}  // namespace

int main(int count, char** words) {
  // [poll.open]
  holdfast::StoreOptions options;
  options.path = count > 1 ? words[1] : "";
  options.delivery = holdfast::Delivery::by_poll;
  auto store = holdfast::DataStore::open(scores::schema(), options);
  // [/poll.open]
  if (!store) {
    std::cerr << store.error().message << "\n";
    return 1;
  }
  Game game(std::move(*store));
  if (const auto begun = game.begin(); !begun) {
    std::cerr << begun.error().message << "\n";
    return 1;
  }
  Input input;
  for (bool is_open = true; is_open;) {
    const auto next = FrameClock::now() + frame_time;
    game.frame(input);
    while (is_open && FrameClock::now() < next) is_open = input.wait_until(next);
  }
  game.frame(input);  // What the last input changed.
}
