// WorldOptions: what a world is like. Drawn from a seed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "client/storage/storage.h"
#include "holdfast/sync.h"
#include "server/server.h"
#include "tests/simulation/composition.h"
#include "tests/simulation/medium.h"
#include "tests/simulation/sim_network.h"

namespace holdfast::simulation {

/// One comment a field.
struct WorldOptions {
  unsigned devices = 3;
  unsigned operations = 60;             ///< Writes of the applications, all devices together.
  std::int64_t chaos_ms = 30'000;       ///< Operations and faults are spread over this.
  std::int64_t patience_ms = 900'000;   ///< After healing, everything must have converged within this.
  unsigned device_crashes = 3;
  unsigned backend_crashes = 1;
  unsigned partitions = 2;
  unsigned offline_spells = 2;          ///< The application's own set_online(false).
  MediumKind medium = MediumKind::memory;  ///< Of the devices.
  MediumKind store = MediumKind::memory;   ///< Of the backend.
  unsigned store_power_cuts = 0;        ///< How often the backend's power goes; only with files.
  unsigned store_disk_failures = 0;     ///< How often a write of the backend fails, or finds no room; only with files.
  bool syncs_store = true;              ///< For tests. Off: what the backend syncs is not on its disk.
  server::ConflictStrategy conflict = server::ConflictStrategy::automerge;
  bool retries_conflicts = false;       ///< The devices' conflict handlers send the local change again.
  unsigned disk_failure = 0;            ///< Transactions of devices that are undone, in permille.
  std::int64_t backend_grain_ms = 1;    ///< How coarse the backend's wall clock is.
  unsigned device_clock_jumps = 0;      ///< How often a running device's wall clock is set.
  unsigned backend_clock_jumps = 0;     ///< How often it is set, forwards or back.
  unsigned expiries = 0;                ///< How often a device's credentials expire, until it has renewed them.
  unsigned revocations = 0;             ///< How often a device may not touch a model, until it may again.
  unsigned sign_outs = 0;               ///< How often a device clears its store and signs in again.
  bool hides_a_city = false;            ///< The last device may never see or write some rows: see SimRules.
  bool has_expressions = false;         ///< The devices keep parts of the models only, and change their minds.
  unsigned reselects = 0;               ///< How often a device comes to keep something else.
  bool expressions_spare_own = true;    ///< All of them keep the records of workloads that count on seeing them.
  bool has_newer_devices = false;       ///< The backend serves the newer schema, and half of the devices have it.
  bool upgrades = false;                ///< The backend, and then devices, restart with the newer schema. Needs SQLite.
  bool merges_lists_three_way = false;  ///< The backend's way with lists that both sides changed.
  Composition composition = {};         ///< What the applications do.
  unsigned race_permille = 300;         ///< Writes of the backend in whose middle another request runs to its end.
  NetworkOptions network = {};
  std::size_t trace_lines = 80;         ///< What a verdict shows of the end.
  /// For tests: a store in front of the backend's.
  std::function<std::unique_ptr<server::Store>(server::Store&)> wrap_store = {};
  /// For tests: a storage in front of each that a device mounts.
  std::function<std::unique_ptr<client::Storage>(std::unique_ptr<client::Storage>)> wrap_storage = {};
  /// For tests: changes what a device starts to sync with.
  std::function<void(SyncOptions&)> wrap_sync = {};
  /// For tests: a decider in front of the world's rules.
  std::function<std::unique_ptr<server::Decider>(const server::Decider&)> wrap_decider = {};
  NetworkTaps taps = {};

  static WorldOptions drawn(std::uint64_t seed, const Composition& composition);
};

}  // namespace holdfast::simulation
