// The backend beside another GraphQL server that answers the same operations, over loopback HTTP. bench/peers.py starts
// the other one.
//
//   peers_bench FOLDER NAME PORT TIMES
#include <cstdlib>

#include "base/json.h"
#include "bench/backend.h"
#include "bench/load.h"
#include "bench/measure.h"
#include "sqlite/memory.h"

namespace holdfast::bench {
namespace {

constexpr std::size_t callers = 64;
constexpr std::size_t posts = 1000;
constexpr const char* key_header = "x-api-key: da2-bench\r\n";  // The AppSync simulator wants one.

std::string request(std::string_view document, Value variables) {
  return Load::post(json::write(Value(Object{{"query", std::string(document)}, {"variables", std::move(variables)}})), key_header);
}

std::string created(const std::string& id, std::int64_t number) {
  return request("mutation Create($input: CreatePostInput!) { createPost(input: $input) { id title rating status createdAt updatedAt } }",
                 Value(Object{{"input", Object{{"id", id}, {"title", "A title of ordinary length, number " + std::to_string(number)},
                                               {"rating", number}, {"status", "ACTIVE"}}}}));
}

std::string updated(const std::string& id, std::int64_t rating) {
  return request("mutation Update($input: UpdatePostInput!) { updatePost(input: $input) { id title rating status createdAt updatedAt } }",
                 Value(Object{{"input", Object{{"id", id}, {"rating", rating}}}}));
}

std::string got(const std::string& id) {
  return request("query Get($id: ID!) { getPost(id: $id) { id title rating status createdAt updatedAt } }", Value(Object{{"id", id}}));
}

std::string listed() {
  return request("query List($limit: Int) { listPosts(limit: $limit) { items { id title rating status createdAt updatedAt } nextToken } }",
                 Value(Object{{"limit", std::int64_t{100}}}));
}

/// Errors come with status 200.
void be_sound(std::size_t, std::string_view body) {
  if (body.find("\"error") != std::string_view::npos || body.find("\"data\"") == std::string_view::npos) {
    give_up("refused: " + std::string(body));
  }
}

/// The same requests for both: what each of them answers is theirs.
class Peers {
 public:
  Peers(const std::string& file, std::string name, std::uint16_t port)
      : name_(std::move(name)), backend_(file, {.conflict = server::ConflictStrategy::none}), ours_(backend_.port(), callers), theirs_(port, callers) {
    const auto random = system_random();
    for (std::size_t at = 0; at < posts; ++at) ids_.push_back(uuid(*random));
    for (auto* load : {&ours_, &theirs_}) {
      std::size_t at = 0;
      load->run(posts, [&](std::size_t) { return created(ids_[at++], 5); }, be_sound);
    }
  }

  void compare(const std::string& question, std::size_t operations, const std::function<std::string(const std::string& id)>& next) {
    std::size_t asked = 0;
    const auto turn = [&](Load& load) {
      return load.run(operations, [&](std::size_t) { return next(ids_[++asked % posts]); }, be_sound);
    };
    run({.question = question + ", 64 callers",
         .limit = name_,
         .operations = static_cast<double>(operations),
         .turns = 5,
         .ours = [&] { return turn(ours_); },
         .theirs = [&] { return turn(theirs_); }});
  }

 private:
  std::string name_;
  Backend backend_;
  Load ours_;
  Load theirs_;
  std::vector<std::string> ids_;
};

/// `times`: how many times the requests that a slow one answers in a turn.
void compare_all(const std::filesystem::path& folder, const std::string& name, std::uint16_t port, std::size_t times) {
  Peers peers(fresh(folder, "peers.db"), name, port);
  const auto random = system_random();
  std::int64_t number = 0;
  peers.compare("`getPost`", 4000 * times, got);
  peers.compare("`listPosts` of 100", 400 * times, [](const std::string&) { return listed(); });
  peers.compare("`createPost`", 2000 * times, [&](const std::string&) { return created(uuid(*random), ++number); });
  peers.compare("`updatePost`", 2000 * times, [&](const std::string& id) { return updated(id, ++number); });
}

}  // namespace
}  // namespace holdfast::bench

int main(int argc, char** argv) {
  using namespace holdfast::bench;
  holdfast::sqlite::stop_counting_memory();  // As `holdfast serve` does.
  const int times = argc == 5 ? std::atoi(argv[4]) : 0;
  if (times < 1) give_up("usage: peers_bench FOLDER NAME PORT TIMES");
  compare_all(argv[1], argv[2], static_cast<std::uint16_t>(std::atoi(argv[3])), static_cast<std::size_t>(times));
}
