#include "tests/simulation/world.h"

#include <utility>

#include "tests/simulation/checkers.h"
#include "tests/simulation/workloads.h"

namespace holdfast::simulation {
namespace {

Schema newer_than(Schema schema) {
  FieldSchema subtitle;
  subtitle.name = newer_field;
  subtitle.scalar = Scalar::string;
  schema.models.front().fields.push_back(subtitle);
  schema.version += "-newer";
  return schema;
}

}  // namespace

World::World(const Schema& schema, std::uint64_t seed, WorldOptions options)
    : schema_(schema),
      newer_(newer_than(schema)),
      served_(options.has_newer_devices && !options.upgrades ? &newer_ : &schema),
      options_(std::move(options)),
      backend_clock_(agenda_, {}, Milliseconds(options_.backend_grain_ms)),
      random_(seed),
      backend_random_(seed ^ 0xBACCULL),
      jump_random_(seed ^ 0xC10CULL),
      machine_random_(seed ^ 0x90E8ULL),
      selection_random_(seed ^ 0x5E1EC7ULL),
      wrapped_rules_(options_.wrap_decider ? options_.wrap_decider(rules_) : nullptr),
      store_path_(memory_database("backend")),
      store_files_(options_.store == MediumKind::file_sqlite ? std::make_unique<Files>() : nullptr),
      network_(agenda_, random_, trace_, probes_) {
  trace_.lines_max = options_.trace_lines;
  open_store();
  if (!failure_.empty()) return;
  checkers_ = std::make_unique<Checkers>(*this);
  workloads_ = std::make_unique<Workloads>(*this);
  network_.set_options(options_.network);
  network_.taps = options_.taps;
  network_.is_backend_dead = [this] { return !has_backend_power(); };
  racing_->race_permille = options_.race_permille;
  racing_->race = [this] { network_.run_one_waiting(); };
  racing_->on_written = [this](const server::Image& image) {
    if (options_.hides_a_city && rules_.is_hidden_from(caller_of(*devices_.at(options_.devices - 1)), image.record)) {
      probes_.hit(Probe::row_withheld);
    }
    workloads_->on_written(image);
  };
  racing_->on_journal = [this](const server::JournalEntry& entry) { checkers_->on_journal(entry); };
  for (unsigned number = 0; number < options_.devices; ++number) {
    auto device = std::make_unique<SimDevice>();
    device->number = number;
    device->skew = Milliseconds(random_.between(-3'600'000, 3'600'000));
    device->schema = number % 2 == 1 ? served_ : &schema_;
    if (options_.has_expressions) draw_expressions(*device);
    device->disk = std::make_unique<SimDisk>(medium(options_.medium, "device" + std::to_string(number)));
    device->disk->fails = [this] {
      const bool fails = options_.disk_failure > 0 && random_.happens(options_.disk_failure);
      if (fails) probes_.hit(Probe::disk_failure);
      return fails;
    };
    devices_.push_back(std::move(device));
  }
  if (options_.hides_a_city) rules_.hide_city_from(caller_of(*devices_.back()));
}

World::~World() {
  for (auto& device : devices_) stop_device(*device);
  if (server_) stop_backend();
}

void World::fail(const std::string& what) {
  if (failure_.empty()) failure_ = "at " + std::to_string(agenda_.ms()) + " ms: " + what;
}

void World::run_until(Tick at) {
  agenda_.wake_at(at, [] {});
  while (failure_.empty() && agenda_.ticks() < at && agenda_.run_next()) {
    for (auto& sim : devices_) {
      if (sim->device && (sim->disk->has_crashed() || sim->disk->notice_power_cut())) crash_device(*sim);
    }
    if (!has_backend_power()) {
      probes_.hit(Probe::backend_power_cut);
      restart_machine();
    }
    if (failure_.empty() && trace_.steps() % 16 == 0) checkers_->check_step();
  }
}

bool World::converges_within(Milliseconds patience, Milliseconds step) {
  const auto end = agenda_.ticks() + patience;
  while (failure_.empty() && agenda_.ticks() < end && !has_converged()) run_until(agenda_.ticks() + step);
  return failure_.empty() && has_converged();
}

bool World::has_converged() {
  for (auto& sim : devices_) {
    if (!sim->device) return false;
    const auto waiting = sim->disk->inner().outbox_size();
    if (!waiting || *waiting != 0) return false;
    if (!checkers_->is_settled(*sim)) return false;
  }
  return checkers_->all_states_equal().empty();
}

void World::check_fresh_device() {
  // Invariant 6: a device that only ever made a base sync holds what the others hold.
  auto fresh = std::make_unique<SimDevice>();
  fresh->number = static_cast<unsigned>(devices_.size());
  fresh->schema = served_;
  fresh->disk = std::make_unique<SimDisk>(medium(MediumKind::memory, "fresh"));
  devices_.push_back(std::move(fresh));
  if (options_.has_expressions) draw_expressions(*devices_.back());
  start_device(*devices_.back());
  // As patiently as before: a connection that is open on one side only may still hide what was written last.
  if (!converges_within(Milliseconds(options_.patience_ms), Milliseconds(200))) {
    fail("a fresh device differs after its base sync: " + checkers_->all_states_equal());
  }
}

// What a device may miss of rows that leave its expression, a base sync finds.
void World::check_after_base_sync() {
  reword_expressions();
  is_after_base_sync_ = true;
  if (!converges_within(Milliseconds(options_.patience_ms), Milliseconds(200))) {
    fail("selection: a device differs after a base sync: " + checkers_->all_states_equal());
  }
}

Verdict World::run() {
  if (!failure_.empty()) return {failure_};
  workloads_->found();
  if (store_files_ && !options_.syncs_store) store_files_->disk.ignore_syncs();
  start_backend();
  for (auto& device : devices_) start_device(*device);
  plan_faults();
  workloads_->plan();
  run_until(agenda_.ticks() + Milliseconds(options_.chaos_ms));
  if (failure_.empty()) heal();
  if (!converges_within(Milliseconds(options_.patience_ms), Milliseconds(500))) {
    fail("no convergence: " + checkers_->all_states_equal());
  }
  if (failure_.empty() && options_.has_expressions) check_after_base_sync();
  if (failure_.empty()) check_fresh_device();
  if (failure_.empty()) checkers_->check_step();
  if (failure_.empty()) checkers_->check_end();
  return {failure_, trace_.hash(), trace_.steps(), {trace_.last().begin(), trace_.last().end()}, probes_};
}

}  // namespace holdfast::simulation
