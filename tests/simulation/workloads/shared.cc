// Records that every device writes.
#include <algorithm>
#include <map>
#include <utility>

#include "tests/simulation/workload.h"

namespace holdfast::simulation {
namespace {

/// Creates, edits, conditional saves and removals of random records: what was created and never removed must be there.
class SharedRows final : public Workload {
 public:
  using Workload::Workload;
  void operate(SimDevice& sim) override {
    const auto drawn = random().between(0, 69);
    if (drawn < 20) return create(sim);
    if (drawn < 50) return edit(sim);
    if (drawn < 60) return remove_one(sim);
    save_conditionally(sim);
  }
  void on_sign_out(const SimDevice& /*sim*/, const std::set<std::string>& unsent) override {
    for (const auto& name : unsent) created_.erase(name);
  }
  void check_end(const Rows& backend) override {
    for (const auto& name : created_) {
      if (!removed_.contains(name) && !backend.contains(name)) fail("lost: " + name + " was saved and never removed");
    }
  }

 private:
  Record post(SimDevice& sim, int count) {
    Record record(model(sim, "Post"));
    record["title"] = "title " + std::to_string(count);
    record["rating"] = count;
    record["tags"] = List{"a", "b"};
    record["place"] = Object{{"city", "Rom"}, {"lat", 41.9}};
    return record;
  }

  // Two devices may take the same seat: the key is not random.
  Record seat(SimDevice& sim, int count) {
    Record record(model(sim, "Seat"));
    record["city"] = random().happens(500) ? "Rom" : hidden_city;
    record["row"] = random().between(1, 5);
    record["note"] = "note " + std::to_string(count);
    return record;
  }

  void create(SimDevice& sim) {
    const auto count = next_count();
    const auto posts = shared_rows(sim, model(sim, "Post"));
    const auto drawn = random().between(0, 9);
    Record record;
    if (drawn < 5 || posts.empty()) {
      record = post(sim, count);
    } else if (drawn < 8) {
      record = Record(model(sim, "Comment"));
      record["content"] = "comment " + std::to_string(count);
      record["postCommentsId"] = posts[below(random(), posts.size())]["id"];
    } else {
      record = seat(sim, count);
    }
    if (is_hidden(sim, record) || !is_up(sim)) return;
    const bool has_shared_key = record.model->name == "Seat";
    const auto saved = sim.device->save(std::move(record), nullptr, {});
    const auto outcome = made(sim, saved ? std::nullopt : std::optional(saved.error()), "a create");
    if (outcome == Made::yes && !has_shared_key) created_.insert(row_name(*saved->model, saved->key()));
  }

  void edit(SimDevice& sim) {
    const auto count = next_count();
    const auto& edited = sim.schema->models[below(random(), sim.schema->models.size())];
    const auto found = shared_rows(sim, edited);
    if (found.empty()) return;
    auto record = found[below(random(), found.size())];
    const auto original = record;
    const auto text = "edit " + std::to_string(count);
    if (edited.name == "Post") {
      edit_post(record, text, count);
    } else {
      record[edited.name == "Comment" ? "content" : "note"] = text;
    }
    const auto changes = difference(original, record);
    save(sim, std::move(record), &changes, "an edit");
  }

  void edit_post(Record& record, const std::string& text, int count) {
    const bool is_newer = record.model->field_index(newer_field).has_value();
    const auto drawn = random().between(0, is_newer ? 5 : 4);
    if (drawn == 0) record["title"] = text;
    if (drawn == 1) record["rating"] = count;
    if (drawn == 2) record["status"] = random().happens(500) ? Value("ACTIVE") : Value();
    if (drawn == 3) record["tags"] = List{text};
    if (drawn == 4) record["place"] = Object{{"city", text}, {"lat", nullptr}};
    if (drawn == 5) record[newer_field] = text;
  }

  void remove_one(SimDevice& sim) {
    const auto& removed = sim.schema->models[below(random(), sim.schema->models.size())];
    const auto found = shared_rows(sim, removed);
    if (found.empty()) return;
    const auto& record = found[below(random(), found.size())];
    removed_.insert(row_name(removed, record.key()));
    if (removed.name == "Post") {
      // Its comments go with it.
      for (const auto& comment : shared_rows(sim, model(sim, "Comment"))) {
        if (comment["postCommentsId"] == record["id"]) removed_.insert(row_name(*comment.model, comment.key()));
      }
    }
    remove(sim, record, "a removal");
  }

  void save_conditionally(SimDevice& sim) {
    const auto count = next_count();
    const auto found = shared_rows(sim, model(sim, "Post"));
    if (found.empty()) return;
    auto record = found[below(random(), found.size())];
    const auto condition = Predicate::compare("rating", Op::lt, {count});
    const Patch changes{{*record.model->field_index("rating"), count}};
    record["rating"] = count;
    save(sim, std::move(record), &changes, "a conditional save", condition);
  }

  std::set<std::string> created_;  ///< By row name; the save returned, and it was not given up since.
  std::set<std::string> removed_;  ///< Somebody tried to remove it.
};

/// Several devices create a record of the same key, and nobody removes one: it is made once, of what somebody said.
class Seats final : public Workload {
 public:
  using Workload::Workload;
  void operate(SimDevice& sim) override {
    Record seat(model(sim, "Seat"));
    seat["city"] = "own-Bonn";
    seat["row"] = random().between(1, 5);
    if (find(sim, "Seat", seat.key()) || !is_up(sim)) return;
    seat["note"] = "taken " + std::to_string(next_count());
    const auto name = name_of("Seat", seat.key());
    const auto note = seat["note"];
    const auto outcome = save(sim, std::move(seat), nullptr, "taking a seat");
    if (outcome == Made::no) return;
    offered_[name].push_back(note);
    if (outcome == Made::yes) takers_[name].insert(sim.number);
  }
  void on_sign_out(const SimDevice& sim, const std::set<std::string>& unsent) override {
    for (const auto& name : unsent) takers_[name].erase(sim.number);
  }
  void on_written(const server::Image& image) override {
    if (image.record.model->name != "Seat" || image.metadata.version != 1) return;
    if (image.record["city"] != Value("own-Bonn")) return;
    if (!made_.insert(row_name(*image.record.model, image.record.key())).second) {
      fail("uniqueness: a seat was made twice");
    }
  }
  void check_end(const Rows& backend) override {
    for (const auto& [name, takers] : takers_) {
      if (!takers.empty() && !backend.contains(name)) fail("lost: " + name + " was taken");
    }
    for (const auto& [name, notes] : offered_) {
      const auto found = backend.find(name);
      if (found == backend.end()) continue;
      if (std::find(notes.begin(), notes.end(), found->second["note"]) == notes.end()) {
        fail("invented: the note of " + name);
      }
    }
  }

 private:
  std::map<std::string, std::set<unsigned>> takers_;    ///< Whose save returned, and was not given up since.
  std::map<std::string, std::vector<Value>> offered_;
  std::set<std::string> made_;
};

/// Bursts of saves of one field of one post by everybody at once.
class Contention final : public Workload {
 public:
  Contention(World& world, std::int64_t saves, std::int64_t pause_ms)
      : Workload(world), saves_(saves), pause_(pause_ms) {}
  void found() override {
    Record hot(served_model("Post"));
    hot["id"] = hot_id;
    hot["title"] = "hot";
    Workload::found(std::move(hot));
  }
  void operate(SimDevice& /*sim*/) override {
    for (std::int64_t count = 0; count < saves_; ++count) {
      after(pause_ * count, [this, count] {
        auto& sim = *devices()[static_cast<std::size_t>(count) % options().devices];
        if (is_up(sim)) heat(sim);
      });
    }
  }
  void check_end(const Rows& backend) override {
    const auto found = backend.find(name_of("Post", hot_id));
    if (found == backend.end()) return fail("lost: the post that all edit");
    if (last_ > 0 && !found->second["rating"].is_null() && *found->second["rating"].as_integer() > last_) {
      fail("invented: a rating");
    }
  }

 private:
  static constexpr const char* hot_id = "own-hot";

  void heat(SimDevice& sim) {
    auto hot = find(sim, "Post", Key{{hot_id}});
    if (!hot) return;
    last_ = next_count();
    const Patch changes{{*hot->model->field_index("rating"), last_}};
    save(sim, std::move(*hot), &changes, "a contended save");
  }

  const std::int64_t saves_;
  const Milliseconds pause_;
  std::int64_t last_ = 0;
};

}  // namespace

std::vector<WorkloadKind> shared_kinds() {
  return {
      {"rows", {}, [](World& world, const WorkloadSpec&, SimRandom&) { return std::make_unique<SharedRows>(world); }},
      {"seats", {}, [](World& world, const WorkloadSpec&, SimRandom&) { return std::make_unique<Seats>(world); }},
      {"contention", {{"saves", 12}, {"pause_ms", 10}}, [](World& world, const WorkloadSpec& spec, SimRandom& random) {
         const auto saves = spec.drawn(random, "saves");
         return std::make_unique<Contention>(world, saves, spec.drawn(random, "pause_ms"));
       }}};
}

}  // namespace holdfast::simulation
