#include "client/outbox/net_changes.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace holdfast::outbox {
namespace {

/// One record's way through the transaction. `before` and `now`: its row at the start, and after the writes so far.
struct Course {
  std::size_t place = 0;
  std::optional<Record> before = {};
  std::optional<Record> now = {};
};

class Courses {
 public:
  explicit Courses(std::size_t count) {
    courses_.reserve(count);
    by_name_.reserve(count);
  }

  void follow(RecordChange change, std::optional<Record> original) {
    const bool is_removal = change.type == ChangeType::removed;
    const auto name = change.record.model->name + change.record.key().text();
    const auto [known, is_first] = by_name_.try_emplace(name, courses_.size());
    if (is_first) courses_.push_back({.before = is_removal ? change.record : std::move(original)});
    auto& course = courses_[known->second];
    // An update of a row that the transaction has written already keeps its place.
    if (is_first || is_removal || !course.now) course.place = places_;
    ++places_;
    course.now = is_removal ? std::nullopt : std::optional(std::move(change.record));
  }

  std::vector<RecordChange> net() && {
    std::vector<std::optional<RecordChange>> in_place(places_);
    for (auto& course : courses_) {
      if (course.before == course.now) continue;
      const auto type = !course.now ? ChangeType::removed : course.before ? ChangeType::updated : ChangeType::inserted;
      in_place[course.place] = {type, Origin::local, std::move(course.now ? *course.now : *course.before)};
    }
    std::vector<RecordChange> changes;
    for (auto& change : in_place) {
      if (change) changes.push_back(std::move(*change));
    }
    return changes;
  }

 private:
  std::vector<Course> courses_;
  std::unordered_map<std::string, std::size_t> by_name_;  // Looked up only: its order reaches nobody.
  std::size_t places_ = 0;
};

}  // namespace

std::vector<RecordChange> net_changes(Written written) {
  const auto is_insertion = [](const RecordChange& change) { return change.type == ChangeType::inserted; };
  // Nothing is inserted twice without a removal between: a batch of new records is its own net.
  const bool is_net =
      written.changes.size() < 2 || std::all_of(written.changes.begin(), written.changes.end(), is_insertion);
  if (is_net) return std::move(written.changes);
  Courses courses(written.changes.size());
  for (std::size_t at = 0; at < written.changes.size(); ++at) {
    courses.follow(std::move(written.changes[at]), std::move(written.originals[at]));
  }
  return std::move(courses).net();
}

}  // namespace holdfast::outbox
