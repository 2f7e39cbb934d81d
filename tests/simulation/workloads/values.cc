// Fields that one device alone writes: what it saved last must stand at the end.
#include <array>
#include <utility>

#include "tests/simulation/workloads/last_values.h"

namespace holdfast::simulation {
namespace {

/// What the three workloads of a post a device share.
class OwnPosts : public Workload {
 public:
  OwnPosts(World& world, std::string prefix, std::string field)
      : Workload(world), prefix_(std::move(prefix)), field_(std::move(field)) {}

  void operate(SimDevice& sim) override {
    const auto id = prefix_ + std::to_string(sim.number);
    auto found = find(sim, "Post", Key{{id}});
    if (!is_up(sim)) return;
    if (found && may_remove_ && random().happens(200)) {
      return values_.wrote(name_of("Post", id), remove(sim, *found, "an own removal"), {});
    }
    // After a sign-out the row may not be back yet, and would be created a second time.
    if (!found && signed_out_.contains(sim.number)) return;
    Record record = found ? *found : Record(model(sim, "Post"));
    record["id"] = id;
    if (!found) record["title"] = "own";
    const auto value = next_value(found ? &*found : nullptr);
    const auto condition = found ? condition_of(*found) : Predicate{};
    record[field_] = value;
    const Patch changes{{*record.model->field_index(field_), value}};
    const auto made = save(sim, std::move(record), found ? &changes : nullptr, "an own save", condition);
    values_.wrote(name_of("Post", id), made, value);
  }
  void on_sign_out(const SimDevice& sim, const std::set<std::string>& unsent) override {
    signed_out_.insert(sim.number);
    values_.on_sign_out(unsent);
  }
  void check_end(const Rows& backend) override {
    const auto wrong = values_.check(backend, field_);
    if (!wrong.empty()) fail(wrong);
  }

 protected:
  [[nodiscard]] virtual Value next_value(const Record* held) = 0;
  [[nodiscard]] virtual Predicate condition_of(const Record& /*held*/) const { return {}; }
  [[nodiscard]] const Value& held_value(const Record& held) const { return held[field_]; }
  void may_remove() { may_remove_ = true; }

 private:
  const std::string prefix_;
  const std::string field_;
  bool may_remove_ = false;
  std::set<unsigned> signed_out_;
  LastValues values_;
};

class Registers final : public OwnPosts {
 public:
  explicit Registers(World& world) : OwnPosts(world, "own-register-", "title") { may_remove(); }

 private:
  Value next_value(const Record* /*held*/) override { return "own title " + std::to_string(next_count()); }
};

/// Each increment is on condition of the number before, here and at the service: a write that is lost, doubled or out
/// of order breaks the chain, and the counter stays behind.
class Counters final : public OwnPosts {
 public:
  explicit Counters(World& world) : OwnPosts(world, "own-counter-", "rating") {}

 private:
  Value next_value(const Record* held) override { return held ? *held_value(*held).as_integer() + 1 : std::int64_t{0}; }
  [[nodiscard]] Predicate condition_of(const Record& held) const override {
    return Predicate::compare("rating", Op::eq, {held_value(held)});
  }
};

class Lists final : public OwnPosts {
 public:
  explicit Lists(World& world) : OwnPosts(world, "own-list-", "tags") {}

 private:
  Value next_value(const Record* held) override {
    auto tags = held && held_value(*held).as_list() ? *held_value(*held).as_list() : List();
    if (tags.size() > 3 && random().happens(300)) tags.erase(tags.begin());
    tags.emplace_back("tag " + std::to_string(next_count()));
    return tags;
  }
};

/// A post that all edit, each device a field of its own. Automerge takes each side's change of a field that the other
/// has not touched. Some fields go to and fro between two values: a merge against another ancestor than the one that
/// the device saw takes the way back for no change.
class Team final : public Workload {
 public:
  using Workload::Workload;
  void found() override {
    Record team(served_model("Post"));
    team["id"] = team_id;
    team["title"] = "team";
    Workload::found(std::move(team));
    for (std::size_t at = 0; at < fields.size(); ++at) {
      values_[at].begin(name_of("Post", team_id), at == 0 ? Value("team") : Value());
    }
  }
  void operate(SimDevice& sim) override {
    auto team = find(sim, "Post", Key{{team_id}});
    if (!team || sim.number >= fields.size()) return;  // Not synced yet.
    const bool is_newer = sim.number == 1 && team->model->field_index(newer_field) && random().happens(400);
    const auto* field = is_newer ? newer_field : fields.at(sim.number);
    const auto value = is_newer ? Value("newer " + std::to_string(next_count())) : value_of(sim.number);
    const Patch changes{{*team->model->field_index(field), value}};
    (is_newer ? newer_ : values_[sim.number])
        .wrote(name_of("Post", team_id), save(sim, std::move(*team), &changes, "a save of the team's post"), value);
  }
  void on_sign_out(const SimDevice& sim, const std::set<std::string>& unsent) override {
    if (sim.number < fields.size()) values_[sim.number].on_sign_out(unsent);
    if (sim.number == 1) newer_.on_sign_out(unsent);
  }
  void check_end(const Rows& backend) override {
    if (options().conflict != server::ConflictStrategy::automerge) return;
    for (std::size_t at = 0; at < fields.size(); ++at) {
      const auto wrong = values_[at].check(backend, fields.at(at));
      if (!wrong.empty()) fail(wrong);
    }
    const auto wrong = served_model("Post").field_index(newer_field) ? newer_.check(backend, newer_field) : "";
    if (!wrong.empty()) fail(wrong);
  }

 private:
  static constexpr const char* team_id = "own-team";
  static constexpr std::array<const char*, 4> fields{"title", "rating", "score", "status"};

  Value value_of(unsigned device) {
    const auto count = next_count();
    if (device == 0) return "team title " + std::to_string(count);
    if (device == 2) {
      return count % 2 == 0 ? Value(count) : Value(count + 0.5);  // A whole number in a floating field, too.
    }
    if (device == 3) return random().happens(500) ? "ACTIVE" : "INACTIVE";
    return random().between(0, 1);
  }

  std::array<LastValues, fields.size()> values_;
  LastValues newer_;  ///< The field that older devices do not know; of device 1.
};

template <class Kind>
WorkloadKind kind(std::string_view name) {
  return {name, {}, [](World& world, const WorkloadSpec&, SimRandom&) { return std::make_unique<Kind>(world); }};
}

}  // namespace

std::vector<WorkloadKind> value_kinds() {
  return {kind<Registers>("registers"), kind<Counters>("counters"), kind<Lists>("lists"), kind<Team>("team")};
}

}  // namespace holdfast::simulation
