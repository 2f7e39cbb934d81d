// Post and Comment of the blog schema in the form that codegen gives, for tests of the typed door.
#pragma once

#include <optional>
#include <string>

#include "holdfast/relation.h"
#include "model/testing.h"

namespace holdfast::client::testing {

/// blog_schema(), with an index on Post by rating.
inline const Schema& typed_schema() {
  static const Schema schema = [] {
    auto made = holdfast::testing::blog_schema();
    made.models[0].indexes = {{.name = "byRating", .fields = {"rating"}}};
    return made;
  }();
  return schema;
}

struct Post {
  std::string id{};
  std::string title{};
  std::optional<std::int32_t> rating{};

  friend bool operator==(const Post&, const Post&) = default;
  static const ModelSchema& model() { return typed_schema().models[0]; }
  [[nodiscard]] Record to_record() const {
    return holdfast::testing::record(model(), {{"id", id}, {"title", title}, {"rating", to_value(rating)}});
  }
  static Post from_record(Record&& record) {
    Post post;
    from_value(std::move(record["id"]), post.id);
    from_value(std::move(record["title"]), post.title);
    from_value(std::move(record["rating"]), post.rating);
    return post;
  }
  struct fields {
    static constexpr Field<Post, std::string> title{"title"};
    static constexpr Field<Post, std::optional<std::int32_t>> rating{"rating"};
  };
};

struct Comment {
  std::string id{};
  std::string content{};
  Ref<Post> post{};

  friend bool operator==(const Comment&, const Comment&) = default;
  static const ModelSchema& model() { return typed_schema().models[1]; }
  [[nodiscard]] Record to_record() const {
    return holdfast::testing::record(model(), {{"id", id}, {"content", content}, {"postCommentsId", post.part(0)}});
  }
  static Comment from_record(Record&& record) {
    Comment comment;
    from_value(std::move(record["id"]), comment.id);
    from_value(std::move(record["content"]), comment.content);
    comment.post = Ref<Post>(key_of_parts({std::move(record["postCommentsId"])}));
    return comment;
  }
  struct fields {
    static constexpr Field<Comment, std::string> content{"content"};
    static constexpr RefField<Comment, Post> post{"post", {"postCommentsId"}};
  };
};

}  // namespace holdfast::client::testing
