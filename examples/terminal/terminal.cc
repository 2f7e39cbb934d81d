// Posts in a terminal: commands in, answers and a live log of every change out. Works without a network; with an
// endpoint, two terminals see each other's posts.
//
//   example_terminal [--database FILE] [--endpoint URL --api-key KEY]
//
// Commands:  NEW [RATING [TITLE…]]    QUERY [rating OPERATOR NUMBER]    DELETE ALL    QUIT
// OPERATOR is one of > >= < <= = !=, as in `QUERY rating > 4`.

#include <holdfast/datastore.h>

#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>

#include "blog.h"  // Made from schema.graphql by holdfast_generate_models().

namespace {

using blog::Post;
using blog::PostStatus;
using Options = std::map<std::string, std::string>;

// Changes of the service are logged from the network's thread, answers from main's: one line at a time.
std::mutex speech;

template <class... Parts>
void say(const Parts&... parts) {
  const std::lock_guard lock(speech);
  ((std::cout << parts), ...) << std::endl;
}

std::string shown(const Post& post) {
  return "\"" + post.title + "\" rating " + std::to_string(post.rating) + " " + std::string(to_string(post.status));
}

holdfast::Subscription log_changes(holdfast::DataStore& store) {
  return store.observe<Post>([](const holdfast::Change<Post>& change) {
    const auto* origin = change.origin == holdfast::Origin::remote ? "from afar" : "here";
    say("log ", name(change.type), " ", origin, ": ", shown(change.element));
  });
}

void create(holdfast::DataStore& store, std::istringstream& words) {
  Post post{.title = "untitled", .rating = 5, .status = PostStatus::ACTIVE};
  int rating = 0;
  if (words >> rating) post.rating = rating;
  if (std::string title; std::getline(words >> std::ws, title) && !title.empty()) post.title = title;
  const auto saved = store.save(post);
  if (!saved) return say("failed: ", saved.error().message);
  say("saved ", saved->id);
}

// [terminal.where]
std::optional<holdfast::Where<Post>> rating_is(const std::string& op, int number) {
  const auto& rating = Post::fields::rating;
  if (op == ">") return rating > number;
  if (op == ">=") return rating >= number;
  if (op == "<") return rating < number;
  if (op == "<=") return rating <= number;
  if (op == "=") return rating == number;
  if (op == "!=") return rating != number;
  return std::nullopt;
}
// [/terminal.where]

void query(const holdfast::DataStore& store, std::istringstream& words) {
  std::optional<holdfast::Where<Post>> where = holdfast::Where<Post>{};
  if (std::string field, op; words >> field) {
    int number = 0;
    words >> op >> number;
    where = words && field == "rating" ? rating_is(op, number) : std::nullopt;
  }
  if (!where) return say("failed: write QUERY, or QUERY rating > 4");
  const auto posts = store.query<Post>(*where, {.sort = {descending(Post::fields::rating)}});
  if (!posts) return say("failed: ", posts.error().message);
  for (const auto& post : *posts) say("  ", shown(post));
  say("found ", posts->size());
}

void remove_all(holdfast::DataStore& store) {
  const auto removed = store.remove_all<Post>();
  if (!removed) return say("failed: ", removed.error().message);
  say("deleted ", *removed);
}

void obey(holdfast::DataStore& store, const std::string& line) {
  std::istringstream words(line);
  std::string verb, object;
  words >> verb;
  if (verb == "NEW") return create(store, words);
  if (verb == "QUERY") return query(store, words);
  if (verb == "DELETE" && words >> object && object == "ALL") return remove_all(store);
  say("failed: NEW, QUERY, DELETE ALL and QUIT are understood; not ", line);
}

std::optional<Options> read_options(int count, char** words) {
  Options options;
  for (int at = 1; at < count; at += 2) {
    const std::string word = words[at];
    const bool is_known = word == "--database" || word == "--endpoint" || word == "--api-key";
    if (!is_known || at + 1 == count) return std::nullopt;
    options[word] = words[at + 1];
  }
  return options;
}

}  // namespace

int main(int count, char** words) {
  auto options = read_options(count, words);
  if (!options) {
    std::cerr << "usage: example_terminal [--database FILE] [--endpoint URL --api-key KEY]\n";
    return 2;
  }
  // Without a file the posts are kept in memory.
  auto store = holdfast::DataStore::open(blog::schema(), {.path = (*options)["--database"]});
  if (!store) {
    std::cerr << store.error().message << "\n";
    return 1;
  }
  const auto log = log_changes(*store);
  if (const auto& endpoint = (*options)["--endpoint"]; !endpoint.empty()) {
    const auto started = store->start({.endpoint = endpoint, .auth = holdfast::api_key((*options)["--api-key"])});
    if (!started) {
      std::cerr << started.error().message << "\n";
      return 1;
    }
  }
  say("ready");
  for (std::string line; std::getline(std::cin, line) && line != "QUIT";) obey(*store, line);
}
