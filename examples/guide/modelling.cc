#include "client/storage/sqlite/scratch_folder.h"
#include "examples/guide/guide.h"

namespace guide {
namespace {

using Modelling = Guide;

TEST_F(Modelling, APostIsAPlainStruct) {
  // [modelling.aggregate]
  Post post{.title = "Hello", .rating = 5, .status = PostStatus::PUBLISHED};
  post.tags = {"first", "short"};
  post.place = Place{.city = "Ghent", .latitude = 51.05};
  post.publishedAt = "2026-11-21T09:30:00Z";
  // [/modelling.aggregate]
  const auto stored = store.save(post).value();
  EXPECT_FALSE(stored.id.empty());
  EXPECT_EQ(store.get<Post>(stored.id).value(), stored);
  EXPECT_EQ(stored.place->city, "Ghent");
}

TEST_F(Modelling, AnEnumSpeaksTheWordsOfTheSchema) {
  // [modelling.enum]
  PostStatus status{};
  const bool is_known = from_string("PUBLISHED", status);
  const auto word = to_string(PostStatus::DRAFT);
  // [/modelling.enum]
  EXPECT_TRUE(is_known);
  EXPECT_EQ(status, PostStatus::PUBLISHED);
  EXPECT_EQ(word, "DRAFT");
}

TEST_F(Modelling, AWrongValueIsRefusedBeforeAnythingIsWritten) {
  // [modelling.refused]
  const auto refused = store.save(Post{.title = "Hello", .rating = 5, .publishedAt = "yesterday"});
  if (!refused) {
    // The code is for the program, the message for people: it names the model, the field and what would fit.
    EXPECT_EQ(refused.error().code, holdfast::Code::invalid_argument);
    EXPECT_NE(refused.error().message.find("Post.publishedAt"), std::string::npos);
  }
  // [/modelling.refused]
  EXPECT_FALSE(refused);
  EXPECT_EQ(store.count<Post>().value(), 0U);
}

TEST_F(Modelling, AKeyOfSeveralParts) {
  // [modelling.composite]
  store.save(Stock{.warehouse = "north", .product = "chair", .count = 4}).value();
  const auto chairs = store.get<Stock>("north", "chair").value();
  // [/modelling.composite]
  ASSERT_TRUE(chairs);
  EXPECT_EQ(chairs->count, 4);
}

TEST_F(Modelling, AStoreOnAFile) {
  const holdfast::client::ScratchFolder folder;
  const auto path = folder.file("blog.db");
  // [modelling.open]
  auto opened = holdfast::DataStore::open(blog::schema(), {.path = path});
  if (!opened) {
    // storage_failed, disk_full, corrupt, schema_error: the message says which file, and what to do.
    FAIL() << name(opened.error().code) << ": " << opened.error().message;
  }
  holdfast::DataStore& kept = *opened;
  // [/modelling.open]
  EXPECT_TRUE(kept.save(Label{.name = "news"}));
  EXPECT_EQ(kept.count<Label>().value(), 1U);
}

}  // namespace
}  // namespace guide
