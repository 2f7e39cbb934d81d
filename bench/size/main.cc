// What every client does: open, start, save, query and observe.
#include <cstdio>

#include "blog.h"
#include "holdfast/datastore.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  auto store = holdfast::DataStore::open(blog::schema(), {.path = argv[1]}).value();
  const auto watching = store.observe<blog::Post>(
      [](const holdfast::Change<blog::Post>& change) { std::printf("%s\n", change.element.title.c_str()); });
  store.start({.endpoint = argv[2], .auth = holdfast::api_key("key")}).value();
  store.save(blog::Post{.title = "first", .rating = 5, .status = blog::PostStatus::ACTIVE}).value();
  for (const auto& post : store.query<blog::Post>(blog::Post::fields::rating > 4).value()) std::printf("%s\n", post.title.c_str());
  return 0;
}
