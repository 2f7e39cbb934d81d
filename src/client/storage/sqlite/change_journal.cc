#include "client/storage/sqlite/change_journal.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/json.h"
#include "client/storage/sqlite/row_reader.h"
#include "client/storage/stored_form.h"

namespace holdfast::client {
namespace {

/// Lines that are kept for a process that sleeps. One that misses some is told that it did.
constexpr std::int64_t lines_max = 50'000;
/// How often older ones are looked for.
constexpr std::int64_t trim_every = 1'000;

constexpr std::string_view opened = "opened";
constexpr std::string_view cleared = "cleared";

std::string text_of(const Record& record) {
  Object fields;
  for (std::size_t at = 0; at < record.values.size(); ++at) {
    fields.append(record.model->fields[at].name, record.values[at]);
  }
  return json::write(fields);
}

Result<bool> is_made(sqlite::Connection& connection) {
  return connection.integer_of("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'holdfast_changes')")
      .transform([](std::int64_t is_there) { return is_there != 0; });
}

Result<Record> record_of(const ModelSchema& model, std::string_view text) {
  HOLDFAST_TRY(parsed, json::parse(text));
  Record record(model);
  for (std::size_t at = 0; at < record.values.size(); ++at) record.values[at] = parsed[model.fields[at].name];
  return record;
}

}  // namespace

struct ChangeJournal::Line {
  std::string_view kind;
  const ModelSchema* model = nullptr;
  std::string key = {};
  std::string before = {};
};

/// What several lines say of one row.
struct ChangeJournal::Course {
  const ModelTable* table = nullptr;
  Key key;
  bool was_there = false;              ///< Before the first line.
  bool was_removed = false;            ///< At some time: a row that is there now is another.
  bool is_remote = true;               ///< All of them.
  std::optional<Record> removed = {};  ///< As it last was.
};

Result<void> ChangeJournal::make(sqlite::Connection& connection) {
  HOLDFAST_TRY(made,
               connection.run("CREATE TABLE IF NOT EXISTS holdfast_changes (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                              " kind TEXT NOT NULL, model TEXT, key TEXT, before TEXT, is_remote INTEGER NOT NULL)"));
  HOLDFAST_TRY(written, write(connection, {.kind = opened}));
  end(true);
  return {};
}

Result<void> ChangeJournal::empty(sqlite::Connection& connection) {
  HOLDFAST_TRY(is_there, is_made(connection));
  return is_there ? connection.run("DELETE FROM holdfast_changes") : Result<void>();
}

Result<void> ChangeJournal::skip(sqlite::Connection& connection) {
  HOLDFAST_TRY(last, connection.integer_of("SELECT seq FROM sqlite_sequence WHERE name = 'holdfast_changes'"));
  read_ = last;
  return {};
}

Result<void> ChangeJournal::note(sqlite::Connection& connection, const std::optional<Record>& before,
                                 const std::optional<Record>& after) {
  if (before == after) return {};
  Line line{.kind = name(after ? (before ? ChangeType::updated : ChangeType::inserted) : ChangeType::removed)};
  const auto& record = after ? *after : *before;
  line.model = record.model;
  line.key = record.key().text();
  if (!after) line.before = text_of(*before);
  return write(connection, line);
}

Result<void> ChangeJournal::note_clearing(sqlite::Connection& connection) {
  return write(connection, {.kind = cleared});
}

Result<void> ChangeJournal::write(sqlite::Connection& connection, const Line& line) {
  HOLDFAST_TRY(statement, connection.cached("INSERT INTO holdfast_changes (kind, model, key, before, is_remote)"
                                            " VALUES (?, ?, ?, ?, ?)"));
  statement->bind(1, line.kind);
  if (line.model) statement->bind(2, std::string_view(line.model->name));
  if (line.model) statement->bind(3, std::string_view(line.key));
  if (!line.before.empty()) statement->bind(4, std::string_view(line.before));
  statement->bind(5, std::int64_t{is_remote_ ? 1 : 0});
  HOLDFAST_TRY(done, statement->run());
  written_ = connection.last_insert_rowid();
  if (written_ % trim_every != 0) return {};
  HOLDFAST_TRY(trim, connection.cached("DELETE FROM holdfast_changes WHERE id <= ?"));
  trim->bind(1, written_ - lines_max);
  return trim->run();
}

void ChangeJournal::end(bool is_committed) noexcept {
  const auto written = std::exchange(written_, 0);
  if (is_committed && written != 0) read_ = written;
}

// --- reading -------------------------------------------------------------------------------------------------

Result<void> ChangeJournal::read(sqlite::Connection& connection, News& news) {
  HOLDFAST_TRY(is_there, is_made(connection));
  if (!is_there) return {};
  HOLDFAST_TRY(statement, connection.cached("SELECT id, kind, model, key, before, is_remote FROM holdfast_changes"
                                            " WHERE id > ? ORDER BY id"));
  statement->bind(1, read_);
  News told;
  std::vector<Course> courses;
  auto last = read_;
  for (;;) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row) break;
    const auto id = statement->column_integer(0);
    told.is_incomplete = told.is_incomplete || id != last + 1;
    last = id;
    HOLDFAST_TRY(followed, follow(*statement, told, courses));
  }
  HOLDFAST_TRY(resolved, resolve(connection, std::move(courses), told));
  read_ = last;
  if (told.is_cleared) news = {};  // What was noticed before it is gone with the rest.
  news.is_cleared = news.is_cleared || told.is_cleared;
  news.is_incomplete = news.is_incomplete || told.is_incomplete;
  for (auto& change : told.changes) news.changes.push_back(std::move(change));
  return {};
}

/// A line of a model that this process does not know is not its concern.
Result<void> ChangeJournal::follow(const sqlite::Statement& row, News& news, std::vector<Course>& courses) const {
  const auto kind = row.column_text(1);
  if (kind == cleared) {
    news.is_cleared = true;
    courses.clear();
  }
  const auto* model = row.column_is_null(2) ? nullptr : schema_.model(row.column_text(2));
  if (!model) return {};
  HOLDFAST_TRY(key, Key::from_text(row.column_text(3)));
  Course course{.table = &tables_[index_of(schema_, *model)], .key = std::move(key)};
  course.was_there = kind != name(ChangeType::inserted);
  course.is_remote = row.column_integer(5) != 0;
  if (kind == name(ChangeType::removed)) {
    HOLDFAST_TRY(before, record_of(*model, row.column_text(4)));
    course.was_removed = true;
    course.removed = std::move(before);
  }
  courses.push_back(std::move(course));
  return {};
}

/// One change a record, where its last line stands; a row that was removed and is there again is two.
Result<void> ChangeJournal::resolve(sqlite::Connection& connection, std::vector<Course> courses, News& news) const {
  std::unordered_map<std::string, std::size_t> last_of;  // Looked up only.
  for (std::size_t at = 0; at < courses.size(); ++at) {
    auto& course = courses[at];
    const auto [known, is_first] = last_of.try_emplace(course.table->model->name + course.key.text(), at);
    if (is_first) continue;
    auto& earlier = courses[std::exchange(known->second, at)];
    course.was_there = earlier.was_there;
    course.was_removed = course.was_removed || earlier.was_removed;
    course.is_remote = course.is_remote && earlier.is_remote;
    if (!course.removed) course.removed = std::move(earlier.removed);
    earlier.table = nullptr;
  }
  for (auto& course : courses) {
    if (!course.table) continue;
    const auto origin = course.is_remote ? Origin::remote : Origin::local;
    HOLDFAST_TRY(now, read_row(connection, *course.table, course.key));
    const bool is_new = now && (!course.was_there || course.was_removed);
    if (course.was_there && course.removed && (!now || is_new)) {
      news.changes.push_back({ChangeType::removed, origin, std::move(*course.removed)});
    }
    if (!now) continue;
    news.changes.push_back({is_new ? ChangeType::inserted : ChangeType::updated, origin, std::move(*now->record)});
  }
  return {};
}

}  // namespace holdfast::client
