// Probes: rare paths that seeds should come by. Counted from what the world sees of its edges; a path that no seed
// reaches is one that the simulation says nothing about.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace holdfast::simulation {

enum class Probe : std::uint8_t {
  raced_write,
  repeated_mutation,
  conflict_merged,
  conflict_asked,
  conflict_capped,
  refused_for_good,
  edit_in_flight,
  delta_sync,
  second_base_sync,
  resumed_sync,
  crash_before_commit,
  crash_after_commit,
  crash_in_flight,
  disk_failure,
  backend_restart,
  socket_broken,
  socket_half_open,
  slow_consumer_closed,
  unauthorized,
  throttled,
  live_query_synced,
  power_cut,
  signed_out,
  signed_out_unsent,
  access_refused,
  row_withheld,
  device_upgraded,
  backend_upgraded,
  reselected,
  expression_late,
  expression_failed,
  row_left,
  row_left_unsent,
  row_entered,
  joint_writes,
  backend_power_cut,
  backend_shutdown_cut,
  write_in_doubt,
  backend_disk_failure,
};
constexpr std::size_t probe_count = static_cast<std::size_t>(Probe::backend_disk_failure) + 1;

constexpr std::array<std::string_view, probe_count> probe_names{
    "a write lost a race to another and was made again",
    "a repeated mutation was answered from the ledger",
    "a conflict was merged by the service",
    "a conflict handler was asked",
    "a conflict was refused ten times",
    "a change was refused for good",
    "a record was edited while its change was in flight",
    "a delta sync",
    "a device made a base sync for the second time",
    "a sync was resumed at its page",
    "a crash before a commit",
    "a crash after a commit",
    "a crash between a request and its answer",
    "a disk could not write",
    "the backend restarted",
    "a connection broke",
    "a connection was open on one side only",
    "the backend closed the connection of a slow consumer (1013)",
    "an answer 401",
    "an answer 429",
    "a live query was shown while its model was synced",
    "the power of a device went while it wrote",
    "a device signed out",
    "a device signed out with changes that were not sent",
    "a device was refused a model",
    "a row was withheld from a device",
    "a device restarted with a newer schema",
    "the backend restarted with a newer schema",
    "a device asked its sync expressions again",
    "a sync expression was answered late",
    "a sync expression had no answer",
    "a row left a device because of its expression",
    "a row with unsent edits was outside of its device's expression",
    "a row that had left a device came back",
    "writes were finished together by the backend",
    "the power of the backend went while it wrote",
    "the power of the backend went while it closed its file",
    "a write that was not answered was there after a power cut",
    "a disk of the backend failed or was full",
};

struct Probes {
  std::array<std::uint64_t, probe_count> counts{};
  void hit(Probe probe) { ++counts[static_cast<std::size_t>(probe)]; }
};

}  // namespace holdfast::simulation
