// Handles of relations: what they read, when, and what they say when they cannot.
#include "client/relations_testing.h"

namespace holdfast {
namespace {

using namespace relations;
using client::testing::texts;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class RelatedTest : public client::testing::RelationsTest {};
INSTANTIATE_TEST_SUITE_P(Stores, RelatedTest, ::testing::Values("", "relations.db"), client::testing::store_name);

// R01
TEST_P(RelatedTest, AnInstanceThatWasNeverSavedIsRelatedToNothing) {
  save(Comment{.content = "without a post"});
  EXPECT_EQ(store->related(Comment{}, Comment::fields::post).get().value(), std::nullopt);
  EXPECT_EQ(store->related(Post{}, Post::fields::cover).get().value(), std::nullopt);
  EXPECT_THAT(store->related(Post{}, Post::fields::comments).all().value(), IsEmpty());
  EXPECT_THAT(store->related(Post{}, Post::fields::tags).all().value(), IsEmpty());
  EXPECT_THAT(store->related(Hall{}, Hall::fields::seats).all().value(), IsEmpty());
}

// R02, R03, R19
TEST_P(RelatedTest, LeadsToTheRightRecordsByImplicitAndWrittenKeys) {
  const auto post = save(Post{.title = "p"});
  const auto other = save(Post{.title = "q"});
  const auto comment = save(Comment{.content = "a", .post = post});
  save(Comment{.content = "b", .post = post});
  save(Comment{.content = "c", .post = other});
  const auto cover = save(Cover{.picture = "sea", .postId = post.id});
  EXPECT_EQ(store->related(comment, Comment::fields::post).get().value(), post);
  EXPECT_EQ(store->related(cover, Cover::fields::post).get().value(), post);
  EXPECT_EQ(store->related(post, Post::fields::cover).get().value(), cover);
  EXPECT_EQ(store->related(other, Post::fields::cover).get().value(), std::nullopt);
  EXPECT_THAT(texts(store->related(post, Post::fields::comments).all().value(), &Comment::content), ElementsAre("a", "b"));
}

// R19
TEST_P(RelatedTest, FollowsAOneToOneFromEachSideByItsOwnKey) {
  auto desk = save(Desk{.room = "12"});
  const auto person = save(Person{.name = "Ann", .desk = desk});
  EXPECT_EQ(store->related(person, Person::fields::desk).require().value().room, "12");
  EXPECT_EQ(store->related(desk, Desk::fields::owner).get().value(), std::nullopt) << "its key was not set";
  desk.owner = person;
  EXPECT_EQ(store->related(save(desk), Desk::fields::owner).require().value().name, "Ann");
}

// R04
TEST_P(RelatedTest, CrossesAManyToManyInBothDirections) {
  std::vector<Post> posts;
  std::vector<Tag> tags;
  for (const auto* name : {"1", "2", "3"}) {
    posts.push_back(save(Post{.title = name}));
    tags.push_back(save(Tag{.label = name}));
  }
  for (const auto& post : posts) {
    for (const auto& tag : tags) save(PostTag{.post = post, .tag = tag});
  }
  save(PostTag{.post = posts[0], .tag = tags[0]});  // Twice the same: still one tag of the post.
  const auto lonely = save(Tag{.label = "lonely"});
  const RelatedOptions<Tag> sorted{.sort = {descending(Tag::fields::label)}, .page_size = 2};
  auto handle = store->related(posts[0], Post::fields::tags, sorted);
  EXPECT_THAT(texts(handle.all().value(), &Tag::label), ElementsAre("3", "2", "1"));
  EXPECT_THAT(texts(handle.page(1).value(), &Tag::label), ElementsAre("1"));
  EXPECT_THAT(texts(store->related(posts[0], Post::fields::tags, {.where = Tag::fields::label > "1"}).all().value(), &Tag::label),
              ElementsAre("2", "3"));
  EXPECT_EQ(store->related(posts[0], Post::fields::tags.links).all().value().size(), 4U);
  EXPECT_THAT(texts(store->related(tags[1], Tag::fields::posts).all().value(), &Post::title), ElementsAre("1", "2", "3"));
  EXPECT_THAT(store->related(lonely, Tag::fields::posts).all().value(), IsEmpty());
}

// R04
TEST_P(RelatedTest, MakesConditionsOnTheOtherEnd) {
  const auto good = save(Post{.title = "good", .rating = 5});
  const auto poor = save(Post{.title = "poor", .rating = 1});
  save(Comment{.content = "a", .post = good});
  save(Comment{.content = "b", .post = poor});
  save(Comment{.content = "c"});
  save(PostTag{.post = poor, .tag = save(Tag{.label = "x"})});
  EXPECT_THAT(texts(store->query<Comment>(Comment::fields::post.has(Post::fields::rating > 4)).value(), &Comment::content),
              ElementsAre("a"));
  EXPECT_THAT(texts(store->query<Comment>(!Comment::fields::post.has()).value(), &Comment::content), ElementsAre("c"));
  const auto tagged = Post::fields::tags.has(Tag::fields::label == "x");
  EXPECT_THAT(texts(store->query<Post>(tagged).value(), &Post::title), ElementsAre("poor"));
  EXPECT_THAT(texts(store->query<Comment>(Comment::fields::post.has(tagged)).value(), &Comment::content), ElementsAre("b"));
  EXPECT_THAT(texts(store->related(good, Post::fields::comments, {.where = Comment::fields::post.has(tagged)}).all().value(),
                    &Comment::content),
              IsEmpty());
}

TEST_P(RelatedTest, FindsWhatIsRelatedByAnIndex) {
  std::vector<std::string> plans;
  const RowReader noting = [&](const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) {
    plans.push_back(::testing::PrintToString(store->explain_records(model, query).value()));
    return store->query_records(model, query, sink);
  };
  const auto post = save(Post{.title = "p"}).to_record();
  const auto hall = save(Hall{.city = "Oslo", .number = 1}).to_record();
  for (const auto& route : {Post::fields::comments.route(), Post::fields::tags.route(), Post::fields::cover.route()}) {
    ASSERT_TRUE(Related(noting, route, post).read({.limit = 10}, [](Record&) {}));
  }
  for (const auto& route : {Hall::fields::seats.route(), Hall::fields::shows.route()}) {
    ASSERT_TRUE(Related(noting, route, hall).read({.limit = 10}, [](Record&) {}));
  }
  EXPECT_THAT(plans, SizeIs(5)) << "one query each";
  const bool is_file = *GetParam() != '\0';
  if (!is_file) return;
  EXPECT_THAT(plans, Each(Not(HasSubstr("SCAN"))));
}

// R05
TEST_P(RelatedTest, ReadsARelationToOneOnceAndKeepsIt) {
  auto post = save(Post{.title = "before"});
  const auto comment = save(Comment{.content = "a", .post = post});
  auto handle = store->related(comment, Comment::fields::post);
  EXPECT_FALSE(handle.is_loaded());
  post.title = "at the first call";
  save(post);
  EXPECT_EQ(handle.require().value().title, "at the first call");
  EXPECT_TRUE(handle.is_loaded());
  post.title = "after";
  save(post);
  EXPECT_EQ(handle.require().value().title, "at the first call");
  EXPECT_EQ(store->related(comment, Comment::fields::post).require().value().title, "after");
}

// R06, R22
TEST_P(RelatedTest, PagesWhatAHandleNarrowsAndSorts) {
  const auto post = save(Post{.title = "p"});
  for (const auto* text : {"b", "e", "a", "d", "c", "x"}) save(Comment{.content = text, .post = post});
  save(Comment{.content = "of none"});
  auto handle = store->related(post, Post::fields::comments,
                               {.where = Comment::fields::content != "x",
                                .sort = {ascending(Comment::fields::content)}, .page_size = 2});
  EXPECT_THAT(texts(handle.next().value(), &Comment::content), ElementsAre("a", "b"));
  EXPECT_THAT(texts(handle.next().value(), &Comment::content), ElementsAre("c", "d"));
  EXPECT_TRUE(handle.has_next());
  EXPECT_THAT(texts(handle.next().value(), &Comment::content), ElementsAre("e"));
  EXPECT_FALSE(handle.has_next());
  EXPECT_THAT(handle.next().value(), IsEmpty());
  EXPECT_THAT(texts(handle.page(0).value(), &Comment::content), ElementsAre("a", "b"));
  EXPECT_THAT(handle.page(7).value(), IsEmpty());
  EXPECT_EQ(handle.all().value().size(), 5U);
  EXPECT_EQ(store->related(post, Post::fields::comments).next().value().size(), 6U) << "a page is 100 unless told";
  auto pageless = store->related(post, Post::fields::comments, {.page_size = 0});
  EXPECT_EQ(pageless.next().error().code, Code::invalid_argument);
  EXPECT_TRUE(pageless.has_next());
}

// R08, R23
TEST_P(RelatedTest, FollowsAChangedKeyWhenAskedAnew) {
  const auto post = save(Post{.title = "p"});
  const auto next = save(Post{.title = "q"});
  auto comment = save(Comment{.content = "a", .post = post});
  comment = store->save(Comment::copy_of(comment, [&](Comment& draft) { draft.post = next; })).value();
  EXPECT_EQ(store->related(comment, Comment::fields::post).get().value(), next);
  EXPECT_THAT(store->related(post, Post::fields::comments).all().value(), IsEmpty());
  EXPECT_EQ(store->related(next, Post::fields::comments).all().value().size(), 1U);
  comment = store->save(Comment::copy_of(comment, [](Comment& draft) { draft.post = {}; })).value();
  EXPECT_EQ(store->related(comment, Comment::fields::post).get().value(), std::nullopt);
  EXPECT_THAT(store->related(next, Post::fields::comments).all().value(), IsEmpty());
}

// R09
TEST_P(RelatedTest, CarriesEveryPartOfACompositeKey) {
  const auto north = save(Hall{.city = "Oslo", .number = 1, .name = "North"});
  const auto south = save(Hall{.city = "Oslo", .number = 2, .name = "South"});
  const auto seat = save(Seat{.row = "A", .place = 4, .hall = north});
  save(Seat{.row = "A", .place = 5, .hall = south});
  const auto ticket = save(Ticket{.seat = seat});
  EXPECT_EQ(seat.to_record()["hallSeatsNumber"], Value(1));
  EXPECT_EQ(store->related(seat, Seat::fields::hall).get().value(), north);
  EXPECT_EQ(store->related(ticket, Ticket::fields::seat).get().value(), seat);
  EXPECT_THAT(store->related(north, Hall::fields::seats).all().value(), ElementsAre(seat));
  const auto hamlet = save(Show{.title = "Hamlet", .year = 2026});
  save(Show{.title = "Hamlet", .year = 1999});
  save(Playing{.hall = north, .show = hamlet});
  EXPECT_THAT(store->related(north, Hall::fields::shows).all().value(), ElementsAre(hamlet));
  EXPECT_THAT(store->related(hamlet, Show::fields::halls).all().value(), ElementsAre(north));
}

// R20
TEST_P(RelatedTest, TraversesAModelThatRefersToItself) {
  const auto boss = save(Person{.name = "boss"});
  const auto ann = save(Person{.name = "Ann", .bossId = boss.id});
  save(Person{.name = "Bob", .bossId = boss.id});
  const auto eve = save(Person{.name = "Eve", .bossId = ann.id});
  const auto manager = store->related(eve, Person::fields::boss).require().value();
  EXPECT_EQ(store->related(manager, Person::fields::boss).require().value(), boss);
  EXPECT_EQ(store->related(boss, Person::fields::boss).get().value(), std::nullopt);
  EXPECT_THAT(texts(store->related(boss, Person::fields::reports).all().value(), &Person::name), ElementsAre("Ann", "Bob"));
}

// R21
TEST_P(RelatedTest, GivesOrRequiresWhatAReferenceNames) {
  const auto post = save(Post{.title = "p"});
  const auto comment = save(Comment{.content = "a", .post = post});
  EXPECT_EQ(comment.post.id(), post.id) << "the key is there without a read";
  EXPECT_EQ(Comment::from_record(comment.to_record()).post, Ref<Post>(post));
  EXPECT_EQ(store->related(comment, Comment::fields::post).require().value(), post);
  const auto none = store->related(save(Comment{.content = "b"}), Comment::fields::post).require();
  EXPECT_EQ(none.error().code, Code::not_found);
  EXPECT_THAT(none.error().message, HasSubstr("Post"));
}

// R24
TEST_P(RelatedTest, KeepsTwoRelationsToOneModelApart) {
  const auto ann = save(Person{.name = "Ann"});
  const auto bob = save(Person{.name = "Bob"});
  const auto letter = save(Letter{.text = "hi", .authorId = ann.id, .editorId = bob.id});
  EXPECT_EQ(store->related(letter, Letter::fields::author).get().value(), ann);
  EXPECT_EQ(store->related(letter, Letter::fields::editor).get().value(), bob);
  EXPECT_THAT(store->related(ann, Person::fields::written).all().value(), ElementsAre(letter));
  EXPECT_THAT(store->related(ann, Person::fields::edited).all().value(), IsEmpty());
}

// R26
TEST_P(RelatedTest, LeadsNowhereWhenTheTargetIsNotThere) {
  const auto comment = arrive(Comment{.id = "a", .content = "a", .post = Ref<Post>(Key{{"gone"}})});
  EXPECT_EQ(store->related(comment, Comment::fields::post).get().value(), std::nullopt);
  EXPECT_EQ(store->related(comment, Comment::fields::post).require().error().code, Code::not_found);
}

// The data breaks what the schema says; so it is told, not hidden by taking one.
TEST_P(RelatedTest, TellsOfSeveralRecordsWhereThereIsToBeOne) {
  const auto post = save(Post{.title = "p"});
  const auto first = save(Cover{.picture = "sea", .postId = post.id});
  save(Cover{.picture = "sky", .postId = post.id});
  auto handle = store->related(post, Post::fields::cover);
  const auto several = handle.get();
  EXPECT_EQ(several.error().code, Code::schema_error);
  EXPECT_THAT(several.error().message, HasSubstr("Data integrity error. Too many records"));
  EXPECT_FALSE(handle.is_loaded());
  ASSERT_TRUE(store->remove(first));
  EXPECT_EQ(handle.require().value().picture, "sky") << "a failed read is tried again";
}

TEST_P(RelatedTest, SeesInATransactionWhatWasWrittenBefore) {
  const auto done = store->transaction([&](Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(post, transaction.save(Post{.title = "p"}));
    HOLDFAST_TRY(comment, transaction.save(Comment{.content = "a", .post = post}));
    EXPECT_EQ(transaction.related(comment, Comment::fields::post).get().value(), post);
    EXPECT_EQ(transaction.related(post, Post::fields::comments).all().value().size(), 1U);
    EXPECT_EQ(store->related(comment, Comment::fields::post).get().value(), std::nullopt) << "not committed yet";
    return {};
  });
  EXPECT_TRUE(done);
}

TEST_P(RelatedTest, SaysThatTheStoreIsClosedWhenItIsDestroyed) {
  const auto post = save(Post{.title = "p"});
  const auto comments = store->related(post, Post::fields::comments);
  auto blog = store->related(Post{.id = "x", .blog = Ref<Blog>(Key{{"b"}})}, Post::fields::blog);
  store.reset();
  EXPECT_EQ(comments.all().error().code, Code::closed);
  EXPECT_EQ(blog.get().error().code, Code::closed);
}

TEST_P(RelatedTest, SaysWhichRelationsThereAreOfOneThatIsNot) {
  const auto post = save(Post{.title = "p"});
  const Route route{.from = &Post::model(), .relation = "author", .target = &Person::model()};
  const Related related(store->row_reader(), route, post.to_record());
  const auto wrong = related.read({}, [](Record&) {});
  EXPECT_EQ(wrong.error().code, Code::invalid_argument);
  EXPECT_THAT(wrong.error().message, HasSubstr("Post has no relation \"author\" to Person; it has blog to Blog, comments"));
  Links links(route);
  links.add(post.to_record());
  EXPECT_EQ(links.read(store->row_reader(), {}).error().code, Code::invalid_argument);
  const Route far{.from = &Post::model(), .relation = "tags", .target = &Tag::model(), .join = &PostTag::model(), .far = "x"};
  EXPECT_THAT(Related(store->row_reader(), far, post.to_record()).read({}, [](Record&) {}).error().message,
              HasSubstr("PostTag has no relation \"x\" to Tag"));
  const Route no_way_back{.from = &Person::model(), .relation = "desk", .target = &Person::model(),
                          .join = &Desk::model(), .far = "owner"};
  EXPECT_THAT(Related(store->row_reader(), no_way_back, Person{.id = "a"}.to_record()).read({}, [](Record&) {}).error().message,
              HasSubstr("Person has no relation back by \"owner\" to Desk; it has boss to Person"));
}

}  // namespace
}  // namespace holdfast
