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

TEST(TypedModels, SurviveTheJourneyThroughARecord) {
  const Note top{.id = "0"};
  const Note note{.id = "1", .stars = 3, .mood = Mood::bad, .tags = {"a"}, .parent = top};
  EXPECT_EQ(Note::from_record(note.to_record()), note);
  EXPECT_EQ(note.parent.id(), "0");
  EXPECT_TRUE(Note::from_record(top.to_record()).parent.is_null());
}

TEST(TypedFields, MakeThePredicateTheyLookLike) {
  const auto where = Note::fields::stars > 4 && (Note::fields::mood == Mood::good || !Note::fields::tags.contains("x"));
  EXPECT_EQ(where.tree, Predicate::all_of({Predicate::compare("stars", Op::gt, {4}),
                                           Predicate::any_of({Predicate::compare("mood", Op::eq, {"good"}),
                                                              Predicate::negation(Predicate::compare("tags", Op::contains, {"x"}))})}));
  EXPECT_EQ((Note::fields::parent == Note{.id = "9"}).tree, Predicate::compare("parentId", Op::eq, {"9"}));
  EXPECT_EQ((Note::fields::stars == std::nullopt).tree, Predicate::compare("stars", Op::eq, {nullptr}));
}

TEST(Edits, HoldTheFieldsThatChanged) {
  const Note note{.id = "1", .stars = 3};
  const auto edit = copy_of(note, [](Note& draft) { draft.stars = 5; });
  EXPECT_EQ(edit.changes, (Patch{{1, 5}}));
  EXPECT_EQ(edit.value.stars, 5);
}

}  // namespace
}  // namespace holdfast
