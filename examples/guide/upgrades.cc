#include <iostream>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "examples/guide/guide.h"

namespace guide {
namespace {

/// A file that the version before has left, whose posts had a headline and no rating.
class Upgrades : public ::testing::Test {
 protected:
  Upgrades() {
    auto& fields = before_.models.at(0).fields;
    for (auto& field : fields) {
      if (field.name == "rating") field.name = "headline", field.scalar = holdfast::Scalar::string;
    }
    before_.models.at(0).indexes.clear();
    auto store = holdfast::client::open_sqlite_storage(before_, {.path = path_}).value();
    holdfast::Record post(before_.models.at(0));
    post["id"] = "p1";
    post["title"] = "";
    post["headline"] = "Hello";
    post["status"] = "DRAFT";
    store->write([&](holdfast::client::Transaction& to) { return to.put(post, {.version = 1}); }).value();
  }

  holdfast::client::ScratchFolder folder_;
  std::string path_ = folder_.file("blog.db");
  holdfast::Schema before_ = blog::schema();
};

TEST_F(Upgrades, AreDecidedByTheApplication) {
  const auto& path = path_;
  // [upgrades.decide]
  holdfast::StoreOptions options;
  options.path = path;
  options.upgrade.on_loss = [](const std::vector<holdfast::SchemaLoss>& losses) {
    for (const auto& loss : losses) {
      std::cerr << loss.text() << "\n";  // Post.headline is removed, which 12 rows and 1 unsent change do not survive
      if (loss.unsent > 0) return holdfast::UpgradeDecision::refuse;
    }
    return holdfast::UpgradeDecision::drop_what_is_lost;
  };
  auto store = holdfast::DataStore::open(blog::schema(), options);
  // [/upgrades.decide]
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ(store->count<Post>().value(), 0U) << "the post has no rating: it goes until the service sends it again";
}

TEST_F(Upgrades, MayFillInValues) {
  holdfast::StoreOptions options{.path = path_};
  options.upgrade.on_loss = [](const auto&) { return holdfast::UpgradeDecision::drop_what_is_lost; };
  // [upgrades.fill]
  options.upgrade.fill_row = [](const holdfast::Object& was, holdfast::Record& row) {
    if (row.model->name != "Post") return;
    row["rating"] = 0;                  // a required field that is new
    row["title"] = was.at("headline");  // a field of another name
  };
  // [/upgrades.fill]
  auto store = holdfast::DataStore::open(blog::schema(), std::move(options));
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ(store->get<Post>("p1").value()->title, "Hello");
  EXPECT_EQ(store->get<Post>("p1").value()->rating, 0);
}

TEST_F(Upgrades, AreRefusedWithEveryLoss) {
  const auto refused = holdfast::DataStore::open(blog::schema(), {.path = path_});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, holdfast::Code::schema_error);
}

}  // namespace
}  // namespace guide
