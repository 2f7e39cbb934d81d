// A program that lives on an Asio loop: input is read by it and every callback of the store is delivered on it, so
// that the program's own state needs no lock. Writes are made on a pool, which keeps the disk off the loop.
//
//   example_asio [DATABASE]
//
// Each line of input is "RATING TITLE…" and becomes a post; the three best are shown after every change.

#include <holdfast/datastore.h>

#include <unistd.h>

#include <boost/asio.hpp>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "blog.h"  // Made from schema.graphql by holdfast_generate_models().

namespace {

namespace asio = boost::asio;
using blog::Post;
using blog::PostStatus;

// [asio.open]
/// A store whose observers, live queries and events call back on `loop`. The loop must outlive the store.
holdfast::Result<holdfast::DataStore> open_on(asio::io_context& loop, const std::string& path) {
  holdfast::StoreOptions options;
  options.path = path;
  options.delivery = holdfast::Delivery::on_executor;
  options.executor = [&loop](std::function<void()> task) { asio::post(loop, std::move(task)); };
  return holdfast::DataStore::open(blog::schema(), std::move(options));
}
// [/asio.open]

/// The program. Everything but save() runs on the loop's thread.
class Board {
 public:
  Board(asio::io_context& loop, holdfast::DataStore store)
      : store_(std::move(store)), input_(loop, ::dup(STDIN_FILENO)), loop_thread_(std::this_thread::get_id()) {}

  holdfast::Result<void> begin() {
    HOLDFAST_TRY(watch, store_.observe_query<Post>(
        {}, {.sort = {descending(Post::fields::rating)}, .limit = 3},
        [this](const holdfast::Snapshot<Post>& snapshot) { show(snapshot); }));
    watch_ = std::move(watch);
    read();
    return {};
  }

 private:
  void show(const holdfast::Snapshot<Post>& snapshot) const {
    std::cout << (std::this_thread::get_id() == loop_thread_ ? "best" : "elsewhere");
    for (const auto& post : snapshot.items) std::cout << " | " << post.rating << " " << post.title;
    std::cout << std::endl;
  }

  void read() {
    asio::async_read_until(input_, asio::dynamic_buffer(buffer_), '\n',
                           [this](const boost::system::error_code& failed, std::size_t size) {
                             if (failed) return end();
                             const auto line = buffer_.substr(0, size - 1);
                             buffer_.erase(0, size);
                             asio::post(writers_, [this, line] { save(line); });
                             read();
                           });
  }

  void save(const std::string& line) {
    std::istringstream words(line);
    Post post{.title = {}, .rating = 0, .status = PostStatus::ACTIVE};
    words >> post.rating;
    std::getline(words >> std::ws, post.title);
    if (const auto saved = store_.save(post); !saved) std::cerr << saved.error().message << std::endl;
  }

  /// After the last line: what waits is written, what that changes is shown, and then the loop has nothing to do.
  void end() { writers_.join(); }

  holdfast::DataStore store_;
  asio::posix::stream_descriptor input_;
  asio::thread_pool writers_{1};
  std::string buffer_;
  const std::thread::id loop_thread_;
  holdfast::Subscription watch_;  // Last, so that it ends before anything its callback uses.
};

}  // namespace

int main(int count, char** words) {
  asio::io_context loop;
  auto store = open_on(loop, count > 1 ? words[1] : "");
  if (!store) {
    std::cerr << store.error().message << "\n";
    return 1;
  }
  Board board(loop, std::move(*store));
  if (const auto begun = board.begin(); !begun) {
    std::cerr << begun.error().message << "\n";
    return 1;
  }
  loop.run();
}
