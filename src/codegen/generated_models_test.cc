// What is generated compiles, and is used here as an application would.
#include <gtest/gtest.h>

#include "codegen/testing.h"
#include "src/codegen/testdata/connection_by_fields/models.h"
#include "src/codegen/testdata/connection_by_name/models.h"
#include "src/codegen/testdata/current_dialect/models.h"
#include "src/codegen/testdata/everything/models.h"
#include "src/codegen/testdata/post_with_enum/models.h"
#include "src/codegen/testdata/recursive/models.h"
#include "src/codegen/testdata/relations/models.h"

namespace holdfast::codegen {
namespace {

template <class M>
M round_trip(const M& instance) {
  static_assert(Model<M>);
  return M::from_record(instance.to_record());
}

template <class M>
void expect_round_trip(const M& instance) {
  EXPECT_TRUE(round_trip(instance) == instance);
  EXPECT_TRUE(round_trip(M{}) == M{});
}

/// A device has no use for descriptions, so they are not generated.
Schema without_descriptions(Schema schema) {
  const auto clear = [](auto& all) {
    for (auto& one : all) one.description.clear();
  };
  clear(schema.models);
  clear(schema.enums);
  clear(schema.embedded);
  for (auto& model : schema.models) {
    clear(model.fields);
    clear(model.relations);
  }
  for (auto& type : schema.embedded) clear(type.fields);
  return schema;
}

// G19, V41
TEST(GeneratedModels, CarryTheSchemaThatTheyWereMadeFrom) {
  EXPECT_TRUE(post_with_enum::schema() == without_descriptions(golden::schema_of("post_with_enum")));
  EXPECT_TRUE(connection_by_name::schema() == without_descriptions(golden::schema_of("connection_by_name")));
  EXPECT_TRUE(connection_by_fields::schema() == without_descriptions(golden::schema_of("connection_by_fields")));
  EXPECT_TRUE(current_dialect::schema() == without_descriptions(golden::schema_of("current_dialect")));
  EXPECT_TRUE(everything::schema() == without_descriptions(golden::schema_of("everything")));
  EXPECT_TRUE(recursive::schema() == without_descriptions(golden::schema_of("recursive")));
  EXPECT_TRUE(relations::schema() == without_descriptions(golden::schema_of("relations")));
}

TEST(GeneratedModels, RoundTripAModelWithAnEnum) {
  using post_with_enum::Post;
  using post_with_enum::PostStatus;
  const Post post{.id = "p1", .title = "My First Post", .rating = 10, .status = PostStatus::INACTIVE};
  expect_round_trip(post);
  const auto record = post.to_record();
  EXPECT_EQ(record["status"], Value("INACTIVE"));
  EXPECT_EQ(record["rating"], Value(10));
  EXPECT_TRUE(record["createdAt"].is_null());
  EXPECT_EQ(record.key().text(), "[\"p1\"]");
  EXPECT_EQ(Post::from_record(Record(Post::model())).status, std::nullopt);
  auto status = PostStatus::ACTIVE;
  EXPECT_FALSE(from_string("GONE", status));
  EXPECT_EQ(status, PostStatus::ACTIVE);
}

// V07, V10
TEST(GeneratedModels, NoteWhatAnEditChanged) {
  using post_with_enum::Post;
  const Post post{.id = "p1", .title = "a", .rating = 1};
  const auto edit = Post::copy_of(post, [](Post& draft) {
    draft.title = "b";
    draft.rating.reset();
  });
  EXPECT_EQ(edit.value.title, "b");
  ASSERT_EQ(edit.changes.size(), 2u);
  EXPECT_EQ(edit.changes[0], (FieldChange{1, Value("b")}));
  EXPECT_EQ(edit.changes[1], (FieldChange{2, Value()}));
}

// Q29, V40
TEST(GeneratedModels, ReferToRecordsThroughHiddenKeys) {
  using connection_by_name::Comment;
  using connection_by_name::Post;
  const Post post{.id = "p1", .title = "t"};
  const Comment comment{.id = "c1", .content = "Loving it", .post = post};
  expect_round_trip(comment);
  EXPECT_EQ(comment.to_record()["commentPostId"], Value("p1"));
  EXPECT_EQ(comment.post.id(), "p1");
  EXPECT_TRUE(round_trip(Comment{.id = "c2"}).post.is_null());
  const Where<Comment> of_post = Comment::fields::post == post;
  EXPECT_EQ(of_post.tree, Predicate::compare("commentPostId", Op::eq, {Value("p1")}));
}

// ST14
TEST(GeneratedModels, KeepWrittenKeysAsMembersAndCompareThemThroughTheRelation) {
  using connection_by_fields::Post;
  using connection_by_fields::PostEditor;
  using connection_by_fields::User;
  const PostEditor editor{.id = "e1", .postID = "p1", .editorID = "u1"};
  expect_round_trip(editor);
  EXPECT_EQ((PostEditor::fields::editor == User{.id = "u1"}).tree, (PostEditor::fields::editorID == "u1").tree);
  EXPECT_EQ((PostEditor::fields::post == Post{.id = "p1"}).tree, (PostEditor::fields::postID == "p1").tree);
}

// G03
TEST(GeneratedModels, JoinTheTwoSidesOfAManyToMany) {
  using namespace current_dialect;
  const PostEditor editor{.id = "e1", .post = Post{.id = "p1"}, .user = User{.id = "u1"}};
  expect_round_trip(editor);
  EXPECT_EQ(editor.to_record()["postId"], Value("p1"));
  EXPECT_EQ(editor.to_record()["userId"], Value("u1"));
  const Comment comment{.id = "c", .content = "x", .post = Post{.id = "p1"}};
  EXPECT_EQ(comment.to_record()["postCommentsId"], Value("p1"));
}

// G12
TEST(GeneratedModels, RoundTripEveryKindOfField) {
  using namespace everything;
  const Place place{.name = "Oslo", .at = {.x = 1.5, .y = -2}, .tags = {{"a", "b"}}, .mood = Mood::CALM, .value = 3};
  Everything all{.id = "1",
                 .aString = "s",
                 .anInt = -5,
                 .aFloat = 0.25,
                 .aBoolean = true,
                 .aTimestamp = 1'700'000'000'000,
                 .aJson = "{}",
                 .rInt = 7,
                 .rFloat = 1e300,
                 .rBoolean = true,
                 .rTimestamp = -1};
  all.rDateTime = "2026-01-01T00:00:00.000Z";
  all.strings = {"a", std::nullopt};
  all.rStrings = {"b", ""};
  all.booleans = {true, false};
  all.numbers = {1, std::nullopt, 3};
  all.moods = {Mood::default_, Mood::mood};
  all.home = place;
  all.rHome = place;
  all.places = {place, Place{}};
  all.mood = Mood::NULL_;
  all.rMood = Mood::CALM;
  expect_round_trip(all);
  const auto record = all.to_record();
  EXPECT_TRUE(validate(everything::schema(), record)) << validate(everything::schema(), record).error().message;
  EXPECT_EQ(record["mood"], Value("NULL"));
  EXPECT_EQ(record["moods"], Value(List{"default", "mood"}));
  EXPECT_EQ(record["home"]["at"]["x"], Value(1.5));
}

// G13, G15, ST20
TEST(GeneratedModels, GiveNamesThatCppHasAnUnderscore) {
  using everything::struct_;
  struct_ odd{
      .id = "1", .class_ = "c", .model_ = 1, .fields_ = 2, .Mood_ = everything::Mood::CALM, .std_ = "s", .record = "r"};
  odd.next = struct_{.id = "2"};
  expect_round_trip(odd);
  EXPECT_EQ(odd.to_record()["class"], Value("c"));
  EXPECT_EQ(odd.to_record()["structNextId"], Value("2"));
  EXPECT_EQ((struct_::fields::class_ == "c").tree, Predicate::compare("class", Op::eq, {Value("c")}));
}

// V39, V40, G01, G02
TEST(GeneratedModels, ReferToCompositeKeysAsAWhole) {
  using namespace everything;
  const Library library{.city = "Oslo", .branch = "North", .floor = 2};
  const Book book{.id = "b", .title = "t", .library = library, .seal = Seal{.id = "s"}};
  expect_round_trip(book);
  EXPECT_EQ(book.to_record()["libraryBooksFloor"], Value(2));
  EXPECT_EQ(round_trip(book).library.key(), library.to_record().key());
  const Where<Book> of_library = Book::fields::library == library;
  EXPECT_EQ(of_library.tree, Predicate::all_of({Predicate::compare("libraryBooksCity", Op::eq, {Value("Oslo")}),
                                                Predicate::compare("libraryBooksBranch", Op::eq, {Value("North")}),
                                                Predicate::compare("libraryBooksFloor", Op::eq, {Value(2)})}));
}

TEST(GeneratedModels, HaveAConstantForEveryRelation) {
  using namespace relations;
  static_assert(ToOneField<decltype(Comment::fields::post)> && !ToManyField<decltype(Comment::fields::post)>);
  static_assert(ToOneField<decltype(Post::fields::cover)> && ToOneField<decltype(Person::fields::desk)>);
  static_assert(ToManyField<decltype(Post::fields::comments)> && ToManyField<decltype(Post::fields::tags)>);
  static_assert(!RelationField<decltype(Post::fields::title)>);
  const Where<Comment> liked = Comment::fields::post.has(Post::fields::rating > 4);
  EXPECT_EQ(liked.tree, Predicate::related("post", Predicate::compare("rating", Op::gt, {4})));
  EXPECT_EQ(Post::fields::comments.has().tree, Predicate::related("comments", {}));
  EXPECT_EQ(Post::fields::cover.has(Cover::fields::picture == "sea").tree,
            Predicate::related("cover", (Cover::fields::picture == "sea").tree));
  const Where<Post> tagged = Post::fields::tags.has(Tag::fields::label == "x");
  EXPECT_EQ(tagged.tree, Predicate::related("tags", Predicate::related("tag", (Tag::fields::label == "x").tree)));
  for (const auto& where : {liked.tree, Comment::fields::replies.has().tree}) {
    EXPECT_TRUE(check(where, Comment::model(), relations::schema()));
  }
  EXPECT_TRUE(check(tagged.tree, Post::model(), relations::schema()));
}

TEST(GeneratedModels, KeepImpliedKeysThatNoRelationOfTheirsStandsFor) {
  const everything::Box box{.id = "b", .shelfBoxesId = "s"};
  expect_round_trip(box);
}

TEST(GeneratedModels, RoundTripTypesThatContainThemselves) {
  using namespace recursive;
  const Section leaf{.title = "Leaf"};
  Section chapter{.title = "Chapter", .parts = {leaf, leaf}};
  chapter.notes = std::vector<Boxed<Section>>{Section{.title = "Note"}, std::nullopt};
  chapter.see = leaf;
  Rule rule{.text = "a", .others = {}};
  rule.join = Join{.word = Word::OR, .left = {.text = "b", .others = {}}, .right = Rule{.text = "c", .others = {}}};
  rule.others.push_back(*rule.join);
  const Outline outline{.id = "o", .root = {.title = "Root", .parts = {chapter}}, .appendices = {{leaf}}, .rule = rule};
  expect_round_trip(outline);

  auto other = outline;
  EXPECT_TRUE(other == outline);
  other.root.parts[0].see->title = "Else";
  EXPECT_FALSE(other == outline);
  EXPECT_EQ(outline.root.parts[0].see->title, "Leaf");
  other.root.parts[0].see = std::nullopt;
  EXPECT_FALSE(other.root.parts[0].see.has_value());
  EXPECT_FALSE((*other.root.parts[0].notes)[1]);
}

TEST(Boxed, TakesAPartOfItself) {
  using recursive::Section;
  Boxed<Section> box = Section{.title = "a"};
  box->see = Section{.title = "b"};
  box = box->see;
  EXPECT_EQ(box->title, "b");
  box->see = Section{.title = "c"};
  box = std::move(box->see);
  EXPECT_EQ(box->title, "c");
  box.reset();
  EXPECT_TRUE(box == Boxed<Section>());
}

}  // namespace
}  // namespace holdfast::codegen
