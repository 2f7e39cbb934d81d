// The typed door, on a model written by hand in the form that codegen gives, with a real file behind it.
#include "holdfast/datastore.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "client/storage/sqlite/scratch_folder.h"
#include "model/testing.h"

namespace holdfast {
namespace {

const Schema& notes() {
  static const Schema schema = [] {
    ModelSchema note{.name = "Note", .plural_name = "Notes"};
    note.fields = {testing::scalar("id", Scalar::id, true), testing::scalar("text", Scalar::string, true),
                   testing::scalar("stars", Scalar::integer)};
    note.primary_key = {"id"};
    note.operations = testing::operations("Note", "Notes");
    Schema made;
    made.version = "notes-1";
    made.models = {note};
    return made;
  }();
  return schema;
}

struct Note {
  std::string id{};
  std::string text{};
  std::optional<std::int32_t> stars{};

  friend bool operator==(const Note&, const Note&) = default;
  static const ModelSchema& model() { return notes().models[0]; }
  [[nodiscard]] Record to_record() const {
    Record record(model());
    record.values = {to_value(id), to_value(text), to_value(stars)};
    return record;
  }
  static Note from_record(Record&& record) {
    Note note;
    from_value(std::move(record.values[0]), note.id);
    from_value(std::move(record.values[1]), note.text);
    from_value(std::move(record.values[2]), note.stars);
    return note;
  }
  struct fields {
    static constexpr Field<Note, std::string> text{"text"};
    static constexpr Field<Note, std::optional<std::int32_t>> stars{"stars"};
  };
};

// Q01, L02
TEST(DataStore, SavesQueriesEditsAndRemoves) {
  auto store = DataStore::open(notes()).value();
  const auto first = store.save(Note{.text = "one", .stars = 1}).value();
  EXPECT_FALSE(first.id.empty());
  ASSERT_TRUE(store.save(Note{.text = "two", .stars = 5}));
  EXPECT_EQ(store.get<Note>(first.id).value(), first);
  const auto loud = store.query<Note>(Note::fields::stars > 3).value();
  ASSERT_EQ(loud.size(), 1U);
  EXPECT_EQ(loud[0].text, "two");

  const auto edit = copy_of(first, [](Note& draft) { draft.text = "edited"; });
  EXPECT_EQ(store.save(edit).value().text, "edited");
  EXPECT_EQ(store.save(edit, Note::fields::stars > 3).error().code, Code::condition_failed);

  EXPECT_TRUE(store.remove(first).value());
  EXPECT_EQ(store.save(edit).error().code, Code::not_found);
  EXPECT_EQ(store.remove_all<Note>().value(), 1U);
  EXPECT_EQ(store.pending_count().value(), 0U);
}

TEST(DataStore, TellsObserversInTheApplicationsTypes) {
  auto store = DataStore::open(notes()).value();
  std::vector<Note> seen;
  const auto watch = store.observe<Note>([&seen](const Change<Note>& change) { seen.push_back(change.element); },
                                         Note::fields::stars > 3);
  ASSERT_TRUE(store.save(Note{.text = "quiet", .stars = 1}));
  const auto loud = store.save(Note{.text = "loud", .stars = 5}).value();
  EXPECT_EQ(seen, std::vector<Note>{loud});
}

TEST(DataStore, AcknowledgesNoSaveIntoAFileThatWasDeleted) {
  const client::ScratchFolder folder;
  const StoreOptions options{.path = folder.file("notes.db"), .durability = Durability::normal, .delivery = {}, .executor = {}};
  auto store = DataStore::open(notes(), options).value();
  ASSERT_TRUE(store.save(Note{.text = "kept"}));
  for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(folder.file("notes.db") + end);
  EXPECT_EQ(store.save(Note{.text = "lost"}).error().code, Code::storage_failed);
  auto anew = DataStore::open(notes(), options).value();
  EXPECT_TRUE(anew.save(Note{.text = "anew"}));
  EXPECT_EQ(anew.query<Note>().value().size(), 1U);
}

// L16, ST43
TEST(DataStore, KeepsRowsAndUnsentChangesInItsFile) {
  const client::ScratchFolder folder;
  const StoreOptions options{.path = folder.file("notes.db"), .durability = Durability::normal, .delivery = {}, .executor = {}};
  const auto note = DataStore::open(notes(), options).value().save(Note{.text = "kept"}).value();
  auto store = DataStore::open(notes(), options).value();
  EXPECT_EQ(store.get<Note>(note.id).value(), note);
  EXPECT_EQ(store.pending_count().value(), 1U);
  ASSERT_TRUE(store.clear());
  EXPECT_EQ(store.pending_count().value(), 0U);
}

TEST(DataStore, RefusesWhatItCanNotOpen) {
  EXPECT_FALSE(DataStore::open(notes(), {.path = "no/such/folder/notes.db", .durability = {}, .delivery = {}, .executor = {}}));
  const auto refused = DataStore::open(notes(), {.path = {}, .durability = {}, .delivery = Delivery::on_executor, .executor = {}});
  EXPECT_EQ(refused.error().code, Code::invalid_argument);
}

TEST(DataStore, GoesOnWhenNoServiceAnswers) {
  auto store = DataStore::open(notes()).value();
  SyncOptions options;
  options.endpoint = "http://127.0.0.1:1/graphql";
  ASSERT_TRUE(store.start(options));
  ASSERT_TRUE(store.save(Note{.text = "one"}));
  store.stop();
  EXPECT_EQ(store.pending_count().value(), 1U);
}

}  // namespace
}  // namespace holdfast
