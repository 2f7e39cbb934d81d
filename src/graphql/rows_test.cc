// Rows and Values that say the same give the same answer, to the letter.
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "base/json.h"
#include "graphql/execute.h"
#include "graphql/schema_test_types.h"

namespace holdfast::graphql {
namespace {

constexpr std::string_view sdl = R"(
scalar Date
enum Colour { RED GREEN }
type Blog { name: String! size: Int }
type Post {
  id: ID! title: String! note: String rating: Int score: Float done: Boolean colour: Colour born: Date
  tags: [String!] blog: Blog again: Post same: Post! comments: Page
}
type Page { items: [Post]! nextToken: String startedAt: Int }
type Strict { items: [Post!]! nextToken: String }
type Query { page: Page strict: Strict }
)";

const std::vector<std::string_view> columns{"id",   "title", "note", "rating", "score",
                                            "done", "colour", "born", "tags",   "blog"};

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : random_(seed) {}
  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool once_in(std::size_t many) { return below(many) == 0; }

  /// A value that fits most often.
  Value value(std::string_view column) {
    if (once_in(12)) return {};
    if (once_in(25)) return any();
    if (column == "rating") return static_cast<std::int64_t>(below(2000)) - 1000;
    if (column == "score") return once_in(2) ? Value(static_cast<double>(below(1000)) / 8) : Value(7);
    if (column == "done") return once_in(2);
    if (column == "colour") return once_in(2) ? "RED" : "GREEN";
    if (column == "tags") return List{text(), once_in(15) ? Value() : text()};
    if (column == "blog") return Object{{"name", text()}, {"size", static_cast<std::int64_t>(below(9))}};
    return text();
  }

  List posts() {
    List posts;
    for (auto left = below(5); left > 0; --left) {
      Object post;
      for (const auto name : columns) post.append(std::string(name), value(name));
      posts.emplace_back(std::move(post));
    }
    return posts;
  }

  std::string selections(const std::string& type, int depth) {
    std::string text = "{";
    for (auto left = 1 + below(5); left > 0; --left) text += " " + selection(type, depth);
    return text + " }";
  }

 private:
  Value text() {
    static constexpr std::string_view texts[] = {"", "plain", "quo\"te", "line\nbreak", "\xC3\xA9t\xC3\xA9", "\x01", "bad", "12", "true"};
    return texts[below(std::size(texts))];
  }
  Value any() {
    const std::vector<Value> values{1, std::int64_t{5'000'000'000}, 1.5, true, "RED", "x", List{1}, Object{{"name", "n"}}};
    return values[below(values.size())];
  }

  std::string selection(const std::string& type, int depth) {
    if (once_in(10)) return "... on " + type + " " + selections(type, depth);
    if (once_in(10)) return "__typename";
    if (type == "Post" && once_in(4)) return neighbours();
    static const std::vector<std::string> of_page{"items", "items", "nextToken"};
    static const std::vector<std::string> of_blog{"name", "size"};
    static const std::vector<std::string> of_post{"id",     "title", "note", "rating", "score", "done", "colour",
                                                  "born", "tags",  "blog", "again",  "same",  "comments"};
    const auto& names = type == "Post" ? of_post : type == "Blog" ? of_blog : of_page;
    const auto& name = names[below(names.size())];
    const bool is_deep = name == "again" || name == "same" || name == "comments" || name == "items" || name == "blog";
    if (is_deep && depth > 4) return "__typename";
    std::string text = once_in(4) ? name + "_2: " + name : name;
    if (once_in(10)) text += once_in(2) ? " @skip(if: true)" : " @include(if: true)";
    if (!is_deep) return text;
    return text + " " + selections(name == "comments" ? "Page" : name == "blog" ? "Blog" : "Post", depth + 1);
  }

  /// Leaves in the order in which they are stored, mostly under their own names.
  std::string neighbours() {
    std::string text;
    for (auto at = below(3); at < 9 && !once_in(9); ++at) {
      const std::string name(columns[at]);
      text += " " + (once_in(9) ? "other_" + name + ": " + name : name);
    }
    return text.empty() ? "id" : text;
  }

  std::mt19937 random_;
};

/// Gives the same posts at every place, as Values or as rows.
class Posts final : public Resolvers {
 public:
  Posts(const List& posts, bool is_rows) : posts_(posts), is_rows_(is_rows) {}

  [[nodiscard]] bool resolves(const TypeDefinition& parent, const FieldDefinition& field) const override {
    return parent.name == "Query" || field.name == "again" || field.name == "same" || field.name == "comments";
  }
  std::vector<Outcome> resolve(const FieldCall& call, std::span<const Value* const> parents) override {
    std::vector<Outcome> outcomes;
    for (const auto* parent : parents) {
      if (call.field.name == "again" || call.field.name == "same") outcomes.emplace_back(*parent);
      else outcomes.push_back(page());
    }
    return outcomes;
  }

 private:
  [[nodiscard]] Outcome page() const {
    if (!is_rows_) return Value(Object{{"items", posts_}, {"nextToken", "t"}});
    auto rows = std::make_shared<json::Rows>(columns);
    // As a store has them: without nulls, and some members come on their own.
    for (const auto& post : posts_) {
      auto stored = *post.as_object();
      for (const auto name : columns) {
        if (post[name].is_null()) stored.erase(name);
      }
      stored.erase("done");
      EXPECT_TRUE(rows->append(json::write(Value(std::move(stored)))));
      rows->set(5, post["done"]);
    }
    return RowsPage{Object{{"nextToken", "t"}}, "items", std::move(rows)};
  }

  const List& posts_;
  bool is_rows_;
};

class KeepingScalars final : public testing::PlainScalars {
 public:
  [[nodiscard]] bool keeps(const TypeDefinition& /*scalar*/, Value::Kind kind) const override {
    return kind != Value::Kind::string;
  }
};

TEST(Rows, AnswerAsValuesDoOnDrawnDocuments) {
  const auto types = testing::build_types(sdl);
  const KeepingScalars scalars;
  const Object variables;
  std::size_t with_errors = 0;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    Draw draw(seed);
    const auto posts = draw.posts();
    const auto text = "{ page " + draw.selections("Page", 0) + " strict " + draw.selections("Strict", 0) + " }";
    const auto document = testing::read_document(text);
    const auto answered = [&](bool is_rows) {
      Posts resolvers(posts, is_rows);
      return execute({types, document, document.operations.front(), variables, scalars, resolvers}, Value(Object{}));
    };
    const auto expected = answered(false);
    const auto told = answered(true);
    ASSERT_EQ(told.text, expected.text) << text;
    ASSERT_EQ(told.has_errors, expected.has_errors);
    ASSERT_TRUE(json::parse(told.text)) << told.text;
    if (told.has_errors) ++with_errors;
  }
  EXPECT_GT(with_errors, 30U);
}

}  // namespace
}  // namespace holdfast::graphql
