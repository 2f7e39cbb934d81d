// Relations that are set, unset and removed: what goes with a parent, in which order, and what is sent of it.
#include "client/relations_testing.h"

namespace holdfast {
namespace {

using namespace relations;
using client::testing::texts;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class RelationWritesTest : public client::testing::RelationsTest {
 protected:
  /// The removals of every model, as observers are told of them.
  std::vector<std::string> removed;
  template <Model M>
  Subscription watch() {
    return store->observe<M>([this](const Change<M>& change) {
      if (change.type == ChangeType::removed) removed.push_back(M::model().name + " " + change.element.id);
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, RelationWritesTest, ::testing::Values("", "relations.db"), client::testing::store_name);

// R07
TEST_P(RelationWritesTest, UnsettingARelationIsSentAsNull) {
  const auto desk = save(Desk{.id = "d", .room = "12"});
  const auto person = save(Person{.id = "a", .name = "Ann", .desk = desk});
  const auto comment = save(Comment{.id = "c", .content = "x", .post = save(Post{.id = "p", .title = "p"})});
  empty_outbox();
  save(Person::copy_of(person, [](Person& draft) { draft.desk = {}; }).value);
  ASSERT_TRUE(store->save(Comment::copy_of(comment, [](Comment& draft) { draft.post = {}; })));
  EXPECT_THAT(client::testing::queued(*storage), ElementsAre(R"(update ["a"] {"personDeskId":null})",
                                                             R"(update ["c"] {"postCommentsId":null})"));
  EXPECT_EQ(store->related(store->get<Person>("a").value().value(), Person::fields::desk).get().value(), std::nullopt);
  EXPECT_TRUE(store->get<Desk>("d").value()) << "only the connection is gone";
}

// R10, R12, R15, R16
TEST_P(RelationWritesTest, ARemovalTakesEveryLevelBelowChildrenFirstEachOnce) {
  const auto blog = save(Blog{.id = "b", .name = "b"});
  const auto post = save(Post{.id = "p", .title = "p", .blog = blog});
  const auto comment = save(Comment{.id = "c", .content = "c", .post = post});
  // Reply has no relation back: its key is the only thing that says whose it is.
  save(Reply{.id = "r", .content = "r", .commentRepliesId = comment.id});
  save(Cover{.id = "v", .picture = "sea", .postId = post.id});
  const auto tag = save(Tag{.id = "t", .label = "t"});
  save(PostTag{.id = "pt", .post = post, .tag = tag});
  save(Post{.id = "other", .title = "of no blog"});
  save(Comment{.id = "free", .content = "of no post"});
  empty_outbox();
  ASSERT_TRUE(store->remove(blog).value());
  const auto sent = outbox();
  EXPECT_THAT(sent, UnorderedElementsAre("delete Reply r", "delete Comment c", "delete Cover v", "delete PostTag pt",
                                         "delete Post p", "delete Blog b"));
  const auto place = [&](const char* line) { return std::find(sent.begin(), sent.end(), line) - sent.begin(); };
  EXPECT_LT(place("delete Reply r"), place("delete Comment c"));
  EXPECT_LT(place("delete Comment c"), place("delete Post p"));
  EXPECT_LT(place("delete Cover v"), place("delete Post p"));
  EXPECT_LT(place("delete PostTag pt"), place("delete Post p"));
  EXPECT_EQ(sent.back(), "delete Blog b");
  EXPECT_THAT(texts(store->query<Tag>().value(), &Tag::id), ElementsAre("t"));
  EXPECT_THAT(texts(store->query<Post>().value(), &Post::id), ElementsAre("other"));
  EXPECT_THAT(texts(store->query<Comment>().value(), &Comment::id), ElementsAre("free"));
}

// R10
TEST_P(RelationWritesTest, ARemovalTakesWhatAHasOneOfItsOwnKeyNames) {
  const auto desk = save(Desk{.id = "d", .room = "12"});
  const auto person = save(Person{.id = "a", .name = "Ann", .desk = desk});
  empty_outbox();
  ASSERT_TRUE(store->remove(person).value());
  EXPECT_THAT(outbox(), ElementsAre("delete Desk d", "delete Person a"));
}

// R11
TEST_P(RelationWritesTest, ARemovalOfWhatBelongsLeavesTheParent) {
  const auto post = save(Post{.id = "p", .title = "p"});
  const auto cover = save(Cover{.id = "v", .picture = "sea", .postId = post.id});
  const auto desk = save(Desk{.id = "d", .room = "12", .owner = save(Person{.id = "a", .name = "Ann"})});
  empty_outbox();
  ASSERT_TRUE(store->remove(cover).value());
  ASSERT_TRUE(store->remove(desk).value());
  EXPECT_THAT(outbox(), ElementsAre("delete Cover v", "delete Desk d"));
}

// R27
TEST_P(RelationWritesTest, ARemovalOfEitherSideTakesTheRecordsBetween) {
  const auto post = save(Post{.id = "p", .title = "p"});
  const auto tag = save(Tag{.id = "t", .label = "t"});
  save(PostTag{.id = "1", .post = post, .tag = tag});
  save(PostTag{.id = "2", .post = save(Post{.id = "q", .title = "q"}), .tag = save(Tag{.id = "u", .label = "u"})});
  empty_outbox();
  ASSERT_TRUE(store->remove(tag).value());
  EXPECT_THAT(outbox(), ElementsAre("delete PostTag 1", "delete Tag t"));
  ASSERT_TRUE(store->remove<Post>(Post::fields::id == "q").value());
  EXPECT_THAT(texts(store->query<Post>().value(), &Post::id), ElementsAre("p"));
  EXPECT_THAT(store->query<PostTag>().value(), IsEmpty());
  EXPECT_THAT(texts(store->query<Tag>().value(), &Tag::id), ElementsAre("u"));
}

// R13
TEST_P(RelationWritesTest, ARemovalFollowsCompositeKeysAsAWhole) {
  const auto hall = save(Hall{.city = "Oslo", .number = 1});
  const auto next = save(Hall{.city = "Oslo", .number = 2});
  const auto seat = save(Seat{.row = "A", .place = 1, .hall = hall});
  save(Seat{.row = "A", .place = 2, .hall = next});
  save(Ticket{.id = "k", .seat = seat});
  save(Playing{.id = "y", .hall = hall, .show = save(Show{.title = "Hamlet", .year = 2026})});
  empty_outbox();
  ASSERT_TRUE(store->remove(hall).value());
  const auto sent = outbox();
  EXPECT_THAT(sent, UnorderedElementsAre("delete Ticket k", "delete Seat A 1", "delete Playing y", "delete Hall Oslo 1"));
  EXPECT_EQ(sent.back(), "delete Hall Oslo 1");
  EXPECT_THAT(store->query<Seat>().value(), SizeIs(1));
  EXPECT_THAT(store->query<Show>().value(), SizeIs(1));
}

// R14
TEST_P(RelationWritesTest, AParentOfThousandsGoesInOneTransaction) {
  constexpr std::size_t children = 2000;
  const auto post = save(Post{.id = "p", .title = "p"});
  std::vector<Comment> comments(children, Comment{.content = "x", .post = post});
  ASSERT_TRUE(store->save_all(comments));
  empty_outbox();
  const auto watch_comments = watch<Comment>();
  const auto watch_posts = watch<Post>();
  ASSERT_TRUE(store->remove(post).value());
  EXPECT_EQ(store->count<Comment>().value(), 0U);
  EXPECT_EQ(store->pending_count().value(), children + 1);
  EXPECT_THAT(removed, SizeIs(children + 1));
  EXPECT_EQ(removed.back(), "Post p");
}

// R12: as deep as the application made it.
TEST_P(RelationWritesTest, AChainOfHundredsOfGenerationsGoesFromItsEnd) {
  constexpr int generations = 300;
  std::vector<Person> people;
  for (int at = 0; at < generations; ++at) {
    people.push_back({.id = std::to_string(at), .name = "x"});
    if (at > 0) people.back().bossId = std::to_string(at - 1);
  }
  ASSERT_TRUE(store->save_all(people));
  empty_outbox();
  ASSERT_TRUE(store->remove(people.front()).value());
  const auto sent = outbox();
  ASSERT_THAT(sent, SizeIs(generations));
  EXPECT_EQ(sent.front(), "delete Person 299");
  EXPECT_EQ(sent.back(), "delete Person 0");
}

// R20
TEST_P(RelationWritesTest, ACycleEndsAndARecordBelowItselfGoesOnce) {
  const auto first = save(Person{.id = "a", .name = "a"});
  save(Person{.id = "b", .name = "b", .bossId = "a"});
  save(Person{.id = "c", .name = "c", .bossId = "b"});
  ASSERT_TRUE(store->save(Person::copy_of(first, [](Person& draft) { draft.bossId = "c"; })));
  save(Person{.id = "own", .name = "own boss", .bossId = "own"});
  empty_outbox();
  ASSERT_TRUE(store->remove(store->get<Person>("a").value().value()).value());
  EXPECT_THAT(outbox(), ElementsAre("delete Person c", "delete Person b", "delete Person a"));
  ASSERT_TRUE(store->remove(store->get<Person>("own").value().value()).value());
  EXPECT_EQ(store->count<Person>().value(), 0U);
}

// A row that two parents lead to goes once, and before both.
TEST_P(RelationWritesTest, WhatIsReachedTwiceGoesOnceBeforeBoth) {
  const auto author = save(Person{.id = "a", .name = "Ann"});
  save(Person{.id = "b", .name = "Bob", .bossId = author.id});
  save(Letter{.id = "l", .text = "hi", .authorId = "a", .editorId = "b"});
  empty_outbox();
  ASSERT_TRUE(store->remove(author).value());
  EXPECT_THAT(outbox(), ElementsAre("delete Letter l", "delete Person b", "delete Person a"));
}

// ST15
TEST_P(RelationWritesTest, ASaveThatRefersToNothingIsRefusedAndLeavesNoRow) {
  const Comment lost{.id = "c", .content = "x", .post = Ref<Post>(Key{{"p"}})};
  const auto refused = store->save(lost);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid_argument);
  EXPECT_THAT(refused.error().message, ::testing::HasSubstr(
      R"(Data integrity error: the Comment would refer by "post" to the Post ["p"], which is not in the store)"));
  EXPECT_EQ(store->count<Comment>().value(), 0U);
  EXPECT_THAT(outbox(), IsEmpty());
  ASSERT_TRUE(store->transaction([&](Transaction& open) -> Result<void> {
    HOLDFAST_TRY(parent, open.save(Post{.id = "p", .title = "p"}));
    HOLDFAST_TRY(child, open.save(lost));
    return {};
  })) << "in one transaction, the parent first";
  const auto moved = Comment::copy_of(lost, [](Comment& draft) { draft.post = Ref<Post>(Key{{"gone"}}); });
  EXPECT_EQ(store->save(moved).error().code, Code::invalid_argument);
  EXPECT_EQ(store->save(moved.value).error().code, Code::invalid_argument);
  EXPECT_THAT(outbox(), ElementsAre("create Post p", "create Comment c"));
}

// What sync brings may come before its parent, and stays the application's to change.
TEST_P(RelationWritesTest, AChildWhoseParentIsNotThereYetMayBeChanged) {
  const auto early = arrive(Comment{.id = "c", .content = "x", .post = Ref<Post>(Key{{"p"}})});
  ASSERT_TRUE(store->save(Comment::copy_of(early, [](Comment& draft) { draft.content = "y"; })));
  auto whole = early;
  whole.content = "z";
  EXPECT_EQ(store->save(whole).value().content, "z");
}

// R18
TEST_P(RelationWritesTest, ARemovalLeavesRelativesOfOthers) {
  const auto lonely = save(Post{.id = "lonely", .title = "x"});
  save(Comment{.id = "c", .content = "c", .post = save(Post{.id = "p", .title = "p"})});
  empty_outbox();
  ASSERT_TRUE(store->remove(lonely).value());
  EXPECT_THAT(outbox(), ElementsAre("delete Post lonely"));
  EXPECT_THAT(store->query<Comment>().value(), SizeIs(1));
}

// R25
TEST_P(RelationWritesTest, RelationsAreRightWhenAnObserverAsks) {
  const auto post = save(Post{.id = "p", .title = "p"});
  const auto kept = save(Comment{.id = "kept", .content = "x", .post = post});
  const auto comment = save(Comment{.id = "c", .content = "c", .post = post});
  std::vector<std::string> seen;
  const auto subscription = store->observe<Comment>([&](const Change<Comment>& change) {
    const auto of_post = store->related(post, Post::fields::comments).all().value();
    const auto parent = store->related(change.element, Comment::fields::post).get().value();
    seen.push_back(change.element.id + " of " + (parent ? parent->id : "none") + ", left " + std::to_string(of_post.size()));
  });
  std::vector<std::size_t> sizes;
  const auto live = store->observe_query<Comment>(Comment::fields::post == post, {}, [&](const Snapshot<Comment>& snapshot) {
    sizes.push_back(snapshot.items.size());
    EXPECT_EQ(store->related(post, Post::fields::comments).all().value().size(), snapshot.items.size());
  });
  ASSERT_TRUE(store->remove(comment).value());
  ASSERT_TRUE(store->remove(post).value());
  EXPECT_THAT(seen, ElementsAre("c of p, left 1", "kept of none, left 0"));
  EXPECT_THAT(sizes, ElementsAre(2, 1, 0));
}

}  // namespace
}  // namespace holdfast
