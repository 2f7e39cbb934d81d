// What the chapters share: a store in memory, and the names of the blog.
#pragma once

#include <gtest/gtest.h>
#include <holdfast/datastore.h>

#include <string>
#include <utility>
#include <vector>

#include "blog.h"

namespace guide {

using blog::Comment;
using blog::Label;
using blog::Place;
using blog::Post;
using blog::PostLabels;
using blog::PostStatus;
using blog::Stock;

inline std::vector<std::string> titles(const std::vector<Post>& posts) {
  std::vector<std::string> out;
  for (const auto& post : posts) out.push_back(post.title);
  return out;
}

class Guide : public ::testing::Test {
 protected:
  Post saved(std::string title, int rating) {
    return store.save(Post{.title = std::move(title), .rating = rating, .status = PostStatus::PUBLISHED}).value();
  }

  holdfast::DataStore store = holdfast::DataStore::open(blog::schema()).value();
};

}  // namespace guide
