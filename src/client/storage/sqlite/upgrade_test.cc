// A database that is opened with another schema: what is kept, what is lost, who is asked.
#include "client/storage/sqlite/upgrade.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/storage/sqlite/scratch_folder.h"
#include "client/storage/sqlite/sqlite_storage.h"
#include "client/testing.h"
#include "model/testing.h"

namespace holdfast::client {
namespace {

using client::testing::key;
using client::testing::metadata;
using client::testing::patch;
using client::testing::queued;
using holdfast::testing::blog_schema;
using holdfast::testing::record;
using holdfast::testing::scalar;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

FieldSchema& field(Schema& schema, const char* model, const char* name) {
  for (auto& one : schema.models) {
    if (one.name == model) return one.fields.at(*one.field_index(name));
  }
  throw std::runtime_error(name);
}

void remove_field(ModelSchema& model, const char* name) {
  model.fields.erase(model.fields.begin() + static_cast<std::ptrdiff_t>(*model.field_index(name)));
}

class UpgradeTest : public ::testing::Test {
 protected:
  UpgradeTest() {
    policy.on_loss = [this](const std::vector<SchemaLoss>& losses) {
      ++asked;
      seen = losses;
      return decision;
    };
  }

  Result<std::unique_ptr<Storage>> open(const Schema& schema) {
    return open_sqlite_storage(schema, {.path = folder.file("blog.db"), .syncs_every_commit = false, .upgrade = policy});
  }
  void write(const Schema& schema, const Storage::Body& body) {
    const auto storage = open(schema);
    ASSERT_TRUE(storage) << storage.error().message;
    const auto written = (*storage)->write(body);
    ASSERT_TRUE(written) << written.error().message;
  }
  /// Two posts that the service has, the second edited here; a third that it has not been told of.
  void leave_posts() {
    const auto& old_post = was.models[0];
    write(was, [&](Transaction& to) -> Result<void> {
      HOLDFAST_TRY(first, to.put(record(old_post, {{"id", "p1"}, {"title", "one"}, {"rating", 4}, {"status", "ACTIVE"}}), metadata(3)));
      HOLDFAST_TRY(second, to.put(record(old_post, {{"id", "p2"}, {"title", "two"}}), metadata(7)));
      HOLDFAST_TRY(third, to.put(record(old_post, {{"id", "p3"}, {"title", "three"}, {"rating", 1}}), {}));
      HOLDFAST_TRY(title, append(to, "p2", Operation::update, {{"title", "two"}}));
      HOLDFAST_TRY(created, append(to, "p3", Operation::create, {{"title", "three"}, {"rating", 1}}, {}, true));
      HOLDFAST_TRY(edited, append(to, "p3", Operation::update, {{"done", true}}));
      return to.set_setting("sync:Post", R"({"startedAt":1,"fullAt":2})");
    });
  }
  Result<std::int64_t> append(Transaction& to, const char* id, Operation operation,
                              std::initializer_list<std::pair<std::string_view, Value>> fields, Predicate condition = {},
                              bool was_sent = false) {
    return to.append({.model = &was.models[0], .key = key(id), .operation = operation,
                      .changes = patch(was.models[0], fields), .condition = std::move(condition), .was_sent = was_sent});
  }
  /// After an upgrade that must succeed.
  std::unique_ptr<Storage> upgraded() {
    auto storage = open(is);
    EXPECT_TRUE(storage) << storage.error().message;
    return storage ? std::move(*storage) : nullptr;
  }
  static std::vector<std::string> ids(Storage& storage, const ModelSchema& model) {
    std::vector<std::string> found;
    EXPECT_TRUE(storage.query(model, {}, [&](Record& row) { found.push_back(*row["id"].as_string()); }));
    return found;
  }
  static Value value(Storage& storage, const ModelSchema& model, const char* id, const char* name) {
    const auto stored = storage.find(model, key(id));
    EXPECT_TRUE(stored && stored->record) << id;
    return stored && stored->record ? (*stored->record)[name] : Value();
  }
  static std::optional<std::string> setting(Storage& storage, const char* name) {
    std::optional<std::string> text;
    EXPECT_TRUE(storage.write([&](Transaction& from) -> Result<void> {
      HOLDFAST_TRY(found, from.setting(name));
      text = found;
      return {};
    }));
    return text;
  }
  /// "Post.rating 2+1": rows and unsent changes.
  [[nodiscard]] std::vector<std::string> losses() const {
    std::vector<std::string> out;
    for (const auto& loss : seen) {
      out.push_back(loss.model + "." + loss.member + " " + std::to_string(loss.rows) + "+" + std::to_string(loss.unsent));
    }
    return out;
  }
  void expect_refused(const std::string& reason) {
    const auto storage = open(is);
    ASSERT_FALSE(storage);
    EXPECT_EQ(storage.error().code, Code::schema_error);
    EXPECT_THAT(storage.error().message, ::testing::AllOf(HasSubstr(reason), HasSubstr("blog.db")));
    expect_untouched();
  }
  void expect_untouched() {
    policy = {};
    const auto storage = open(was);
    ASSERT_TRUE(storage) << storage.error().message;
    EXPECT_THAT(ids(**storage, was.models[0]), ElementsAre("p1", "p2", "p3"));
    EXPECT_THAT(queued(**storage), ElementsAre(R"(update ["p2"] {"title":"two"})",
                                               R"(create ["p3"] {"title":"three","rating":1} sent)",
                                               R"(update ["p3"] {"done":true})"));
  }

  ScratchFolder folder;
  Schema was = blog_schema();
  Schema is = blog_schema();
  const ModelSchema& post = is.models[0];
  UpgradePolicy policy;
  UpgradeDecision decision = UpgradeDecision::drop_what_is_lost;
  int asked = 0;
  std::vector<SchemaLoss> seen;
};

// --- nothing is lost -----------------------------------------------------------------------------------------

// L16: where others clear the database.
TEST_F(UpgradeTest, KeepsRowsAndUnsentChangesThroughAdditionsWithoutAsking) {
  leave_posts();
  is.models[0].fields.insert(is.models[0].fields.begin() + 1, scalar("colour", Scalar::string));
  is.models[0].indexes = {{.name = "byColour", .fields = {"colour"}}};
  field(is, "Post", "rating").scalar = Scalar::floating;
  field(is, "Post", "title").is_required = false;
  is.enums[0].values.push_back("PENDING");
  is.embedded[0].fields.push_back(scalar("country", Scalar::string));
  is.models.push_back({.name = "Tag", .plural_name = "Tags", .fields = {scalar("id", Scalar::id, true)}, .primary_key = {"id"}});
  const auto storage = upgraded();
  EXPECT_EQ(asked, 0);
  EXPECT_THAT(ids(*storage, is.models[0]), ElementsAre("p1", "p2", "p3"));
  EXPECT_EQ(value(*storage, is.models[0], "p1", "rating"), Value(4.0));
  EXPECT_EQ(value(*storage, is.models[0], "p1", "colour"), Value());
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p2"] {"title":"two"})",
                                            R"(create ["p3"] {"title":"three","rating":1} sent)",
                                            R"(update ["p3"] {"done":true})"));
}

TEST_F(UpgradeTest, AsksNobodyWhenNothingThatIsStoredIsLost) {
  leave_posts();
  remove_field(is.models[0], "score");
  is.models.pop_back();
  is.enums[0].values.pop_back();
  field(is, "Post", "rating").scalar = Scalar::aws_timestamp;
  field(is, "Comment", "postCommentsId").is_required = true;
  const auto storage = upgraded();
  EXPECT_EQ(asked, 0) << (seen.empty() ? "" : seen.front().text());
  EXPECT_THAT(ids(*storage, post), ElementsAre("p1", "p2", "p3"));
  EXPECT_EQ(value(*storage, post, "p1", "status"), Value("ACTIVE"));
}

TEST_F(UpgradeTest, AsksTheServiceOnceForAllOfAModelWhoseFieldsChanged) {
  leave_posts();
  is.models[0].fields.push_back(scalar("colour", Scalar::string));
  write(was, [](Transaction& to) -> Result<void> {
    HOLDFAST_TRY(image, to.set_setting(R"(image:Post:["p2"])", "{}"));
    HOLDFAST_TRY(other, to.set_setting(R"(image:Comment:["c"])", "{}"));
    return to.set_setting("sync:Comment", "{}");
  });
  const auto storage = upgraded();
  EXPECT_EQ(setting(*storage, "sync:Post"), R"({"isIncomplete":true})");
  EXPECT_EQ(setting(*storage, R"(image:Post:["p2"])"), std::nullopt);
  EXPECT_EQ(setting(*storage, "sync:Comment"), "{}");
  EXPECT_EQ(setting(*storage, R"(image:Comment:["c"])"), "{}");
}

TEST_F(UpgradeTest, ASchemaInAnotherOrderIsNoChange) {
  leave_posts();
  std::reverse(is.models[0].fields.begin(), is.models[0].fields.end());
  std::reverse(is.models.begin(), is.models.end());
  policy.fill_row = [](const Object&, Record&) { FAIL(); };
  const auto storage = upgraded();
  EXPECT_EQ(setting(*storage, "sync:Post"), R"({"startedAt":1,"fullAt":2})");
  EXPECT_EQ(value(*storage, *is.model("Post"), "p1", "title"), Value("one"));
}

TEST_F(UpgradeTest, IsDoneOnce) {
  leave_posts();
  is.models[0].fields.push_back(scalar("colour", Scalar::string));
  int filled = 0;
  policy.fill_row = [&](const Object&, Record&) { ++filled; };
  EXPECT_TRUE(upgraded());
  EXPECT_EQ(filled, 3);
  EXPECT_TRUE(upgraded());
  EXPECT_EQ(filled, 3);
}

// The text of a key tells 7 from 7.0.
TEST_F(UpgradeTest, KeysOfTombstonesAndUnsentChangesFollowTheirField) {
  write(was, [&](Transaction& to) -> Result<void> {
    const auto& seat = was.models[2];
    HOLDFAST_TRY(row, to.put(record(seat, {{"city", "Ulm"}, {"row", 7}, {"note", "a"}}), metadata(2)));
    HOLDFAST_TRY(gone, to.erase(seat, Key{{"Ulm", 8}}, metadata(5, true)));
    HOLDFAST_TRY(edit, to.append({.model = &seat, .key = Key{{"Ulm", 7}}, .operation = Operation::update,
                                  .changes = patch(seat, {{"note", "a"}})}));
    return {};
  });
  field(is, "Seat", "row").scalar = Scalar::floating;
  const auto storage = upgraded();
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(storage->find(is.models[2], Key{{"Ulm", 7.0}})->metadata.version, 2);
  EXPECT_EQ(storage->find(is.models[2], Key{{"Ulm", 8.0}})->metadata.version, 5);
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["Ulm",7.0] {"note":"a"})"));
}

// --- something is lost ---------------------------------------------------------------------------------------

TEST_F(UpgradeTest, RefusesByDefaultListsEveryLossAndLeavesTheFile) {
  leave_posts();
  remove_field(is.models[0], "rating");
  field(is, "Post", "status").kind = FieldKind::scalar;
  field(is, "Post", "status").scalar = Scalar::integer;
  is.models[0].fields.push_back(scalar("nick", Scalar::string, true));
  policy = {};
  const auto storage = open(is);
  ASSERT_FALSE(storage);
  EXPECT_EQ(storage.error().code, Code::schema_error);
  EXPECT_THAT(storage.error().message, HasSubstr("Post.rating is removed, which 2 rows and 1 unsent change do not survive"));
  EXPECT_THAT(storage.error().message, HasSubstr("Post.status: PostStatus becomes Int, which 1 row does not survive"));
  EXPECT_THAT(storage.error().message, HasSubstr("Post.nick: String! is added, which 3 rows and 2 unsent changes do not survive"));
  EXPECT_THAT(storage.error().message, HasSubstr("StoreOptions::upgrade.on_loss"));
  expect_untouched();
}

TEST_F(UpgradeTest, DroppingARemovedFieldKeepsTheRestOfRowsAndUnsentChanges) {
  leave_posts();
  write(was, [&](Transaction& to) -> Result<void> {
    HOLDFAST_TRY(alone, append(to, "p1", Operation::update, {{"rating", 4}}));
    HOLDFAST_TRY(asking, append(to, "p1", Operation::update, {{"title", "one"}}, Predicate::compare("rating", Op::gt, {3})));
    HOLDFAST_TRY(both, append(to, "p2", Operation::update, {{"rating", 2}, {"done", false}}));
    return {};
  });
  remove_field(is.models[0], "rating");
  const auto storage = upgraded();
  EXPECT_THAT(losses(), ElementsAre("Post.rating 2+4"));
  EXPECT_EQ(seen[0].was, "Int");
  EXPECT_EQ(seen[0].is, "");
  EXPECT_THAT(ids(*storage, post), ElementsAre("p1", "p2", "p3"));
  EXPECT_EQ(storage->find(post, key("p1"))->metadata, metadata(3));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p2"] {"title":"two"})", R"(create ["p3"] {"title":"three"} sent)",
                                            R"(update ["p3"] {"done":true})", R"(update ["p2"] {"done":false})"));
}

TEST_F(UpgradeTest, DroppingRowsThatLackAValueKeepsTheirVersionsAndEdits) {
  leave_posts();
  is.models[0].fields.push_back(scalar("nick", Scalar::string, true));
  const auto storage = upgraded();
  EXPECT_THAT(losses(), ElementsAre("Post.nick 3+2"));
  EXPECT_THAT(ids(*storage, post), IsEmpty());
  EXPECT_EQ(storage->find(post, key("p2"))->metadata, metadata(7)) << "its version must not decrease";
  EXPECT_EQ(storage->find(post, key("p3"))->metadata.version, 0);
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p2"] {"title":"two"})"))
      << "the row comes again with the next sync, and the edit upon it";
}

TEST_F(UpgradeTest, DroppingMakesNullWhatDoesNotFit) {
  leave_posts();
  is.enums[0].values = {"INACTIVE"};
  field(is, "Post", "rating").scalar = Scalar::boolean;
  field(is, "Comment", "content").is_required = false;
  const auto storage = upgraded();
  EXPECT_THAT(losses(), ElementsAre("Post.rating 2+1", "Post.status 1+0"));
  EXPECT_EQ(seen[1].text(), "Post.status: PostStatus itself has changed, which 1 row does not survive");
  EXPECT_EQ(value(*storage, post, "p1", "status"), Value());
  EXPECT_EQ(value(*storage, post, "p1", "rating"), Value());
  EXPECT_EQ(value(*storage, post, "p1", "title"), Value("one"));
}

TEST_F(UpgradeTest, DroppingAModelForgetsAllOfItAndNothingElse) {
  leave_posts();
  write(was, [&](Transaction& to) -> Result<void> {
    const auto& comment = was.models[1];
    HOLDFAST_TRY(row, to.put(record(comment, {{"id", "c"}, {"content", "x"}}), {}));
    HOLDFAST_TRY(gone, to.erase(comment, key("d"), metadata(2, true)));
    HOLDFAST_TRY(created, to.append({.model = &comment, .key = key("c"), .changes = patch(comment, {{"content", "x"}})}));
    return to.set_setting("sync:Comment", "{}");
  });
  is.models.erase(is.models.begin() + 1);
  is.models[0].relations.clear();
  const auto storage = upgraded();
  EXPECT_THAT(losses(), ElementsAre("Comment. 1+1"));
  EXPECT_EQ(seen[0].text(), "the model Comment is removed, which 1 row and 1 unsent change do not survive");
  EXPECT_EQ(queued(*storage).size(), 3U);
  EXPECT_EQ(setting(*storage, "sync:Comment"), std::nullopt);
  EXPECT_EQ(setting(*storage, "sync:Post"), R"({"startedAt":1,"fullAt":2})");
}

// What was refused is carried as what waits is, and counted as it when it is lost.
TEST_F(UpgradeTest, DeadLettersFareAsUnsentChangesDo) {
  const auto refused = [&](Transaction& to, const char* id, std::initializer_list<std::pair<std::string_view, Value>> fields)
      -> Result<void> {
    HOLDFAST_TRY(entry, append(to, id, Operation::update, fields, {}, true));
    return to.bury(entry, {.message = "why"});
  };
  write(was, [&](Transaction& to) -> Result<void> {
    HOLDFAST_TRY(first, refused(to, "p1", {{"rating", 4}}));
    return refused(to, "p2", {{"rating", 2}, {"title", "kept"}});
  });
  remove_field(is.models[0], "rating");
  const auto storage = upgraded();
  EXPECT_THAT(losses(), ElementsAre("Post.rating 0+2"));
  const auto letters = storage->dead_letters(0, 10).value();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].entry.key, key("p2"));
  EXPECT_EQ(letters[0].entry.changes, patch(post, {{"title", "kept"}}));
  EXPECT_EQ(letters[0].refusal.message, "why");
}

TEST_F(UpgradeTest, AnotherPrimaryKeyIsAnotherModel) {
  leave_posts();
  is.models[0].primary_key = {"id", "title"};
  const auto storage = upgraded();
  EXPECT_THAT(losses(), ElementsAre("Post. 3+3"));
  EXPECT_EQ(seen[0].was + " " + seen[0].is, "(id) (id, title)");
  EXPECT_THAT(ids(*storage, post), IsEmpty());
  EXPECT_THAT(queued(*storage), IsEmpty());
  EXPECT_EQ(setting(*storage, "sync:Post"), std::nullopt);
}

TEST_F(UpgradeTest, ALinkThatLeadsElsewhereIsALoss) {
  write(was, [&](Transaction& to) {
    return to.put(record(was.models[1], {{"id", "c"}, {"content", "x"}, {"postCommentsId", "p1"}}), metadata(1));
  });
  is.models[0].relations.clear();
  is.models[1].relations[0].target = "Comment";
  const auto storage = upgraded();
  EXPECT_THAT(losses(), ElementsAre("Comment.post 1+0"));
  EXPECT_EQ(value(*storage, is.models[1], "c", "postCommentsId"), Value("p1")) << "the key itself stays";
}

// L16: as others do it, when told to.
TEST_F(UpgradeTest, WipingLeavesAnEmptyDatabaseOfTheNewSchema) {
  leave_posts();
  is.models[0].primary_key = {"id", "title"};
  is.models.erase(is.models.begin() + 1);
  decision = UpgradeDecision::wipe;
  const auto storage = upgraded();
  EXPECT_THAT(ids(*storage, post), IsEmpty());
  EXPECT_THAT(queued(*storage), IsEmpty());
  EXPECT_EQ(setting(*storage, "sync:Post"), std::nullopt);
  ASSERT_TRUE(storage->write([&](Transaction& to) -> Result<void> {
    EXPECT_EQ(to.append({.model = &post, .key = Key{{"p", "t"}}, .changes = {}}).value(), 4) << "ids are not used twice";
    return to.put(record(post, {{"id", "p"}, {"title", "t"}}), {});
  }));
}

// --- fill_row ------------------------------------------------------------------------------------------------

TEST_F(UpgradeTest, FillsWhatARequiredFieldLacks) {
  leave_posts();
  is.models[0].fields.push_back(scalar("nick", Scalar::string, true));
  policy.fill_row = [](const Object& was_row, Record& row) {
    EXPECT_EQ(row.model->name, "Post");
    EXPECT_EQ(row["title"], was_row.at("title"));
    row["nick"] = "the " + *row["id"].as_string();
  };
  const auto storage = upgraded();
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(value(*storage, post, "p1", "nick"), Value("the p1"));
  EXPECT_THAT(queued(*storage), ElementsAre(R"(update ["p2"] {"title":"two"})",
                                            R"(create ["p3"] {"title":"three","rating":1,"nick":"the p3"} sent)",
                                            R"(update ["p3"] {"done":true})"))
      << "only a creation takes the value along";
}

TEST_F(UpgradeTest, FillsFromValuesThatDoNotFit) {
  leave_posts();
  field(is, "Post", "rating").scalar = Scalar::string;
  policy.fill_row = [](const Object& was_row, Record& row) {
    if (const auto* rating = was_row.at("rating").as_integer()) row["rating"] = std::to_string(*rating) + " stars";
  };
  const auto storage = upgraded();
  EXPECT_THAT(losses(), ElementsAre("Post.rating 0+1")) << "the creation's own value";
  EXPECT_EQ(value(*storage, post, "p1", "rating"), Value("4 stars"));
}

TEST_F(UpgradeTest, RefusesWhatFillRowMayNotSet) {
  leave_posts();
  is.models[0].fields.push_back(scalar("nick", Scalar::string, true));
  policy.fill_row = [](const Object&, Record& row) { row["nick"] = 7; };
  const auto wrong = open(is);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Code::invalid_argument);
  EXPECT_THAT(wrong.error().message, HasSubstr("fill_row: Post.nick: needs a value of type String"));
  policy.fill_row = [](const Object&, Record& row) { row["id"] = "other"; };
  EXPECT_THAT(open(is).error().message, HasSubstr("Post.id, which is part of the primary key"));
  expect_untouched();
}

// --- together with others ------------------------------------------------------------------------------------

TEST_F(UpgradeTest, AProcessThatDiesInTheMiddleLeavesTheOldDatabase) {
  leave_posts();
  is.models[0].fields.push_back(scalar("nick", Scalar::string, true));
  for (int rows = 1; rows <= 4; ++rows) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      int seen_rows = 0;
      policy.fill_row = [&](const Object&, Record&) {
        if (++seen_rows == rows) _exit(9);
      };
      policy.on_loss = [](const std::vector<SchemaLoss>&) -> UpgradeDecision { _exit(9); };
      static_cast<void>(open(is).has_value());
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(WEXITSTATUS(status), 9) << "it died at row " << rows << ", or when it was asked";
    auto kept = std::exchange(policy, {});
    expect_untouched();
    policy = std::move(kept);
  }
  policy.fill_row = [](const Object&, Record& row) { row["nick"] = "x"; };
  EXPECT_THAT(ids(*upgraded(), post), ElementsAre("p1", "p2", "p3"));
}

TEST_F(UpgradeTest, AStoreThatIsOpenWithTheOldSchemaWritesNoMore) {
  leave_posts();
  const auto old = open(was).value();
  is.models[0].fields.push_back(scalar("colour", Scalar::string));
  const auto storage = upgraded();
  const auto written = old->write([&](Transaction& to) {
    return to.put(record(was.models[0], {{"id", "p9"}, {"title", "late"}}), {});
  });
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::schema_error);
  EXPECT_THAT(written.error().message, HasSubstr("another process has brought the file to another schema"));
  EXPECT_EQ(old->clear().error().code, Code::schema_error);
  EXPECT_THAT(ids(*storage, post), ElementsAre("p1", "p2", "p3"));
}

}  // namespace
}  // namespace holdfast::client
