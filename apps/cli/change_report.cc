#include "apps/cli/change_report.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/json.h"
#include "schema/compare.h"
#include "schema/place.h"

namespace holdfast::cli {
namespace {

struct Place {
  std::string file;
  std::optional<graphql::Location> at;  ///< Nothing for what was not written, such as a join model's name.
};

struct Comparison {
  const SchemaFiles& old_files;
  const SchemaFiles& new_files;
  std::vector<schema::Change> changes;

  [[nodiscard]] std::size_t losses() const {
    return static_cast<std::size_t>(
        std::count_if(changes.begin(), changes.end(), [](const auto& change) { return !change.is_data_kept; }));
  }
  [[nodiscard]] Place place(const schema::Change& change) const {
    const auto& files = change.stands_in_old ? old_files : new_files;
    const auto at = schema::place_of(files.reading.written, change.type, change.member);
    return {files.sources.at(at ? at->source : 0).name, at};
  }
  [[nodiscard]] const std::string& old_version() const { return old_files.reading.schema.version; }
  [[nodiscard]] const std::string& new_version() const { return new_files.reading.schema.version; }
};

std::string place_text(const Place& place) {
  if (!place.at) return place.file;
  return place.file + ":" + std::to_string(place.at->line) + ":" + std::to_string(place.at->column);
}

std::string change_text(const Comparison& all, const schema::Change& change) {
  std::string text = place_text(all.place(change)) + ": " + (change.is_data_kept ? "kept: " : "lost: ") +
                     change.sentence + "\n  stored data: " + change.reason + "\n  old clients: " +
                     std::string(schema::name(change.old_clients));
  if (!change.old_clients_reason.empty()) text += ": " + change.old_clients_reason;
  text += "\n";
  if (!change.remedy.empty()) text += "  hint: " + change.remedy + "\n";
  return text;
}

std::string version_text(const Comparison& all) {
  if (all.old_version() == all.new_version()) return "version " + all.new_version() + ": same on-device structure\n";
  return "version " + all.old_version() + " -> " + all.new_version() + ": another on-device structure\n"
         "  Published DataStore clients that get the new models empty their store, unsent edits included, and fetch "
         "everything anew.\n"
         "  Holdfast's devices keep their records where nothing below is lost.\n";
}

std::string summary(const Comparison& all) {
  if (all.changes.empty()) return "Nothing changed.\n";
  const auto count = all.changes.size();
  const auto losses = all.losses();
  return std::to_string(count) + (count == 1 ? " change; " : " changes; ") +
         (losses == 0 ? "none loses data.\n"
                      : std::to_string(losses) + (losses == 1 ? " loses data.\n" : " lose data.\n"));
}

std::string as_text(const Comparison& all) {
  std::string text = version_text(all);
  for (const auto& change : all.changes) text += change_text(all, change);
  return text + summary(all);
}

Value as_value(const Comparison& all, const schema::Change& change) {
  const auto place = all.place(change);
  Object at{{"schema", change.stands_in_old ? "old" : "new"}, {"file", place.file}};
  if (place.at) {
    at.append("line", static_cast<int>(place.at->line));
    at.append("column", static_cast<int>(place.at->column));
  }
  return Object{{"kind", std::string(schema::name(change.kind))},
                {"type", change.type},
                {"member", change.member},
                {"was", change.was},
                {"is", change.is},
                {"message", change.sentence},
                {"at", std::move(at)},
                {"isDataKept", change.is_data_kept},
                {"reason", change.reason},
                {"remedy", change.remedy},
                {"oldClients", std::string(schema::name(change.old_clients))},
                {"oldClientsReason", change.old_clients_reason}};
}

std::string as_json(const Comparison& all) {
  List changes;
  for (const auto& change : all.changes) changes.push_back(as_value(all, change));
  return json::write(Object{{"oldVersion", all.old_version()},
                            {"newVersion", all.new_version()},
                            {"isSameStructure", all.old_version() == all.new_version()},
                            {"losesData", all.losses() > 0},
                            {"changes", std::move(changes)}}) +
         "\n";
}

}  // namespace

ChangeReport change_report(const SchemaFiles& old_files, const SchemaFiles& new_files, const std::string& format) {
  const Comparison all{old_files, new_files, schema::compare(old_files.reading.schema, new_files.reading.schema)};
  return {format == "json" ? as_json(all) : as_text(all), all.losses() > 0};
}

}  // namespace holdfast::cli
