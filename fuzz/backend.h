// A backend in memory for the targets that talk to one: the same at every start, so that each input is a whole story.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "api/document.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "schema/schema_reader.h"
#include "server/server.h"
#include "server/store/memory/memory_store.h"

namespace holdfast::fuzz {

class StillClock final : public Clock {
 public:
  Instant wall() override { return from_epoch_ms(1'795'244'400'000); }
  Tick ticks() override { return {}; }
  void wake_at(Tick /*at*/, std::function<void()> /*task*/) override {}
};

class CountedRandom final : public Random {
 public:
  std::uint64_t bits() override { return ++last_ * 0x9E3779B97F4A7C15U; }

 private:
  std::uint64_t last_ = 0;
};

inline const schema::Reading& blog() {
  static const auto read = std::get<schema::Reading>(schema::read_schema({{"blog", R"(
    enum Mood { HAPPY SAD }
    type Place { lat: Float! name: String tags: [String] }
    type Post @model { id: ID! title: String! rating: Int mood: Mood at: AWSDateTime home: Place tags: [String!]
      comments: [Comment] @hasMany }
    type Comment @model { id: ID! text: String! post: Post @belongsTo }
  )"}}));
  return read;
}

struct Backend {
  Backend() : store(server::memory_store(blog().schema, clock)) {
    service = *server::Server::make({blog().schema, api::document(blog(), {}), *store, clock, random, silent_log()}, {});
    // Something to find, change and page over.
    for (const char* id : {"1", "2", "3"}) {
      say(std::string(R"({"query":"mutation { createPost(input: {id: \")") + id +
          R"(\", title: \"t\", rating: 4}) { id } createComment(input: {id: \")" + id +
          R"(\", text: \"c\", postCommentsId: \"1\"}) { id } }"})");
    }
  }
  HttpResponse say(std::string body) { return service->respond({.target = "/graphql", .body = std::move(body)}); }

  StillClock clock;
  CountedRandom random;
  std::unique_ptr<server::Store> store;
  std::unique_ptr<server::Server> service;
};

}  // namespace holdfast::fuzz
