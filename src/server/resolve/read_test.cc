// Reading through the whole server: get, list, index queries, relations, sync.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/testing.h"

namespace holdfast::server {
namespace {

using ::testing::HasSubstr;
using testing::Story;
using testing::text;

constexpr const char* blog_schema = R"(
  type Blog @model { id: ID! name: String! posts: [Post] @hasMany(indexName: "byBlog", fields: ["id"]) }
  type Post @model {
    id: ID!
    title: String!
    rating: Int
    blogID: ID @index(name: "byBlog", sortKeyFields: ["title"], queryField: "postsByBlog")
    blog: Blog @belongsTo(fields: ["blogID"])
    comments: [Comment] @hasMany
  }
  type Comment @model { id: ID! content: String! post: Post @belongsTo }
)";

void add(Story& story, const std::string& type, const std::string& members) {
  story.get("mutation { create" + type + "(input: {" + members + "}) { id } }");
}

void add_blogs(Story& story) {
  add(story, "Blog", R"(id: "b1", name: "one")");
  add(story, "Blog", R"(id: "b2", name: "two")");
  add(story, "Post", R"(id: "p1", title: "c", rating: 1, blogID: "b1")");
  add(story, "Post", R"(id: "p2", title: "a", rating: 2, blogID: "b1")");
  add(story, "Post", R"(id: "p3", title: "b", rating: 3, blogID: "b1")");
  add(story, "Post", R"(id: "p4", title: "z", rating: 4, blogID: "b2")");
  for (int at = 0; at < 4; ++at) {
    add(story, "Comment", "id: \"c" + std::to_string(at) + R"(", content: "x", postCommentsId: "p1")");
  }
}

TEST(Get, GivesTheRecordOrNull) {
  Story story(blog_schema);
  add_blogs(story);
  EXPECT_EQ(text(story.get(R"({ getPost(id: "p1") { title blog { name } } })")), R"({"title":"c","blog":{"name":"one"}})");
  EXPECT_TRUE(story.get(R"({ getPost(id: "none") { title } })").is_null());
}

TEST(List, PagesThroughTheModel) {
  Story story(blog_schema);
  add_blogs(story);
  std::string token = "null";
  std::string seen;
  for (int page = 0; page < 10 && (page == 0 || token != "null"); ++page) {
    const auto got = story.get("query ($t: String) { listPosts(limit: 3, nextToken: $t) { items { id } nextToken } }",
                               R"({"t":)" + token + "}");
    seen += text(got["items"]);
    token = text(got["nextToken"]);
  }
  EXPECT_EQ(seen, R"([{"id":"p1"},{"id":"p2"},{"id":"p3"}][{"id":"p4"}])");
  EXPECT_EQ(token, "null");
}

TEST(List, TakesFilterAndBoundsItsLimit) {
  Story story(blog_schema, {.page_rows_max = 2});
  add_blogs(story);
  EXPECT_EQ(text(story.get("{ listPosts(filter: {rating: {ge: 3}}) { items { id } } }")),
            R"({"items":[{"id":"p3"},{"id":"p4"}]})");
  EXPECT_EQ(story.get("{ listPosts(limit: 1000) { items { id } } }")["items"].as_list()->size(), 2U);
  EXPECT_EQ(story.refusal("{ listPosts(limit: 0) { items { id } } }")["errorType"], Value("BadRequestException"));
}

TEST(List, TokenOfAnotherFilterIsRefused) {
  Story story(blog_schema);
  add_blogs(story);
  const auto token = *story.get("{ listPosts(limit: 1) { nextToken } }")["nextToken"].as_string();
  const auto error = story.refusal("query ($t: String) { listPosts(limit: 1, nextToken: $t, filter: {rating: {gt: 0}}) { nextToken } }",
                                   R"({"t":")" + token + "\"}");
  EXPECT_EQ(error["errorType"], Value("BadRequestException"));
}

TEST(IndexQuery, IsInOrderOfTheSortKey) {
  Story story(blog_schema);
  add_blogs(story);
  EXPECT_EQ(text(story.get(R"({ postsByBlog(blogID: "b1") { items { title } } })")),
            R"({"items":[{"title":"a"},{"title":"b"},{"title":"c"}]})");
  EXPECT_EQ(text(story.get(R"({ postsByBlog(blogID: "b1", sortDirection: DESC, title: {lt: "c"}) { items { title } } })")),
            R"({"items":[{"title":"b"},{"title":"a"}]})");
}

TEST(IndexQuery, PagesInItsOrder) {
  Story story(blog_schema);
  add_blogs(story);
  const auto first = story.get(R"({ postsByBlog(blogID: "b1", limit: 2) { items { title } nextToken } })");
  EXPECT_EQ(text(first["items"]), R"([{"title":"a"},{"title":"b"}])");
  const auto second = story.get(R"(query ($t: String) { postsByBlog(blogID: "b1", limit: 2, nextToken: $t) { items { title } nextToken } })",
                                R"({"t":)" + text(first["nextToken"]) + "}");
  EXPECT_EQ(text(second), R"({"items":[{"title":"c"}],"nextToken":null})");
}

TEST(IndexQuery, TakesEverySortKeyCondition) {
  Story story(blog_schema);
  for (const char* title : {"a", "ab", "abc", "b", "\xC3\xA9", "\xC3\xA9t\xC3\xA9", ""}) {
    add(story, "Post", std::string(R"(blogID: "b1", title: ")") + title + '"');
  }
  const auto titles = [&](const std::string& condition) {
    std::string found;
    const auto page = story.get("{ postsByBlog(blogID: \"b1\", title: {" + condition + "}) { items { title } } }");
    for (const auto& item : *page["items"].as_list()) found += '|' + *item["title"].as_string();
    return found;
  };
  EXPECT_EQ(titles(R"(eq: "ab")"), "|ab");
  EXPECT_EQ(titles(R"(lt: "ab")"), "||a");
  EXPECT_EQ(titles(R"(le: "ab")"), "||a|ab");
  EXPECT_EQ(titles(R"(gt: "b")"), "|\xC3\xA9|\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(titles(R"(ge: "b")"), "|b|\xC3\xA9|\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(titles(R"(between: ["ab", "b"])"), "|ab|abc|b");
  EXPECT_EQ(titles(R"(between: ["b", "ab"])"), "");
  EXPECT_EQ(titles(R"(beginsWith: "ab")"), "|ab|abc");
  EXPECT_EQ(titles("beginsWith: \"\xC3\xA9\""), "|\xC3\xA9|\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(titles(R"(beginsWith: "")"), "||a|ab|abc|b|\xC3\xA9|\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(titles(R"(ge: "ab", lt: "b", gt: "ab")"), "|abc");
  EXPECT_EQ(titles("eq: null"), "");
}

TEST(IndexQuery, HasNoRecordThatLacksASortKey) {
  Story story("type Task @model { id: ID! list: ID @index(name: \"byList\", sortKeyFields: [\"due\"], queryField: \"tasksByList\") due: AWSDate }");
  add(story, "Task", R"(id: "1", list: "l", due: "2026-11-21")");
  add(story, "Task", R"(id: "2", list: "l")");
  EXPECT_EQ(text(story.get(R"({ tasksByList(list: "l") { items { id } } })")), R"({"items":[{"id":"1"}]})");
  EXPECT_EQ(story.get("{ listTasks { items { id } } }")["items"].as_list()->size(), 2U);
}

TEST(IndexQuery, ItsTokenIsRefusedForAnotherFieldOtherArgumentsAndAnotherCaller) {
  Story story(blog_schema);
  add_blogs(story);
  const auto query = [](const std::string& field) {
    return "query ($t: String) { " + field + ", limit: 1, nextToken: $t) { items { id } nextToken } }";
  };
  const auto token = text(story.get(query(R"(postsByBlog(blogID: "b1")"))["nextToken"]);
  const std::string variables = R"({"t":)" + token + "}";
  EXPECT_EQ(text(story.get(query(R"(postsByBlog(blogID: "b1")"), variables)["items"]), R"([{"id":"p3"}])");
  for (const auto* other : {R"(postsByBlog(blogID: "b2")", R"(postsByBlog(blogID: "b1", sortDirection: DESC)",
                            R"(postsByBlog(blogID: "b1", title: {gt: "a"})",
                            R"(postsByBlog(blogID: "b1", filter: {rating: {gt: 1}})", R"(listPosts(filter: {})"}) {
    EXPECT_EQ(story.refusal(query(other), variables)["errorType"], Value("BadRequestException")) << other;
  }
  const auto document = api::document(testing::reading_of(blog_schema), {.is_versioned = true});
  const auto keyed = *Server::make({story.schema, document, *story.store, story.clock, story.random, silent_log()}, {.api_key = "k"});
  const Object body{{"query", query(R"(postsByBlog(blogID: "b1")")}, {"variables", testing::parsed(variables)}};
  const auto reply = keyed->respond({.method = "POST", .target = "/graphql", .headers = {{"x-api-key", "k"}}, .body = text(Value(body))});
  EXPECT_THAT(reply.body, HasSubstr("BadRequestException"));
}

TEST(CompositeKey, ListNarrowsByPartitionAndSortKey) {
  Story story("type Seat @model { venue: ID! @primaryKey(sortKeyFields: [\"row\", \"place\"]) row: String! place: Int! }");
  for (const char* seat : {R"(row: "B", place: 2)", R"(row: "A", place: 10)", R"(row: "A", place: 9)"}) {
    story.get("mutation { createSeat(input: {venue: \"v\", " + std::string(seat) + "}) { row } }");
  }
  EXPECT_EQ(text(story.get(R"({ listSeats(venue: "v") { items { row place } } })")),
            R"({"items":[{"row":"A","place":9},{"row":"A","place":10},{"row":"B","place":2}]})");
  EXPECT_EQ(text(story.get(R"({ listSeats(venue: "v", rowPlace: {gt: {row: "A", place: 9}}) { items { place } } })")),
            R"({"items":[{"place":10},{"place":2}]})");
  EXPECT_EQ(text(story.get(R"({ getSeat(venue: "v", row: "A", place: 9) { place } })")), R"({"place":9})");
}

TEST(Relations, OfSeveralParentsAreReadTogether) {
  Story story(blog_schema);
  add_blogs(story);
  EXPECT_EQ(text(story.get("{ listBlogs { items { name posts(sortDirection: DESC, filter: {rating: {gt: 1}}) { items { title } } } } }")),
            R"({"items":[{"name":"one","posts":{"items":[{"title":"b"},{"title":"a"}]}},)"
            R"({"name":"two","posts":{"items":[{"title":"z"}]}}]})");
}

TEST(Relations, ALimitIsThatOfEachParent) {
  Story story(blog_schema);
  add_blogs(story);
  EXPECT_EQ(text(story.get("{ listBlogs { items { posts(limit: 2) { items { title } } } } }")),
            R"({"items":[{"posts":{"items":[{"title":"a"},{"title":"b"}]}},{"posts":{"items":[{"title":"z"}]}}]})");
}

TEST(Relations, HaveTheLimitOfTheirDirectiveWhereNobodyAsksForAnother) {
  Story story(R"(
    type Blog @model { id: ID! posts: [Post] @hasMany(limit: 2) tags: [Tag] @manyToMany(relationName: "BlogTags", limit: 1) }
    type Post @model { id: ID! }
    type Tag @model { id: ID! blogs: [Blog] @manyToMany(relationName: "BlogTags") })");
  add(story, "Blog", R"(id: "b")");
  for (const char* id : {"1", "2", "3"}) {
    add(story, "Post", "id: \"" + std::string(id) + R"(", blogPostsId: "b")");
    add(story, "Tag", "id: \"" + std::string(id) + '"');
    add(story, "BlogTags", R"(blogId: "b", tagId: ")" + std::string(id) + '"');
  }
  const auto rows = [&](const std::string& field) {
    return story.get(R"({ getBlog(id: "b") { page: )" + field + " { items { id } nextToken } } }")["page"]["items"].as_list()->size();
  };
  EXPECT_EQ(rows("posts"), 2U);
  EXPECT_EQ(rows("posts(limit: 3)"), 3U);
  EXPECT_EQ(rows("posts(limit: null)"), 2U);
  EXPECT_EQ(rows("tags"), 1U);
}

TEST(Relations, EachParentHasItsOwnPages) {
  Story story(blog_schema);
  add_blogs(story);
  const auto blogs = story.get("{ listPosts { items { id comments(limit: 3) { items { id } nextToken } } } }");
  const auto& first = blogs["items"].as_list()->front();
  EXPECT_EQ(text(first["comments"]["items"]), R"([{"id":"c0"},{"id":"c1"},{"id":"c2"}])");
  const auto rest = story.get(R"(query ($t: String) { getPost(id: "p1") { comments(limit: 3, nextToken: $t) { items { id } nextToken } } })",
                              R"({"t":)" + text(first["comments"]["nextToken"]) + "}");
  EXPECT_EQ(text(rest["comments"]), R"({"items":[{"id":"c3"}],"nextToken":null})");
}

TEST(Relations, ATombstoneIsStillAParent) {
  Story story(blog_schema);
  add_blogs(story);
  story.get(R"(mutation { deleteBlog(input: {id: "b1", _version: 1}) { id } })");
  EXPECT_EQ(text(story.get(R"({ getPost(id: "p1") { blog { id _deleted } } })")), R"({"blog":{"id":"b1","_deleted":true}})");
}

TEST(Relations, AHiddenForeignKeyIsReadThroughTheParentEvenBeforeTheParentArrives) {
  Story story(testing::shared_text("golden/transformer/v1-connection-name/schema.graphql"));
  add(story, "Comment", R"(id: "c1", content: "x", commentPostId: "p9")");
  EXPECT_EQ(text(story.get(R"({ getComment(id: "c1") { post { id _deleted } } })")), R"({"post":{"id":"p9","_deleted":null}})");
  EXPECT_TRUE(story.get(R"({ getComment(id: "c1") { post { title } } })")["post"].is_null());
}

// --- sync ----------------------------------------------------------------------------------------------------

const std::string sync_posts =
    "query ($limit: Int, $nextToken: String, $lastSync: AWSTimestamp, $filter: ModelPostFilterInput) { syncPosts(limit: $limit, "
    "nextToken: $nextToken, lastSync: $lastSync, filter: $filter) { items { id _version _deleted } nextToken startedAt } }";

std::string variables(const std::string& last_sync, const std::string& token = "null", const std::string& filter = "null") {
  return R"({"limit":2,"nextToken":)" + token + R"(,"lastSync":)" + last_sync + R"(,"filter":)" + filter + "}";
}

TEST(Sync, BaseGivesAllWithTombstonesAndOneStart) {
  Story story(blog_schema);
  add_blogs(story);
  story.get(R"(mutation { deletePost(input: {id: "p2", _version: 1}) { id } })");
  const auto first = story.get(sync_posts, variables("0"));
  EXPECT_EQ(text(first["items"]), R"([{"id":"p1","_version":1,"_deleted":null},{"id":"p2","_version":2,"_deleted":true}])");
  story.clock.advance(Milliseconds(5000));
  const auto second = story.get(sync_posts, variables("0", text(first["nextToken"])));
  EXPECT_EQ(second["startedAt"], first["startedAt"]);
  EXPECT_EQ(second["items"].as_list()->size(), 2U);
  EXPECT_TRUE(second["nextToken"].is_null());
}

TEST(Sync, DeltaGivesWhatChangedSinceIncludingDeletions) {
  Story story(blog_schema);
  add_blogs(story);
  story.clock.advance(Milliseconds(1000));
  const auto last_sync = text(story.get(sync_posts, R"({"limit":1000,"lastSync":0})")["startedAt"]);
  story.clock.advance(Milliseconds(1000));
  story.get(R"(mutation { updatePost(input: {id: "p3", title: "n", _version: 1}) { id } })");
  story.get(R"(mutation { deletePost(input: {id: "p1", _version: 1}) { id } })");
  const auto delta = story.get(sync_posts, variables(last_sync));
  EXPECT_EQ(text(delta["items"]), R"([{"id":"p3","_version":2,"_deleted":null},{"id":"p1","_version":2,"_deleted":true}])");
}

TEST(Sync, OlderThanTheLogIsABase) {
  Story story(blog_schema);
  add_blogs(story);
  const auto last_sync = text(story.get(sync_posts, R"({"limit":1000,"lastSync":0})")["startedAt"]);
  story.clock.advance(std::chrono::hours(24) * 91);
  EXPECT_EQ(story.get(sync_posts, R"({"limit":1000,"lastSync":)" + last_sync + "}")["items"].as_list()->size(), 4U);
}

TEST(Sync, RetentionIsOfTheModelAndABaseTellsWhatWasDeletedMeanwhile) {
  Story story(blog_schema, {.model_retention = {{"Post", {std::chrono::minutes(30), std::chrono::days(30)}}}});
  add_blogs(story);
  const std::string sync_blogs = "query ($lastSync: AWSTimestamp) { syncBlogs(lastSync: $lastSync) { items { id } startedAt } }";
  const std::string since = "{\"limit\":1000,\"lastSync\":" + text(story.get(sync_posts, R"({"limit":1000})")["startedAt"]) + "}";
  story.clock.advance(std::chrono::minutes(29));
  story.get(R"(mutation { deletePost(input: {id: "p1", _version: 1}) { id } })");
  EXPECT_EQ(text(story.get(sync_posts, since)["items"]), R"([{"id":"p1","_version":2,"_deleted":true}])");
  story.clock.advance(std::chrono::minutes(2));
  const auto base = story.get(sync_posts, since);
  EXPECT_EQ(base["items"].as_list()->size(), 4U);
  EXPECT_EQ(text(base["items"].as_list()->front()), R"({"id":"p1","_version":2,"_deleted":true})");
  EXPECT_EQ(story.get(sync_blogs, since)["items"].as_list()->size(), 0U) << "blogs still have deltas";
}

TEST(Sync, TheLogAndTombstonesAreTrimmedWhenTheirTimeHasCome) {
  Story story(blog_schema, {.delta_retention = std::chrono::minutes(30), .tombstone_retention = std::chrono::days(30)});
  add_blogs(story);
  story.get(R"(mutation { updatePost(input: {id: "p2", title: "n", _version: 1}) { id } })");
  story.get(R"(mutation { deletePost(input: {id: "p1", _version: 1}) { id } })");
  story.get(R"(mutation { updatePost(input: {id: "p2", title: "m", _version: 2}) { id } })");
  const auto& posts = *story.schema.model("Post");
  const auto has = [&](const char* id, std::int64_t version) {
    return story.store->image_at(posts, Key{{Value(id)}}, version).value().has_value();
  };
  story.clock.advance(std::chrono::minutes(29));
  EXPECT_TRUE(has("p2", 1));
  for (int steps = 0; steps < 3; ++steps) story.clock.advance(std::chrono::minutes(5));
  EXPECT_FALSE(has("p2", 1));
  EXPECT_FALSE(has("p2", 2));
  EXPECT_TRUE(has("p2", 3));
  EXPECT_TRUE(has("p1", 2)) << "a tombstone has its own retention";
  story.clock.advance(std::chrono::days(30));
  EXPECT_EQ(story.get(sync_posts, variables("0"))["items"].as_list()->front()["id"], Value("p1"));
  for (int steps = 0; steps < 3; ++steps) story.clock.advance(std::chrono::days(1));
  EXPECT_EQ(story.get(sync_posts, variables("0"))["items"].as_list()->front()["id"], Value("p2"));
  EXPECT_TRUE(story.get(R"({ getPost(id: "p1") { id } })").is_null());
}

TEST(Sync, ADeltaThatTakesDaysBeginsAnew) {
  Story story(blog_schema);
  add_blogs(story);
  const auto last_sync = std::to_string(epoch_ms(story.clock.wall()) - 1000);
  const auto token = text(story.get(sync_posts, variables(last_sync))["nextToken"]);
  story.clock.advance(std::chrono::hours(23));
  EXPECT_EQ(story.get(sync_posts, variables(last_sync, token))["items"].as_list()->size(), 2U);
  story.clock.advance(std::chrono::hours(2));
  EXPECT_EQ(story.refusal(sync_posts, variables(last_sync, token))["errorType"], Value("BadRequestException"));
}

TEST(Sync, TombstonesPassEveryFilter) {
  Story story(blog_schema);
  add_blogs(story);
  story.get(R"(mutation { deletePost(input: {id: "p1", _version: 1}) { id } })");
  const auto page = story.get(sync_posts, variables("0", "null", R"({"and":[{"rating":{"gt":3}}]})"));
  EXPECT_EQ(text(page["items"]), R"([{"id":"p1","_version":2,"_deleted":true},{"id":"p4","_version":1,"_deleted":null}])");
}

TEST(Sync, TokenIsBoundToModelFilterAndLastSync) {
  Story story(blog_schema);
  add_blogs(story);
  const auto token = text(story.get(sync_posts, variables("0"))["nextToken"]);
  for (const auto& wrong : {variables("5", token), variables("0", token, R"({"rating":{"gt":0}})"), variables("0", "\"AAAA\"")}) {
    EXPECT_EQ(story.refusal(sync_posts, wrong)["errorType"], Value("BadRequestException")) << wrong;
  }
  EXPECT_EQ(story.refusal("query ($t: String) { syncBlogs(limit: 2, lastSync: 0, nextToken: $t) { nextToken } }",
                          R"({"t":)" + token + "}")["errorType"],
            Value("BadRequestException"));
}

}  // namespace
}  // namespace holdfast::server
