// Parents and children.
#include <array>
#include <iterator>
#include <utility>

#include "tests/simulation/workloads/last_values.h"

namespace holdfast::simulation {
namespace {

/// Three posts a device, and a comment of each. A turn lets every comment go to the next post, in one transaction: on
/// the device the ring is whole at any time, at the backend no comment is there before its post; the last turn stands.
class Rings final : public Workload {
 public:
  using Workload::Workload;
  void operate(SimDevice& sim) override {
    const auto found = find(sim, "Comment", Key{{comment_id(sim.number, 0)}});
    if (!is_up(sim)) return;
    const auto first = name_of("Comment", comment_id(sim.number, 0));
    if (!found && !values_.is_certain(first)) return;  // Signed out; not synced back yet.
    for (std::size_t at = 0; found && at < spokes; ++at) {
      if (!find(sim, "Post", Key{{post_id(sim.number, at)}})) return;  // Refused, or not synced back yet.
    }
    if (!is_up(sim)) return;
    const auto turned = (turns_[sim.number] + 1) % spokes;
    const auto done = sim.device->transaction(
        [&](Transaction& transaction) { return turn(transaction, sim, turned, found.has_value()); });
    const auto outcome =
        made(sim, done ? std::nullopt : std::optional(done.error()), "a turn of a ring", {Code::not_found});
    if (outcome != Made::no) turns_[sim.number] = turned;
    for (std::size_t at = 0; at < spokes; ++at) {
      values_.wrote(name_of("Comment", comment_id(sim.number, at)), outcome,
                    post_id(sim.number, (at + turned) % spokes));
    }
  }
  void on_sign_out(const SimDevice& sim, const std::set<std::string>& /*unsent*/) override {
    // Its comments come back one by one.
    std::set<std::string> all;
    for (std::size_t at = 0; at < spokes; ++at) all.insert(name_of("Comment", comment_id(sim.number, at)));
    values_.on_sign_out(all);
  }
  void on_written(const server::Image& image) override {
    if (image.record.model->name == "Post") posts_.insert(*image.record["id"].as_string());
    if (image.record.model->name != "Comment") return;
    const auto* parent = image.record["postCommentsId"].as_string();
    if (parent && parent->starts_with("own-ring-") && !posts_.contains(*parent)) {
      fail("order: a comment reached the backend before its post " + *parent);
    }
  }
  void check_device(const SimDevice& sim, const Rows& held) override {
    const auto first = name_of("Comment", comment_id(sim.number, 0));
    if (!values_.is_certain(first)) return;
    std::set<std::string> parents;
    for (std::size_t at = 0; at < spokes; ++at) {
      const auto found = held.find(name_of("Comment", comment_id(sim.number, at)));
      if (found != held.end()) parents.insert(*found->second["postCommentsId"].as_string());
    }
    if (!parents.empty() && parents.size() != spokes) {
      fail("ring: device " + std::to_string(sim.number) + " shows half of a transaction");
    }
  }
  void check_end(const Rows& backend) override {
    const auto wrong = values_.check(backend, "postCommentsId");
    if (!wrong.empty()) fail(wrong);
  }

 private:
  static constexpr std::size_t spokes = 3;
  static std::string post_id(unsigned device, std::size_t at) {
    return "own-ring-" + std::to_string(device) + "-post-" + std::to_string(at);
  }
  static std::string comment_id(unsigned device, std::size_t at) {
    return "own-ring-" + std::to_string(device) + "-comment-" + std::to_string(at);
  }

  static Result<void> turn(Transaction& transaction, const SimDevice& sim, std::size_t turned, bool is_there) {
    for (std::size_t at = 0; !is_there && at < spokes; ++at) {
      Record post(model(sim, "Post"));
      post["id"] = post_id(sim.number, at);
      post["title"] = "spoke";
      HOLDFAST_TRY(saved, transaction.save_record(std::move(post), nullptr, {}));
    }
    for (std::size_t at = 0; at < spokes; ++at) {
      Record comment(model(sim, "Comment"));
      if (is_there) {
        HOLDFAST_TRY(found, transaction.find_record(*comment.model, Key{{comment_id(sim.number, at)}}));
        if (!found) return Error{Code::not_found, "not all of the ring is here"};
        comment = std::move(*found);
      }
      const Value parent = post_id(sim.number, (at + turned) % spokes);
      comment["id"] = comment_id(sim.number, at);
      comment["content"] = "rim";
      comment["postCommentsId"] = parent;
      const Patch changes{{*comment.model->field_index("postCommentsId"), parent}};
      HOLDFAST_TRY(saved, transaction.save_record(std::move(comment), is_there ? &changes : nullptr, {}));
    }
    return {};
  }

  std::map<unsigned, std::size_t> turns_;
  LastValues values_;
  std::set<std::string> posts_;  ///< That the backend has ever written.
};

/// Posts with comments that nobody edits; whoever sees one may remove it, and the comments that it sees go with it.
class Cascades final : public Workload {
 public:
  using Workload::Workload;
  void operate(SimDevice& sim) override {
    if (random().happens(600) || trees_.empty()) return plant(sim);
    auto& [id, tree] = *std::next(trees_.begin(), static_cast<std::ptrdiff_t>(below(random(), trees_.size())));
    fell(sim, id, tree);
  }
  void on_sign_out(const SimDevice& /*sim*/, const std::set<std::string>& unsent) override {
    for (auto& [id, tree] : trees_) {
      for (const auto& name : tree.names) tree.is_uncertain = tree.is_uncertain || unsent.contains(name);
    }
  }
  void check_end(const Rows& backend) override {
    for (const auto& [id, tree] : trees_) {
      if (tree.is_uncertain) continue;
      for (const auto& name : tree.names) {
        if (!tree.is_touched && !backend.contains(name)) fail("lost: " + name + " was saved and never removed");
      }
      for (const auto& name : tree.felled) {
        if (backend.contains(name)) fail("cascade: " + name + " was removed and is back");
      }
    }
  }

 private:
  struct Tree {
    std::vector<std::string> names;   ///< Of its rows.
    std::set<std::string> felled;     ///< Those that a removal took, which returned.
    bool is_touched = false;          ///< Somebody tried to remove it.
    bool is_uncertain = false;        ///< A process died in it, or gave it up.
  };

  void plant(SimDevice& sim) {
    const auto id = "own-tree-" + std::to_string(next_count());
    auto& tree = trees_[id];
    const auto done = sim.device->transaction([&](Transaction& transaction) -> Result<void> {
      Record post(model(sim, "Post"));
      post["id"] = id;
      post["title"] = "tree";
      HOLDFAST_TRY(saved, transaction.save_record(std::move(post), nullptr, {}));
      for (const auto* branch : {"-a", "-b", "-c"}) {
        Record comment(model(sim, "Comment"));
        comment["id"] = id + branch;
        comment["content"] = "branch";
        comment["postCommentsId"] = id;
        HOLDFAST_TRY(grown, transaction.save_record(std::move(comment), nullptr, {}));
      }
      return {};
    });
    const auto outcome = made(sim, done ? std::nullopt : std::optional(done.error()), "planting a tree");
    if (outcome == Made::no) return (void)trees_.erase(id);
    tree.is_uncertain = outcome == Made::unknown;
    tree.names.push_back(name_of("Post", id));
    for (const auto* branch : {"-a", "-b", "-c"}) tree.names.push_back(name_of("Comment", id + branch));
  }

  void fell(SimDevice& sim, const std::string& id, Tree& tree) {
    const auto post = find(sim, "Post", Key{{id}});
    if (!post) return;
    std::set<std::string> seen{name_of("Post", id)};
    for (const auto* branch : {"-a", "-b", "-c"}) {
      if (find(sim, "Comment", Key{{id + branch}})) seen.insert(name_of("Comment", id + branch));
    }
    if (!is_up(sim)) return;
    const auto outcome = remove(sim, *post, "felling a tree");
    if (outcome == Made::no) return;
    tree.is_touched = true;
    tree.is_uncertain = tree.is_uncertain || outcome == Made::unknown;
    tree.felled.insert(seen.begin(), seen.end());
  }

  std::map<std::string, Tree> trees_;
};

}  // namespace

std::vector<WorkloadKind> family_kinds() {
  return {{"rings", {}, [](World& world, const WorkloadSpec&, SimRandom&) { return std::make_unique<Rings>(world); }},
          {"cascades", {}, [](World& world, const WorkloadSpec&, SimRandom&) {
             return std::make_unique<Cascades>(world);
           }}};
}

}  // namespace holdfast::simulation
