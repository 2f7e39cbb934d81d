// Checksums: whether a device holds the rows that the service holds, in a few bytes. A question to Holdfast's own backend,
// beside the GraphQL API: POST endpoint + "/checksum". Other services know nothing of it, and are left alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/transport.h"
#include "holdfast/predicate.h"
#include "holdfast/record.h"
#include "protocol/replies.h"

namespace holdfast::protocol {

inline constexpr std::string_view checksum_path = "/checksum";

/// Of live rows: how many, and the sum of a hash of each one's version and summed fields. A sum depends on no order and can
/// be made of parts; other than with an exclusive or, two equal mistakes do not cancel. No defence against forgery.
struct Checksum {
  std::uint64_t count = 0;
  std::uint64_t sum = 0;

  /// `fields` are of the record's model, in the order that both sides use.
  void add(const Record& record, std::int64_t version, const std::vector<std::string>& fields) {
    add(values_hash(record, fields), version);
  }
  /// A row whose version becomes known later.
  static std::uint64_t values_hash(const Record& record, const std::vector<std::string>& fields);
  void add(std::uint64_t values_hash, std::int64_t version);
  void add(const Checksum& part) {
    count += part.count;
    sum += part.sum;
  }
  friend bool operator==(const Checksum&, const Checksum&) = default;
};

/// Fields whose values are the same text or number on both sides: not what the service alone sets, embedded objects and
/// AWSJSON, which are written in several ways.
bool is_summed(const FieldSchema& field);
std::vector<std::string> summed_fields(const ModelSchema& model);

struct ChecksumQuestion {
  std::string model;
  Predicate where = {};                    ///< Evaluated as it stands, not as a filter's input could say it.
  std::vector<std::string> fields = {};
  std::vector<Key> except = {};            ///< Rows with unsent changes.
  std::optional<std::string> next_token = {};
};
/// Keys that one question may except.
inline constexpr std::size_t except_max = 1000;
std::string write(const ChecksumQuestion& question);
/// Code: malformed, saying what is missing.
Result<ChecksumQuestion> read_checksum_question(std::string_view text);

/// A part of the answer; the whole is the sum of all parts.
struct ChecksumPart {
  Checksum checksum = {};
  std::vector<std::string> fields = {};    ///< Those of the question that count: the caller may read them, and they are there.
  std::optional<std::string> next_token = {};
};
std::string write(const ChecksumPart& part);

/// Why there is no answer. is_unknown: the service is another one, and has none.
struct NoChecksum {
  bool is_unknown = false;
  bool may_retry = false;
  Error error = {};
};
std::variant<ChecksumPart, NoChecksum> read_checksum(const Result<HttpResponse>& reply);

}  // namespace holdfast::protocol
