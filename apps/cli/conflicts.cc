// `holdfast conflicts`: the conflict journal of a data folder, also while it is being served.
#include <algorithm>
#include <array>
#include <iostream>
#include <string>
#include <vector>

#include "apps/cli/schema_files.h"
#include "apps/cli/serve_folder.h"
#include "apps/cli/verbs.h"
#include "base/instant.h"
#include "base/json.h"
#include "holdfast/record.h"
#include "server/store/sqlite/journal.h"

namespace holdfast::cli {
namespace {

using server::JournalEntry;

constexpr std::size_t column_bytes_max = 40;

/// A key as people write it: an array for several fields, and the bare value for one.
Value key_of(const JournalEntry& entry) {
  const auto key = Key::from_text(entry.key);
  if (!key) return entry.key;
  return key->parts.size() == 1 ? key->parts.front() : Value(key->parts);
}

std::string json_line(const JournalEntry& entry) {
  return json::write(Value(Object{{"number", entry.number},
                                  {"at", iso8601(entry.at)},
                                  {"model", entry.model},
                                  {"key", key_of(entry)},
                                  {"operation", entry.operation},
                                  {"strategy", entry.strategy},
                                  {"function", entry.function.empty() ? Value() : Value(entry.function)},
                                  {"outcome", entry.outcome},
                                  {"message", entry.message.empty() ? Value() : Value(entry.message)},
                                  {"caller", entry.caller},
                                  {"clientVersion", entry.client_version},
                                  {"storedVersion", entry.stored_version},
                                  {"resultVersion", entry.result_version == 0 ? Value() : Value(entry.result_version)},
                                  {"base", entry.base},
                                  {"incoming", entry.incoming},
                                  {"stored", entry.stored},
                                  {"result", entry.result}}));
}

using Row = std::array<std::string, 5>;  // A field, and its value in base, incoming, stored and result.

std::string cell_of(const Value& object, const std::string& field) {
  const auto* members = object.as_object();
  const auto* value = members == nullptr ? nullptr : members->find(field);
  if (value == nullptr) return "-";
  auto text = json::write(*value);
  if (text.size() <= column_bytes_max) return text;
  auto end = column_bytes_max - 3;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // Not within a character.
  return text.substr(0, end) + "...";
}

/// The fields that the mutation names, and those in which the records differ.
std::vector<Row> rows_of(const JournalEntry& entry) {
  const std::array<const Value*, 4> sides{&entry.base, &entry.incoming, &entry.stored, &entry.result};
  std::vector<Row> rows{{"field", "base", "incoming", "stored", "result"}};
  std::vector<std::string> seen;
  for (const auto* side : sides) {
    if (side->as_object() == nullptr) continue;
    for (const auto& [name, value] : *side->as_object()) {
      if (name.starts_with('_') || std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
      seen.push_back(name);
      const bool is_the_same = std::all_of(sides.begin(), sides.end(), [&](const Value* other) {
        return other->is_null() || (other == &entry.incoming && other->as_object()->find(name) == nullptr) ||
               numbers_equal((*other)[name], value);
      });
      if (!is_the_same) {
        rows.push_back({name, cell_of(*sides[0], name), cell_of(*sides[1], name), cell_of(*sides[2], name),
                        cell_of(*sides[3], name)});
      }
    }
  }
  return rows;
}

void print_rows(const std::vector<Row>& rows) {
  Row::size_type last = std::tuple_size_v<Row> - 1;
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const auto& row : rows) {
    for (std::size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], row[at].size());
  }
  for (const auto& row : rows) {
    std::cout << "   ";
    for (std::size_t at = 0; at < row.size(); ++at) {
      std::cout << " " << row[at];
      if (at < last) std::cout << std::string(widths[at] - row[at].size() + 1, ' ');
    }
    std::cout << "\n";
  }
}

void print_entry(const JournalEntry& entry) {
  const auto key = key_of(entry);
  std::cout << "#" << entry.number << " " << iso8601(entry.at) << " " << entry.model << " "
            << (key.as_string() == nullptr ? json::write(key) : *key.as_string()) << ": " << entry.operation << " "
            << entry.outcome << " by " << entry.strategy << (entry.function.empty() ? "" : " " + entry.function)
            << "\n    made on "
            << (entry.client_version == 0 ? "no version" : "version " + std::to_string(entry.client_version))
            << ", met " << entry.stored_version << ", "
            << (entry.result_version == 0 ? "wrote nothing" : "wrote " + std::to_string(entry.result_version))
            << "; caller " << entry.caller << "\n";
  if (!entry.message.empty()) std::cout << "    " << entry.message << "\n";
  const auto rows = rows_of(entry);
  if (rows.size() > 1) print_rows(rows);
}

}  // namespace

int conflicts(const ConflictsOptions& options) {
  server::JournalQuery query{.model = options.model, .key = options.key, .limit = options.limit};
  // Of one text, unless it is a key's text already.
  if (!query.key.empty() && query.key.front() != '[') query.key = Key{{Value(query.key)}}.text();
  const auto found = server::read_conflicts_of(options.folder + "/" + database_name, query);
  if (!found) return complain(found.error().message);
  for (const auto& entry : *found) {
    if (options.is_json) std::cout << json_line(entry) << "\n";
    else print_entry(entry);
  }
  if (found->empty() && !options.is_json) std::cout << "no conflicts\n";
  return 0;
}

}  // namespace holdfast::cli
