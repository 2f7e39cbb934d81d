#include "tests/simulation/defects.h"

#include <memory>

#include "protocol/signers.h"

namespace holdfast::simulation {
namespace {

void erase_header(HttpRequest& request, std::string_view name) {
  std::erase_if(request.headers, [&](const auto& entry) { return entry.first == name; });
}

}  // namespace

void add_wire_defects(std::vector<Defect>& table) {
  table.push_back({"nameless", "the device does not name its mutations", "invariant 4", [](WorldOptions& options) {
                     options.taps.request = [](HttpRequest& request) {
                       erase_header(request, protocol::mutation_id_header);
                     };
                   }});
  table.push_back({"repeated-name", "the device gives every mutation the same name", "invariant 4",
                   [](WorldOptions& options) {
                     options.taps.request = [](HttpRequest& request) {
                       for (auto& [name, value] : request.headers) {
                         if (name == protocol::mutation_id_header) value = value.substr(0, value.find(':')) + ":1";
                       }
                     };
                   }});
  table.push_back({"lost-frame", "the device drops a frame of its subscription", "", [](WorldOptions& options) {
                     options.taps.loses_frame = [whim = std::make_shared<SimRandom>(4)](std::string_view frame) {
                       return frame.find("\"type\":\"data\"") != std::string_view::npos && whim->happens(150);
                     };
                   }});
  table.push_back(
      {"slow-reader", "the backend drops frames for a device that reads slowly", "device", [](WorldOptions& options) {
         options.taps.drops_when_full = true;
         options.network.stall = 150;
         // A connection that breaks would tell again.
         options.backend_crashes = options.device_crashes = options.partitions = options.offline_spells = 0;
         options.network.socket_break = options.network.half_open = options.expiries = options.revocations = 0;
       }});
}

const std::vector<Defect>& defects() {
  static const std::vector<Defect> table = [] {
    std::vector<Defect> all;
    add_outbox_defects(all);
    add_storage_defects(all);
    add_store_defects(all);
    add_serving_defects(all);
    add_wire_defects(all);
    add_selection_defects(all);
    add_access_defects(all);
    return all;
  }();
  return table;
}

}  // namespace holdfast::simulation
