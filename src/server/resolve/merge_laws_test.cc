// The laws of docs/merge.md that are about one merge, each on drawn records.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "base/json.h"
#include "server/resolve/conflict.h"

namespace holdfast::server {
namespace {

constexpr unsigned draws = 2'000;
// Fields of the model below; each is drawn from few values, so that equal ones are common.
enum Field : std::size_t { id, title, rating, tags, place, fields };

const ModelSchema& model() {
  static const ModelSchema made = [] {
    ModelSchema out{.name = "Post", .primary_key = {"id"}};
    out.fields.resize(fields);
    const char* names[] = {"id", "title", "rating", "tags", "place"};
    for (std::size_t at = 0; at < fields; ++at) out.fields[at].name = names[at];
    out.fields[rating].scalar = Scalar::integer;
    out.fields[tags].is_list = true;
    out.fields[place].kind = FieldKind::embedded;
    return out;
  }();
  return made;
}

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}

  bool once_in(unsigned times) { return below(times) == 0; }
  Value value(std::size_t field) { return once_in(6) ? Value() : full(field); }
  List list() {
    List out;
    for (auto left = below(5); left > 0; --left) out.emplace_back(static_cast<std::int64_t>(below(3)));
    return out;
  }
  Record record() {
    Record out(model());
    out.values[id] = "1";
    for (std::size_t field = title; field < fields; ++field) out.values[field] = value(field);
    return out;
  }
  /// Some fields of `from` edited.
  Patch patch() {
    Patch out;
    for (std::size_t field = title; field < fields; ++field) {
      if (once_in(2)) out.push_back({field, value(field)});
    }
    return out;
  }

 private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  Value full(std::size_t field) {
    if (field == title) return std::string(1, static_cast<char>('a' + below(3)));
    if (field == rating) return static_cast<std::int64_t>(below(3));
    if (field == tags) return list();
    Object object;
    for (const char* name : {"street", "town"}) {
      if (!once_in(4)) object.append(name, static_cast<std::int64_t>(below(3)));
    }
    if (once_in(3)) object.append("names", list());
    return object;
  }

  std::mt19937 random_;
};

struct Drawn {
  Draw draw;
  Record base = draw.record(), stored = draw.record();
  Patch incoming = draw.patch();
  bool is_three_way = draw.once_in(2);

  [[nodiscard]] Record merged(const Record& onto, const Patch& patch) const {
    return auto_merged(onto, base, patch, is_three_way);
  }
};

template <class Law>
void for_all(Law law) {
  for (unsigned seed = 1; seed <= draws; ++seed) {
    law(Drawn{.draw = Draw(seed)});
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
  }
}

Record applied(Record record, const Patch& patch) {
  apply_patch(patch, record);
  return record;
}

Patch patch_to(const Record& record, const Patch& fields_of) {
  Patch out;
  for (const auto& change : fields_of) out.push_back({change.field, record.values[change.field]});
  return out;
}

/// The elements of a list, whatever their order.
std::vector<std::string> elements(const Value& list) {
  std::vector<std::string> out;
  for (const auto& element : *list.as_list()) out.push_back(json::write(element));
  std::sort(out.begin(), out.end());
  return out;
}

TEST(MergeLaws, WhatNobodyElseChangedBecomesWhatTheClientWrote) {
  for_all([](const Drawn& of) { EXPECT_EQ(of.merged(of.base, of.incoming).values, applied(of.base, of.incoming).values); });
}

TEST(MergeLaws, WhatTheClientDidNotChangeStays) {
  for_all([](const Drawn& of) { EXPECT_EQ(of.merged(of.stored, patch_to(of.base, of.incoming)).values, of.stored.values); });
}

TEST(MergeLaws, WhatBothChangedAlikeStays) {
  for_all([](const Drawn& of) { EXPECT_EQ(of.merged(of.stored, patch_to(of.stored, of.incoming)).values, of.stored.values); });
}

TEST(MergeLaws, FieldsThatWereNotSentStay) {
  for_all([](const Drawn& of) {
    const auto merged = of.merged(of.stored, of.incoming);
    for (std::size_t field = 0; field < fields; ++field) {
      const bool is_sent = std::any_of(of.incoming.begin(), of.incoming.end(), [&](const auto& one) { return one.field == field; });
      if (!is_sent) {
        EXPECT_EQ(merged.values[field], of.stored.values[field]);
      }
    }
  });
}

TEST(MergeLaws, AScalarIsOneOfTheTwo) {
  for_all([](const Drawn& of) {
    const auto merged = of.merged(of.stored, of.incoming);
    for (const auto& [field, value] : of.incoming) {
      if (field > rating) continue;
      EXPECT_TRUE(merged.values[field] == of.stored.values[field] || merged.values[field] == value);
    }
  });
}

TEST(MergeLaws, WritesToDifferentFieldsCommute) {
  for_all([](Drawn of) {
    Patch other;
    std::erase_if(of.incoming, [&](const FieldChange& change) {
      const bool moves = of.draw.once_in(2);
      if (moves) other.push_back(change);
      return moves;
    });
    EXPECT_EQ(of.merged(of.merged(of.stored, of.incoming), other).values, of.merged(of.merged(of.stored, other), of.incoming).values);
  });
}

TEST(MergeLaws, MergingAgainChangesNoScalar) {
  for_all([](const Drawn& of) {
    const auto once = of.merged(of.stored, of.incoming);
    const auto twice = of.merged(once, of.incoming);
    for (const auto field : {title, rating}) EXPECT_EQ(twice.values[field], once.values[field]);
  });
}

// Why a repeated mutation is known by its name, and never merged twice.
TEST(MergeLaws, MergingAgainMayChangeLists) {
  const auto again = [](List base, List stored, List incoming, bool is_three_way) {
    Record before(model());
    Record now(model());
    before.values[tags] = std::move(base);
    now.values[tags] = std::move(stored);
    const Patch patch{{tags, std::move(incoming)}};
    const auto once = auto_merged(now, before, patch, is_three_way);
    return json::write(once.values[tags]) + " " + json::write(auto_merged(once, before, patch, is_three_way).values[tags]);
  };
  EXPECT_EQ(again({1}, {1, 2}, {1, 3}, false), "[1,2,1,3] [1,2,1,3,1,3]");
  EXPECT_EQ(again({1, 1}, {1, 1, 1}, {}, true), "[1] []");
}

TEST(MergeLaws, AppendedListsHaveWhatBothHave) {
  for_all([](Drawn of) {
    for (auto* record : {&of.base, &of.stored}) record->values[tags] = of.draw.list();
    const Value sent = of.draw.list();
    const auto merged = auto_merged(of.stored, of.base, {{tags, sent}}, false).values[tags];
    const bool is_both = !numbers_equal(sent, of.stored.values[tags]) && !numbers_equal(sent, of.base.values[tags]) &&
                         !numbers_equal(of.stored.values[tags], of.base.values[tags]);
    if (!is_both) return;
    List expected = *of.stored.values[tags].as_list();
    for (const auto& element : *sent.as_list()) expected.push_back(element);
    EXPECT_EQ(merged, Value(expected));
  });
}

TEST(MergeLaws, ListsMergedThreeWayCommuteButForTheirOrder) {
  for_all([](Drawn of) {
    of.base.values[tags] = of.draw.list();
    const Patch one{{tags, of.draw.list()}};
    const Patch other{{tags, of.draw.list()}};
    const auto both = [&](const Patch& first, const Patch& second) {
      return auto_merged(auto_merged(of.base, of.base, first, true), of.base, second, true).values[tags];
    };
    EXPECT_EQ(elements(both(one, other)), elements(both(other, one)));
  });
}

TEST(MergeLaws, AnUnknownAncestorCountsAsChangedByBoth) {
  for_all([](const Drawn& of) {
    const auto merged = auto_merged(of.stored, std::nullopt, of.incoming, of.is_three_way);
    for (const auto& [field, value] : of.incoming) {
      if (field > rating) continue;
      EXPECT_EQ(merged.values[field], of.stored.values[field].is_null() ? value : of.stored.values[field]);
    }
  });
}

}  // namespace
}  // namespace holdfast::server
