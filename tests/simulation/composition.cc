#include "tests/simulation/composition.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <set>

#include "base/json.h"
#include "tests/simulation/workload.h"
#include "tests/simulation/world_options.h"

namespace holdfast::simulation {
namespace {

constexpr std::int64_t most = 1'000'000;

struct WorldSetting {
  std::string_view name;
  void (*set)(WorldOptions&, std::int64_t);
};

template <class Number>
constexpr Number narrowed(std::int64_t value) { return static_cast<Number>(value); }

/// Applied in this order.
constexpr WorldSetting world_settings[] = {
    {"network_faults",
     [](WorldOptions& options, std::int64_t value) {
       const auto& drawn = options.network;  // 0: the network only delays.
       if (value == 0) {
         options.network = {.delay_max_ms = drawn.delay_max_ms,
                            .queue_max_ms = drawn.queue_max_ms,
                            .together_max = drawn.together_max};
       }
     }},
    {"devices", [](WorldOptions& options, std::int64_t value) { options.devices = narrowed<unsigned>(value); }},
    {"operations", [](WorldOptions& options, std::int64_t value) { options.operations = narrowed<unsigned>(value); }},
    {"chaos_ms", [](WorldOptions& options, std::int64_t value) { options.chaos_ms = value; }},
    {"device_crashes",
     [](WorldOptions& options, std::int64_t value) { options.device_crashes = narrowed<unsigned>(value); }},
    {"backend_crashes",
     [](WorldOptions& options, std::int64_t value) { options.backend_crashes = narrowed<unsigned>(value); }},
    {"retries_conflicts", [](WorldOptions& options, std::int64_t value) { options.retries_conflicts = value > 0; }},
    {"sign_outs", [](WorldOptions& options, std::int64_t value) { options.sign_outs = narrowed<unsigned>(value); }},
    {"revocations", [](WorldOptions& options, std::int64_t value) { options.revocations = narrowed<unsigned>(value); }},
    {"expiries", [](WorldOptions& options, std::int64_t value) { options.expiries = narrowed<unsigned>(value); }},
    {"queued_bytes_max", [](WorldOptions& options,
                            std::int64_t value) { options.network.queued_bytes_max = narrowed<std::size_t>(value); }},
    {"has_expressions", [](WorldOptions& options, std::int64_t value) { options.has_expressions = value > 0; }},
    {"reselects", [](WorldOptions& options, std::int64_t value) { options.reselects = narrowed<unsigned>(value); }},
    {"expressions_spare_own",
     [](WorldOptions& options, std::int64_t value) { options.expressions_spare_own = value > 0; }},
    {"stall", [](WorldOptions& options, std::int64_t value) { options.network.stall = narrowed<unsigned>(value); }},
    {"disk_failure",
     [](WorldOptions& options, std::int64_t value) { options.disk_failure = narrowed<unsigned>(value); }},
    {"delay_max_ms", [](WorldOptions& options,
                        std::int64_t value) { options.network.delay_max_ms = std::max<std::int64_t>(value, 1); }},
    {"queue_max_ms", [](WorldOptions& options, std::int64_t value) { options.network.queue_max_ms = value; }},
};

template <class Named>
std::string names_of(const Named& all) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : ", ") + std::string(one.name);
  return out;
}

/// Reads one file; `place` is where in it.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  [[nodiscard]] Error wrong(const std::string& place, const std::string& what) const {
    return {Code::malformed, path_ + ": " + place + " " + what};
  }

  [[nodiscard]] Result<Range> range(const Value& value, const std::string& place) const {
    const auto* list = value.as_list();
    const auto low = list && list->size() == 2 ? (*list)[0].as_integer() : value.as_integer();
    const auto high = list && list->size() == 2 ? (*list)[1].as_integer() : value.as_integer();
    if (!low || !high || *low < 0 || *low > *high || *high > most) {
      return wrong(place, "must be a whole number from 0 to " + std::to_string(most) + ", or [lowest, highest]");
    }
    return Range(*low, *high);
  }

  [[nodiscard]] Result<std::map<std::string, Range>> ranges(const Value& value, const std::string& place,
                                                            const auto& known,
                                                            const std::set<std::string_view>& others) const {
    std::map<std::string, Range> out;
    for (const auto& [name, setting] : *value.as_object()) {
      if (others.contains(name)) continue;
      const auto is_it = [&name](const auto& one) { return one.name == name; };
      if (std::none_of(std::begin(known), std::end(known), is_it)) {
        return wrong(place + "." + name, "is not known; there are: " + names_of(known));
      }
      HOLDFAST_TRY(read, range(setting, place + "." + name));
      out.emplace(name, read);
    }
    return out;
  }

  [[nodiscard]] Result<WorkloadSpec> workload(const Value& value, const std::string& place) const {
    const auto* name = value.as_object() ? value["kind"].as_string() : nullptr;
    const auto& kinds = workload_kinds();
    const auto kind =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return name && one.name == *name; });
    if (kind == kinds.end()) return wrong(place + ".kind", "must be one of: " + names_of(kinds));
    WorkloadSpec spec{.kind = *name};
    if (!value["weight"].is_null()) {
      HOLDFAST_TRY(weight, range(value["weight"], place + ".weight"));
      spec.weight = weight.first;
    }
    struct Setting { std::string_view name; };
    std::vector<Setting> known;
    for (const auto& [setting, usual] : kind->settings) known.push_back({setting});
    HOLDFAST_TRY(settings, ranges(value, place, known, {"kind", "weight"}));
    spec.settings = std::move(settings);
    return spec;
  }

 private:
  const std::string& path_;
};

Result<std::vector<WorkloadSpec>> read_workloads(const Reader& reader, const Value& value) {
  const auto* list = value.as_list();
  if (!list || list->empty()) return reader.wrong("workloads", "must be a list of at least one {\"kind\": …}");
  std::vector<WorkloadSpec> out;
  for (std::size_t at = 0; at < list->size(); ++at) {
    HOLDFAST_TRY(spec, reader.workload((*list)[at], "workloads[" + std::to_string(at) + "]"));
    out.push_back(std::move(spec));
  }
  if (std::all_of(out.begin(), out.end(), [](const auto& spec) { return spec.weight == 0; })) {
    return reader.wrong("workloads", "have no weight: give one of them a weight of at least 1");
  }
  return out;
}

}  // namespace

std::int64_t WorkloadSpec::drawn(SimRandom& random, std::string_view name) const {
  const auto found = settings.find(std::string(name));
  if (found != settings.end()) return random.between(found->second.first, found->second.second);
  for (const auto& one : workload_kinds()) {
    for (const auto& [setting, usual] : one.settings) {
      if (one.name == kind && setting == name) return usual;
    }
  }
  return 0;
}

void Composition::apply(WorldOptions& options, SimRandom& random) const {
  for (const auto& setting : world_settings) {
    const auto found = world.find(std::string(setting.name));
    if (found != world.end()) setting.set(options, random.between(found->second.first, found->second.second));
  }
  if (conflict == "automerge") options.conflict = server::ConflictStrategy::automerge;
  if (conflict == "optimistic") options.conflict = server::ConflictStrategy::optimistic;
  options.composition = *this;
}

Result<Composition> read_composition(std::string_view text, const std::string& path) {
  const Reader reader(path);
  const auto parsed = json::parse(text);
  if (!parsed) return Error{Code::malformed, path + ": " + parsed.error().message};
  const auto* members = parsed->as_object();
  if (!members) return reader.wrong("the file", "must be one object: {\"workloads\": […]}");
  for (const auto& member : *members) {
    static const std::set<std::string_view> known{"about", "share", "conflict", "world", "workloads"};
    if (!known.contains(member.name)) {
      return reader.wrong(member.name, "is not known; there are: about, share, conflict, world, workloads");
    }
  }
  Composition out;
  out.name = std::filesystem::path(path).stem().string();
  HOLDFAST_TRY(workloads, read_workloads(reader, (*parsed)["workloads"]));
  out.workloads = std::move(workloads);
  if (const auto& share = (*parsed)["share"]; !share.is_null()) {
    HOLDFAST_TRY(read, reader.range(share, "share"));
    out.share = read.first;
  }
  if (const auto& world = (*parsed)["world"]; !world.is_null()) {
    if (!world.as_object()) return reader.wrong("world", "must be an object of: " + names_of(world_settings));
    HOLDFAST_TRY(read, reader.ranges(world, "world", world_settings, {}));
    out.world = std::move(read);
  }
  if (const auto& conflict = (*parsed)["conflict"]; !conflict.is_null()) {
    const auto* word = conflict.as_string();
    if (!word || (*word != "automerge" && *word != "optimistic")) {
      return reader.wrong("conflict", "must be \"automerge\" or \"optimistic\"");
    }
    out.conflict = *word;
  }
  return out;
}

Result<Composition> composition_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    return Error{Code::not_found, path + ": cannot be read; name a file such as those of tests/simulation/workloads"};
  }
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return read_composition(text, path);
}

Result<std::vector<Composition>> compositions_of(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  if (paths.empty()) return Error{Code::not_found, folder + ": holds no composition (*.json)"};
  std::sort(paths.begin(), paths.end());
  std::vector<Composition> out;
  for (const auto& path : paths) {
    HOLDFAST_TRY(read, composition_of(path));
    out.push_back(std::move(read));
  }
  return out;
}

const Composition& composition_for(const std::vector<Composition>& all, std::uint64_t seed) {
  std::int64_t shares = 0;
  for (const auto& one : all) shares += one.share;
  auto turn = shares == 0 ? 0 : static_cast<std::int64_t>(seed % static_cast<std::uint64_t>(shares));
  for (const auto& one : all) {
    turn -= one.share;
    if (turn < 0) return one;
  }
  return all.front();
}

}  // namespace holdfast::simulation
