// Two models in the form that codegen gives, as small as the predicates need.
#pragma once

#include <holdfast/datastore.h>

struct Post {
  std::string id{};
  std::int32_t rating{};
  static const holdfast::ModelSchema& model();
  [[nodiscard]] holdfast::Record to_record() const;
  static Post from_record(holdfast::Record&& record);
  struct fields {
    static constexpr holdfast::Field<Post, std::string> id{"id"};
    static constexpr holdfast::Field<Post, std::int32_t> rating{"rating"};
  };
};

struct Comment {
  std::string id{};
  holdfast::Ref<Post> post{};
  static const holdfast::ModelSchema& model();
  [[nodiscard]] holdfast::Record to_record() const;
  static Comment from_record(holdfast::Record&& record);
  struct fields {
    static constexpr holdfast::Field<Comment, std::string> id{"id"};
    static constexpr holdfast::RefField<Comment, Post> post{"post", {"postCommentsId"}};
  };
};
