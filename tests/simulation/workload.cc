#include "tests/simulation/workload.h"

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace holdfast::simulation {
namespace {

constexpr const char* team_id = "own-team";

// Each device's field of the team's post.
constexpr const char* team_fields[] = {"title", "rating", "score", "status"};

Value team_value(unsigned device, int count) {
  if (device == 0) return "team title " + std::to_string(count);
  if (device == 2) return count % 2 == 0 ? Value(count) : Value(count + 0.5);  // A whole number in a floating field, too.
  if (device == 3) return count % 2 == 0 ? "ACTIVE" : "INACTIVE";
  return count;
}

bool is_disk_failure(const Error& error) { return error.code == Code::storage_failed; }

}  // namespace

void Workload::found() {
  Record team(*world_.schema_.model("Post"));
  team["id"] = team_id;
  team["title"] = "team";
  team["createdAt"] = team["updatedAt"] = "2026-11-21T07:30:00.000Z";
  auto founded = world_.store_->put({.record = std::move(team), .expected_version = 0, .is_deleted = false, .mutation_id = {}});
  if (!founded) world_.fail("the backend's store cannot be written: " + founded.error().message);
  for (unsigned number = 0; number < world_.options_.founded_rows; ++number) {
    Record post(*world_.schema_.model("Post"));
    post["id"] = "founded-" + std::to_string(number);
    post["title"] = "founded";
    post["createdAt"] = post["updatedAt"] = "2026-11-21T07:30:00.000Z";
    founded = world_.store_->put({.record = std::move(post), .expected_version = 0, .is_deleted = false, .mutation_id = {}});
    if (!founded) world_.fail("the backend's store cannot be written: " + founded.error().message);
  }
}

void Workload::plan() {
  for (unsigned count = 0; count < world_.options_.operations; ++count) {
    const auto at = Milliseconds(world_.random_.between(0, world_.options_.chaos_ms));
    world_.agenda_.after(at, [this] {
      auto& sim = *world_.devices_[below(world_.random_, world_.options_.devices)];
      if (is_up(sim)) operate(sim);
    });
  }
}

void Workload::operate(SimDevice& sim) {
  const auto drawn = world_.random_.between(0, 99);
  ++count_;
  world_.say("device " + std::to_string(sim.number) + " operation " + std::to_string(drawn));
  if (drawn < 15) return edit_own(sim);
  if (drawn < 30) return edit_team(sim);
  if (drawn < 50) return create(sim);
  if (drawn < 80) return edit_shared(sim);
  if (drawn < 90) return remove_shared(sim);
  save_conditionally(sim);
}

std::vector<Record> Workload::rows(SimDevice& sim, const ModelSchema& model) {
  std::vector<Record> out;
  auto read = sim.device->query(model, {}, [&](Record& row) {
    if (row.values.front().as_string()->rfind("own-", 0) != 0) out.push_back(row);
  });
  if (!read) world_.fail("a query failed: " + read.error().message);
  return out;
}

void Workload::edit_own(SimDevice& sim) {
  const auto& post = *world_.schema_.model("Post");
  const auto id = "own-" + std::to_string(sim.number);
  const auto title = "own title " + std::to_string(count_);
  auto found = sim.device->find(post, Key{{id}});
  if (!found) return;
  if (*found && world_.random_.happens(200)) return remove_own(sim, **found);
  Record record = *found ? std::move(**found) : Record(post);
  record["id"] = id;
  record["title"] = title;
  const Patch changes{{*post.field_index("title"), title}};
  auto saved = sim.device->save(record, *found ? &changes : nullptr, {});
  auto& titles = own_titles_[id];
  if (titles.empty()) titles = {""};
  if (!is_up(sim)) {
    titles.insert(title);  // The process died in the save: the old title or the new one.
  } else if (saved) {
    titles = {title};
  } else if (!is_disk_failure(saved.error())) {
    world_.fail("an own save failed: " + saved.error().message);
  }
}

void Workload::remove_own(SimDevice& sim, const Record& own) {
  auto& titles = own_titles_[*own["id"].as_string()];
  auto removed = sim.device->remove(own, {});
  if (!is_up(sim)) {
    titles.insert("");
  } else if (removed) {
    titles = {""};
  } else if (!is_disk_failure(removed.error())) {
    world_.fail("an own removal failed: " + removed.error().message);
  }
}

void Workload::edit_team(SimDevice& sim) {
  const auto& post = *world_.schema_.model("Post");
  auto team = sim.device->find(post, Key{{team_id}});
  if (!team || !*team) return;  // Not synced yet.
  const auto* field = team_fields[sim.number];
  const auto value = team_value(sim.number, count_);
  const Patch changes{{*post.field_index(field), value}};
  auto& values = team_values_[sim.number];
  if (values.empty()) values = {(**team)[field]};
  auto saved = sim.device->save(std::move(**team), &changes, {});
  if (!is_up(sim)) {
    values.push_back(value);
  } else if (saved) {
    values = {value};
  } else if (!is_disk_failure(saved.error())) {
    world_.fail("a save of the team's post failed: " + saved.error().message);
  }
}

void Workload::create(SimDevice& sim) {
  const auto& schema = world_.schema_;
  const auto posts = rows(sim, *schema.model("Post"));
  const auto drawn = world_.random_.between(0, 9);
  Record record;
  if (drawn < 5 || posts.empty()) {
    record = Record(*schema.model("Post"));
    record["title"] = "title " + std::to_string(count_);
    record["rating"] = count_;
    record["tags"] = List{"a", "b"};
    record["place"] = Object{{"city", "Rom"}, {"lat", 41.9}};
  } else if (drawn < 8) {
    record = Record(*schema.model("Comment"));
    record["content"] = "comment " + std::to_string(count_);
    record["postCommentsId"] = posts[below(world_.random_, posts.size())]["id"];
  } else {
    // Two devices may take the same seat: the key is not random.
    record = Record(*schema.model("Seat"));
    record["city"] = world_.random_.happens(500) ? "Rom" : "Oslo";
    record["row"] = world_.random_.between(1, 5);
    record["note"] = "note " + std::to_string(count_);
  }
  const bool has_shared_key = record.model->name == "Seat";
  auto saved = sim.device->save(std::move(record), nullptr, {});
  if (!saved && is_up(sim) && !is_disk_failure(saved.error())) return world_.fail("a create failed: " + saved.error().message);
  if (saved && is_up(sim) && !has_shared_key) created_.insert(row_name(*saved->model, saved->key()));
}

void Workload::edit_shared(SimDevice& sim) {
  const auto& model = world_.schema_.models[below(world_.random_, world_.schema_.models.size())];
  const auto found = rows(sim, model);
  if (found.empty()) return;
  auto record = found[below(world_.random_, found.size())];
  const auto original = record;
  const auto text = "edit " + std::to_string(count_);
  if (model.name == "Post") {
    const auto drawn = world_.random_.between(0, 4);
    if (drawn == 0) record["title"] = text;
    if (drawn == 1) record["rating"] = count_;
    if (drawn == 2) record["status"] = world_.random_.happens(500) ? Value("ACTIVE") : Value();
    if (drawn == 3) record["tags"] = List{text};
    if (drawn == 4) record["place"] = Object{{"city", text}, {"lat", nullptr}};
  } else {
    record[model.name == "Comment" ? "content" : "note"] = text;
  }
  const auto changes = difference(original, record);
  auto saved = sim.device->save(std::move(record), &changes, {});
  if (!saved && is_up(sim) && !is_disk_failure(saved.error())) world_.fail("an edit failed: " + saved.error().message);
}

void Workload::remove_shared(SimDevice& sim) {
  const auto& model = world_.schema_.models[below(world_.random_, world_.schema_.models.size())];
  const auto found = rows(sim, model);
  if (found.empty()) return;
  const auto& record = found[below(world_.random_, found.size())];
  removed_.insert(row_name(model, record.key()));
  if (model.name == "Post") {
    // Its comments go with it.
    for (const auto& comment : rows(sim, *world_.schema_.model("Comment"))) {
      if (comment["postCommentsId"] == record["id"]) removed_.insert(row_name(*comment.model, comment.key()));
    }
  }
  auto removed = sim.device->remove(record, {});
  if (!removed && is_up(sim) && !is_disk_failure(removed.error())) world_.fail("a removal failed: " + removed.error().message);
}

void Workload::save_conditionally(SimDevice& sim) {
  const auto found = rows(sim, *world_.schema_.model("Post"));
  if (found.empty()) return;
  auto record = found[below(world_.random_, found.size())];
  const auto condition = Predicate::compare("rating", Op::lt, {count_});
  const Patch changes{{*record.model->field_index("rating"), count_}};
  record["rating"] = count_;
  auto saved = sim.device->save(std::move(record), &changes, condition);
  const bool is_expected = saved || saved.error().code == Code::condition_failed || is_disk_failure(saved.error());
  if (!is_expected && is_up(sim)) world_.fail("a conditional save failed: " + saved.error().message);
}

void Workload::check_end(const Rows& backend) {
  for (const auto& name : created_) {
    if (!removed_.contains(name) && !backend.contains(name)) world_.fail("lost: " + name + " was saved and never removed");
  }
  check_own(backend);
  check_team(backend);
}

void Workload::check_own(const Rows& backend) const {
  for (const auto& [id, titles] : own_titles_) {
    const auto found = backend.find(row_name(*world_.schema_.model("Post"), Key{{id}}));
    const auto* title = found == backend.end() ? nullptr : found->second["title"].as_string();
    if (titles.empty() || titles.contains(title ? *title : "")) continue;
    world_.fail("lost: " + id + " ends with " + (title ? *title : "nothing") + ", last saved " + *titles.rbegin());
  }
}

// Automerge takes each side's change of a field that the other has not touched.
void Workload::check_team(const Rows& backend) const {
  if (world_.options_.conflict != server::ConflictStrategy::automerge) return;
  const auto found = backend.find(row_name(*world_.schema_.model("Post"), Key{{team_id}}));
  if (found == backend.end()) return world_.fail("lost: the team's post");
  for (const auto& [device, values] : team_values_) {
    const auto& held = found->second[team_fields[device]];
    const auto is_held = [&held](const Value& value) { return numbers_equal(value, held); };
    if (values.empty() || std::any_of(values.begin(), values.end(), is_held)) continue;
    world_.fail("lost: the team's " + std::string(team_fields[device]) + " is " + json::write(held) + ", last saved " +
                json::write(values.back()));
  }
}

}  // namespace holdfast::simulation
