// A device of the blog, driven by lines on standard input: the whole typed API in one small program.
//
//   device DATABASE ENDPOINT API_KEY
//
// Commands:  post RATING TITLE…      comment POST_ID TEXT…     retitle POST_ID TITLE…   rate POST_ID RATING
//            uncomment COMMENT_ID    list    offline    online    quit
// It prints "ok …" or "failed …" after every command, and "saw …" and "event …" as they happen.

#include <holdfast/datastore.h>

#include <iostream>
#include <mutex>
#include <sstream>
#include <string>

#include "blog.h"  // Made from schema.graphql by holdfast_generate_models().

namespace {

using blog::Comment;
using blog::Post;
using blog::PostStatus;

// Observers speak from the network's thread, commands from main's: one line at a time.
std::mutex speech;

template <class... Parts>
void say(const Parts&... parts) {
  const std::lock_guard lock(speech);
  ((std::cout << parts), ...) << std::endl;
}

std::string shown(const Post& post) {
  return "Post " + post.id + " \"" + post.title + "\" rating " + std::to_string(post.rating);
}

std::string shown(const Comment& comment) {
  return "Comment " + comment.id + " \"" + comment.content + "\" on " + comment.post.id();
}

template <class M>
holdfast::Subscription watch(holdfast::DataStore& store) {
  return store.observe<M>([](const holdfast::Change<M>& change) {
    const auto* origin = change.origin == holdfast::Origin::remote ? "from afar: " : "here: ";
    say("saw ", name(change.type), " ", origin, shown(change.element));
  });
}

template <class M>
void answer(const holdfast::Result<M>& result) {
  if (!result) return say("failed ", result.error().message);
  say("ok ", result->id);
}

// Reads the post, lets `change` edit a copy, saves the fields that differ.
template <class F>
void edit_post(holdfast::DataStore& store, const std::string& id, F&& change) {
  const auto found = store.get<Post>(id);
  if (!found || !*found) return say("failed no post ", id);
  answer(store.save(Post::copy_of(**found, std::forward<F>(change))));
}

void remove_comment(holdfast::DataStore& store, const std::string& id) {
  const auto removed = store.remove<Comment>(Comment::fields::id == id);
  if (!removed) return say("failed ", removed.error().message);
  say("ok removed ", *removed);
}

void list(const holdfast::DataStore& store) {
  const auto posts = store.query<Post>(Post::fields::status == PostStatus::ACTIVE,
                                       {.sort = {descending(Post::fields::rating)}});
  const auto comments = store.query<Comment>();
  if (!posts || !comments) return say("failed to read");
  for (const auto& post : *posts) say("has ", shown(post));
  for (const auto& comment : *comments) say("has ", shown(comment));
  say("ok listed");
}

std::string rest_of(std::istringstream& words) {
  std::string rest;
  std::getline(words >> std::ws, rest);
  return rest;
}

void obey(holdfast::DataStore& store, const std::string& line) {
  std::istringstream words(line);
  std::string verb, id;
  words >> verb;
  int rating = 0;
  if (verb == "post") {
    words >> rating;
    answer(store.save(Post{.title = rest_of(words), .rating = rating, .status = PostStatus::ACTIVE}));
  } else if (verb == "comment") {
    words >> id;
    answer(store.save(Comment{.content = rest_of(words), .post = Post{.id = id}}));
  } else if (verb == "retitle") {
    words >> id;
    edit_post(store, id, [title = rest_of(words)](Post& draft) { draft.title = title; });
  } else if (verb == "rate") {
    words >> id >> rating;
    edit_post(store, id, [rating](Post& draft) { draft.rating = rating; });
  } else if (verb == "uncomment") {
    words >> id;
    remove_comment(store, id);
  } else if (verb == "list") {
    list(store);
  } else if (verb == "offline" || verb == "online") {
    store.set_online(verb == "online");
    say("ok ", verb);
  } else {
    say("failed unknown command: ", line);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: device DATABASE ENDPOINT API_KEY\n";
    return 2;
  }
  auto opened = holdfast::DataStore::open(blog::schema(), {.path = argv[1]});
  if (!opened) {
    std::cerr << opened.error().message << "\n";
    return 1;
  }
  auto& store = *opened;
  const auto posts = watch<Post>(store);
  const auto comments = watch<Comment>(store);
  const auto events = store.on_event([](const holdfast::SyncEvent& event) {
    const auto* status = std::get_if<holdfast::OutboxStatus>(&event);
    say("event ", name(event), status ? (status->is_empty ? " empty" : " waiting") : "");
  });
  if (auto started = store.start({.endpoint = argv[2], .auth = holdfast::api_key(argv[3])}); !started) {
    std::cerr << started.error().message << "\n";
    return 1;
  }
  for (std::string line; std::getline(std::cin, line) && line != "quit";) obey(store, line);
}
