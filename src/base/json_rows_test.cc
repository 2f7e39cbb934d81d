#include "base/json_rows.h"

#include <array>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/digits.h"
#include "base/json.h"
#include "base/plain_text.h"

namespace holdfast::json {
namespace {

const std::vector<std::string_view> names{"id", "title", "rating", "tags"};

/// What the rows hold of a text, as one object; or the refusal's code.
std::string told(std::string_view text) {
  Rows rows(names);
  if (const auto added = rows.append(text); !added) return std::string(name(added.error().code));
  return write(Value(rows.object(0)));
}

/// What they must hold: columns of the parsed object, each as write() writes it.
std::string expected(std::string_view text) {
  const auto parsed = parse(text);
  if (!parsed || parsed->as_object() == nullptr) return "malformed";
  Object object;
  for (const auto& name : names) object.append(std::string(name), (*parsed)[name]);
  return write(Value(object));
}

TEST(JsonRows, HoldsWhatTheTextSays) {
  EXPECT_EQ(told(R"({"id":"a","title":"b","rating":-5})"), R"({"id":"a","title":"b","rating":-5,"tags":null})");
  EXPECT_EQ(told(R"({"rating":1,"gone":{"x":[1,"]"]},"id":"a"})"), R"({"id":"a","title":null,"rating":1,"tags":null})");
  EXPECT_EQ(told("{}"), R"({"id":null,"title":null,"rating":null,"tags":null})");
  EXPECT_EQ(told(""), "malformed");
  EXPECT_EQ(told("[]"), "malformed");
  EXPECT_EQ(told(R"({"id":"a")"), "malformed");
}

TEST(JsonRows, GivesTextsAsWriteGivesThemWhoeverWroteThem) {
  Rows rows(names);
  ASSERT_TRUE(rows.append(R"({ "id" : "\u0041\/", "title":"\u00e9\u0001", "rating": 1e2, "tags": [ 1 ] })"));
  EXPECT_EQ(rows.cell(0, 0).text, R"("A/")");
  EXPECT_EQ(rows.cell(0, 1).text, "\"\xC3\xA9\\u0001\"");
  EXPECT_EQ(rows.cell(0, 2).text, "100.0");
  EXPECT_EQ(rows.cell(0, 3).text, "[1]");
}

TEST(JsonRows, AddsNothingOfWhatItRefuses) {
  Rows rows(names);
  ASSERT_TRUE(rows.append(R"({"id":"a"})"));
  EXPECT_FALSE(rows.append("{\"id\":\"\xFF\"}"));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.value(0, 0), Value("a"));
}

/// A stretch must be this: cells, with the names of all but the first before them.
std::string joined(const Rows& rows, std::size_t row, std::size_t first, std::size_t last) {
  std::string text(rows.cell(row, first).text);
  for (auto column = first + 1; column <= last; ++column) {
    text.append(",\"").append(names[column]).append("\":").append(rows.cell(row, column).text);
  }
  return text;
}

void expect_whole_stretches(const Rows& rows, std::size_t row) {
  for (std::size_t column = 0; column < names.size(); ++column) {
    for (std::size_t more = 0; column + more < names.size(); ++more) {
      const auto stretch = rows.stretch(row, column, more);
      ASSERT_LE(stretch.last, column + more);
      ASSERT_EQ(stretch.text, joined(rows, row, column, stretch.last));
    }
  }
}

TEST(JsonRows, HasNamesBeforeItsCells) {
  Rows rows(names);
  ASSERT_TRUE(rows.append(R"({"id":"a","title":"b"})"));
  rows.set(2, -90);
  rows.set(3, List{1});
  EXPECT_EQ(rows.stretch(0, 0, 3).text, R"("a","title":"b","rating":-90,"tags":[1])");
  EXPECT_EQ(rows.stretch(0, 1, 1).text, R"("b","rating":-90)");
  EXPECT_EQ(write(Value(rows.object(0))), R"({"id":"a","title":"b","rating":-90,"tags":[1]})");
  rows.set(2, std::numeric_limits<std::int64_t>::min());  // Stands behind the tags now.
  EXPECT_EQ(rows.value(0, 2), Value(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(rows.stretch(0, 0, 3).last, 1U);
  expect_whole_stretches(rows, 0);
  rows.set(3, Value());
  EXPECT_EQ(rows.value(0, 3), Value());
  EXPECT_EQ(rows.stretch(0, 3, 0).text, "null");
}

TEST(JsonRows, StretchesOverNothingElse) {
  for (const std::string_view text :
       {R"({"id":"a","gone":1,"title":"b","rating":1})", R"({"id":1,"title":2,"id":3,"rating":4})",
        R"({"title":1,"id":2,"rating":3})", R"({"id":"a","rating":1,"tags":[]})",
        R"({"id":null,"title":"b","rating":1})", R"({"tags":1,"id":2,"title":3})"}) {
    Rows rows(names);
    ASSERT_TRUE(rows.append(R"({"id":"before","title":"it"})"));
    ASSERT_TRUE(rows.append(text));
    expect_whole_stretches(rows, 0);
    expect_whole_stretches(rows, 1);
  }
}

TEST(JsonRows, SetsScalarsSideBySide) {
  const std::string longest(200, 'n');
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  for (const std::string_view name : {"n", longest.c_str()}) {
    Rows rows({"id", name, "is_set", "is_null", "behind"});
    for (const bool has_id : {true, false}) {
      ASSERT_TRUE(rows.append(has_id ? R"({"id":"a"})" : "{}"));
      const auto row = rows.size() - 1;
      rows.set(1, {Scalar(least), Scalar(true), Scalar(), Scalar(std::int64_t{1'764'000'000'123})});
      EXPECT_EQ(write(Value(rows.object(row))),
                std::string(has_id ? R"({"id":"a",")" : R"({"id":null,")") + std::string(name) +
                    R"(":-9223372036854775808,"is_set":true,"is_null":null,"behind":1764000000123})");
      EXPECT_EQ(rows.stretch(row, 0, 4).last, has_id ? 4U : 0U);
      EXPECT_EQ(rows.stretch(row, 1, 3).text,
                R"(-9223372036854775808,"is_set":true,"is_null":null,"behind":1764000000123)");
      EXPECT_EQ(rows.stretch(row, 3, 1).text, R"(null,"behind":1764000000123)");
    }
    EXPECT_EQ(rows.seen(3).kinds, 0U);
  }
}

// Their texts are kept in blocks, which a row may be too long for, or begin at the end of.
TEST(JsonRows, HoldsRowsOfEveryLength) {
  Rows rows(names);
  std::vector<std::string> written;
  for (std::size_t size = 1; size < 200'000; size += size / 3 + 1) {
    for (const bool is_set : {false, true}) {
      Object object{{"id", std::string(size, 'i')}, {"title", "t"}};
      if (is_set) {
        rows.append();
        rows.set(0, object.at("id"));
        rows.set(1, object.at("title"));
      } else {
        ASSERT_TRUE(rows.append(write(Value(object))));
      }
      rows.set(2, {Scalar(static_cast<std::int64_t>(size)), Scalar()});
      object.append("rating", static_cast<std::int64_t>(size));
      object.append("tags", Value());
      written.push_back(write(Value(object)));
    }
  }
  Rows all(names);
  ASSERT_TRUE(all.append(R"({"title":"the first"})"));
  all.append(std::move(rows));
  all.append(Rows(names));
  ASSERT_TRUE(all.append(R"({"title":"the last"})"));
  all.set(3, List{1});
  ASSERT_EQ(all.size(), written.size() + 2);
  EXPECT_EQ(all.value(0, 1), Value("the first"));
  for (std::size_t row = 0; row < written.size(); ++row) {
    ASSERT_EQ(write(Value(all.object(row + 1))), written[row]);
    ASSERT_EQ(all.stretch(row + 1, 0, 3).last, 3U);
  }
  EXPECT_EQ(all.stretch(all.size() - 1, 1, 2).text, R"("the last")");
  EXPECT_EQ(all.value(all.size() - 1, 3), Value(List{1}));
}

TEST(JsonRows, TellsWhatItsColumnsHaveSeen) {
  Rows rows(names);
  ASSERT_TRUE(rows.append(R"({"id":"a","rating":-5})"));
  ASSERT_TRUE(rows.append(R"({"id":"abc","rating":"x"})"));
  EXPECT_TRUE(rows.seen(0).has(Value::Kind::string));
  EXPECT_FALSE(rows.seen(0).has(Value::Kind::integer));
  EXPECT_EQ(rows.seen(0).longest, 5U);
  EXPECT_EQ(rows.seen(0).bytes, 8U);
  EXPECT_EQ(rows.seen(1).kinds, 0U);
  EXPECT_TRUE(rows.seen(2).has(Value::Kind::integer));
  EXPECT_TRUE(rows.seen(2).has(Value::Kind::string));
  Rows more(names);
  ASSERT_TRUE(more.append(R"({"title":true,"id":"a longer one"})"));
  rows.append(std::move(more));
  EXPECT_TRUE(rows.seen(1).has(Value::Kind::boolean));
  EXPECT_EQ(rows.seen(0).longest, 14U);
  EXPECT_EQ(rows.value(2, 0), Value("a longer one"));
}

TEST(JsonRows, FindsTheEndOfStringsOfEveryLength) {
  std::string text;
  for (int size = 0; size < 70; ++size, text += static_cast<char>('a' + size % 26)) {
    for (const std::string_view end : {"", "\"", "\xC3\xA9", "\n", "\x7F", "\xC3"}) {
      Object object{{"id", text + std::string(end)}, {"title", "t"}};
      const auto written = write(Value(object));
      ASSERT_EQ(told(written), expected(written)) << written;
      ASSERT_EQ(told(written.substr(0, written.size() - 1)), "malformed");
    }
  }
}

TEST(JsonRows, LosesRows) {
  Rows rows(names);
  for (int at = 0; at < 5; ++at) {
    rows.append();
    rows.set(2, at);
  }
  rows.pop_back();
  rows.keep({true, false, false, true});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.value(0, 2), Value(0));
  EXPECT_EQ(rows.value(1, 2), Value(3));
  EXPECT_EQ(rows.value(1, 0), Value());
  rows.append();  // Nothing is left of those that are lost.
  for (std::size_t column = 0; column < names.size(); ++column) EXPECT_EQ(rows.value(2, column), Value());
}

TEST(PlainText, FindsTheOthersOneAfterTheOther) {
  std::mt19937 random(7);
  for (int turn = 0; turn < 2'000; ++turn) {
    std::string text(random() % 300, '\0');
    for (auto& byte : text) byte = random() % 20 == 0 ? static_cast<char>(random()) : 'x';
    const auto size = text.size();
    text.append(OtherBytes::zeros, '\0');
    OtherBytes others(text.data());
    for (std::size_t from = 0; from < size; from += 1 + (random() % 3 == 0 ? random() % 150 : 0)) {
      auto expected = from;
      while (is_plain(static_cast<unsigned char>(text[expected]))) ++expected;
      ASSERT_EQ(others.next(from), expected);
      from = expected;
    }
  }
}

TEST(Digits, AreThoseOfToChars) {
  std::mt19937_64 random(9);
  for (int turn = 0; turn < 20'000; ++turn) {
    auto number = static_cast<std::int64_t>(random() >> (random() % 64));
    if (turn == 0) number = std::numeric_limits<std::int64_t>::max();
    for (const auto each : {number, -number, -number - 1}) {
      std::array<char, digits_max> text{};
      ASSERT_EQ(std::string(text.data(), write_digits(each, text.data())), std::to_string(each));
    }
  }
  for (std::int64_t number = 1; number <= 1'000'000'000'000'000'000 / 10; number *= 10) {
    for (const auto each : {number - 1, number, number * 9 + 9}) {
      std::array<char, digits_max> text{};
      ASSERT_EQ(std::string(text.data(), write_digits(each, text.data())), std::to_string(each));
    }
  }
}

Value drawn(std::mt19937& random, int depth) {
  const auto below = [&](std::uint32_t bound) { return static_cast<std::int64_t>(random() % bound); };
  switch (below(depth > 3 ? 5 : 7)) {
    case 0: return {};
    case 1: return below(2) == 0;
    case 2: return below(3) == 0 ? std::int64_t{-1} << below(63) : below(2000) - 1000;
    case 3: return static_cast<double>(below(1'000'000) - 500'000) * (below(2) == 0 ? 1e-3 : 1e40);
    case 4: {
      static constexpr std::string_view parts[] = {"a", "word ", "\"", "\\", "\n", "\x01", "\x7F", "\xC3\xA9", "\xF0\x9F\x98\x80", "/"};
      std::string text;
      for (auto left = below(20); left > 0; --left) text += parts[below(std::size(parts))];
      return text;
    }
    case 5: {
      List list;
      for (auto left = below(4); left > 0; --left) list.push_back(drawn(random, depth + 1));
      return list;
    }
    default: {
      Object object;
      for (auto left = below(4); left > 0; --left) object.set("m" + std::to_string(below(9)), drawn(random, depth + 1));
      return object;
    }
  }
}

TEST(JsonRows, AgreesWithParseOnDrawnTexts) {
  std::mt19937 random(5);
  for (int turn = 0; turn < 3'000; ++turn) {
    Object object;
    std::vector<const char*> order{"id", "title", "rating", "tags", "gone"};
    if (random() % 2 == 0) std::swap(order[random() % 5], order[random() % 5]);
    for (const char* name : order) {
      if (random() % 4 != 0) object.set(name, drawn(random, 0));
    }
    auto text = write(Value(object));
    ASSERT_EQ(told(text), expected(text)) << text;
    Rows rows(names);
    ASSERT_TRUE(rows.append(text));
    expect_whole_stretches(rows, 0);
    // And on texts that nobody wrote.
    for (auto cuts = random() % 3; cuts > 0 && !text.empty(); --cuts) {
      const auto at = random() % text.size();
      if (random() % 2 == 0) text.erase(at, 1);
      else text[at] = "{}[]\",:\\0u.e-\xC3 "[random() % 16];
    }
    ASSERT_EQ(told(text), expected(text)) << text;
  }
}

}  // namespace
}  // namespace holdfast::json
