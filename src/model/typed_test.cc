// The typed edge, on a model written by hand in the form that codegen gives.
#include <gtest/gtest.h>

#include "holdfast/datastore.h"
#include "model/testing.h"

namespace holdfast {
namespace {

enum class Mood : std::uint8_t { good, bad };
std::string_view to_string(Mood mood) { return mood == Mood::good ? "good" : "bad"; }
bool from_string(std::string_view text, Mood& mood) {
  mood = text == "good" ? Mood::good : Mood::bad;
  return text == "good" || text == "bad";
}

const ModelSchema& note_model() {
  static const ModelSchema model = [] {
    ModelSchema out{.name = "Note", .plural_name = "Notes"};
    out.fields = {testing::scalar("id", Scalar::id, true), testing::scalar("stars", Scalar::integer),
                  testing::scalar("mood", Scalar::string), testing::list_of(testing::scalar("tags", Scalar::string)),
                  testing::scalar("parentId", Scalar::id)};
    out.fields[2].kind = FieldKind::enumeration;
    out.primary_key = {"id"};
    return out;
  }();
  return model;
}

struct Note {
  std::string id{};
  std::optional<std::int32_t> stars{};
  Mood mood{};
  std::vector<std::string> tags{};
  Ref<Note> parent{};

  friend bool operator==(const Note&, const Note&) = default;
  static const ModelSchema& model() { return note_model(); }
  [[nodiscard]] Record to_record() const {
    Record record(model());
    record.values = {to_value(id), to_value(stars), to_value(mood), to_value(tags), parent.part(0)};
    return record;
  }
  static Note from_record(Record&& record) {
    Note note;
    from_value(std::move(record.values[0]), note.id);
    from_value(std::move(record.values[1]), note.stars);
    from_value(std::move(record.values[2]), note.mood);
    from_value(std::move(record.values[3]), note.tags);
    note.parent = Ref<Note>(key_of_parts({record.values[4]}));
    return note;
  }
  struct fields {
    static constexpr Field<Note, std::optional<std::int32_t>> stars{"stars"};
    static constexpr Field<Note, Mood> mood{"mood"};
    static constexpr Field<Note, std::vector<std::string>> tags{"tags"};
    static constexpr RefField<Note, Note> parent{"parent", {"parentId"}};
  };
};
static_assert(Model<Note>);

// V09, V34, Q29: what was not given is null; a reference is the key alone, and reads nothing by itself.
TEST(TypedModels, SurviveTheJourneyThroughARecord) {
  const Note top{.id = "0"};
  const Note note{.id = "1", .stars = 3, .mood = Mood::bad, .tags = {"a"}, .parent = top};
  EXPECT_EQ(Note::from_record(note.to_record()), note);
  EXPECT_EQ(note.parent.id(), "0");
  EXPECT_TRUE(Note::from_record(top.to_record()).parent.is_null());
}

// P30, V40
TEST(TypedFields, MakeThePredicateTheyLookLike) {
  const auto where = Note::fields::stars > 4 && (Note::fields::mood == Mood::good || !Note::fields::tags.contains("x"));
  EXPECT_EQ(where.tree, Predicate::all_of({Predicate::compare("stars", Op::gt, {4}),
                                           Predicate::any_of({Predicate::compare("mood", Op::eq, {"good"}),
                                                              Predicate::negation(Predicate::compare("tags", Op::contains, {"x"}))})}));
  EXPECT_EQ((Note::fields::parent == Note{.id = "9"}).tree, Predicate::compare("parentId", Op::eq, {"9"}));
  EXPECT_EQ((Note::fields::stars == std::nullopt).tree, Predicate::compare("stars", Op::eq, {nullptr}));
}

// P35: conditions are values.
TEST(TypedFields, ConditionsStayAsTheyAreWhenOthersAreMadeOfThem) {
  const auto loud = Note::fields::stars > 4;
  const auto good = loud && Note::fields::mood == Mood::good;
  const auto quiet = !loud;
  EXPECT_EQ(loud.tree, Predicate::compare("stars", Op::gt, {4}));
  EXPECT_EQ((loud || good).tree, Predicate::any_of({loud.tree, good.tree}));
  EXPECT_EQ(quiet.tree, Predicate::negation(loud.tree));
}

// P13: a condition that always holds adds nothing.
TEST(TypedFields, TheEmptyConditionIsNeutral) {
  const auto loud = Note::fields::stars > 4;
  EXPECT_EQ((Where<Note>{} && loud).tree, loud.tree);
  EXPECT_EQ((loud && Where<Note>{}).tree, loud.tree);
}

// V07
TEST(Edits, HoldTheFieldsThatChanged) {
  const Note note{.id = "1", .stars = 3};
  const auto edit = copy_of(note, [](Note& draft) { draft.stars = 5; });
  EXPECT_EQ(edit.changes, (Patch{{1, 5}}));
  EXPECT_EQ(edit.value.stars, 5);
  EXPECT_EQ(edit.value.id, "1");
  EXPECT_EQ(note.stars, 3);
}

// V10
TEST(Edits, MayTakeAValueAway) {
  const Note note{.id = "1", .stars = 3};
  EXPECT_EQ(copy_of(note, [](Note& draft) { draft.stars.reset(); }).changes, (Patch{{1, nullptr}}));
}

// V08, V32
TEST(Edits, LeaveTheKeyAlone) {
  const Note note{.id = "1", .stars = 3};
  const auto edit = copy_of(note, [](Note& draft) {
    draft.id = "2";
    draft.stars = 5;
  });
  EXPECT_EQ(edit.value, (Note{.id = "1", .stars = 5}));
  EXPECT_EQ(edit.changes, (Patch{{1, 5}}));
}

// V12
TEST(Edits, OfEditsHoldTheChangesOfBoth) {
  const Note note{.id = "1", .stars = 3, .tags = {"a"}};
  const auto first = copy_of(note, [](Note& draft) { draft.stars = 5; });
  const auto second = copy_of(first, [](Note& draft) { draft.tags.push_back("b"); });
  EXPECT_EQ(second.value, (Note{.id = "1", .stars = 5, .tags = {"a", "b"}}));
  EXPECT_EQ(second.changes, (Patch{{1, 5}, {3, List{"a", "b"}}}));
  EXPECT_EQ(first.changes, (Patch{{1, 5}})) << "an edit is a value";
}

}  // namespace
}  // namespace holdfast
