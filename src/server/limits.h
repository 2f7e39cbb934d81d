// RequestLimits: how much one GraphQL request may ask for. docs/graphql.md explains them to users.
#pragma once

#include <cstddef>
#include <cstdint>

#include "holdfast/time.h"

namespace holdfast::server {

/// A request beyond one of them gets an error that names the limit. The defaults are far above what the published
/// clients send, and bound what a hostile request costs.
struct RequestLimits {
  std::size_t document_bytes_max = 256 * 1024;
  std::size_t document_tokens_max = 50'000;
  std::size_t depth_max = 50;           ///< Fields within fields, fragments unfolded.
  std::size_t fields_max = 20'000;      ///< All fields of an operation, fragments unfolded.
  std::size_t root_fields_max = 1'000;  ///< Fields of the root, fragments unfolded: each is one read or write.
  std::size_t aliases_max = 2'000;      ///< As written in the document.
  std::size_t directives_max = 1'000;   ///< As written in the document.
  /// Fields that the largest possible answer has: fields times the `limit` of each list around them.
  std::uint64_t cost_max = 10'000'000'000;
  /// After it no further field is read or written; those left become errors.
  Milliseconds time_max{30'000};
  /// What documents that were used lately may take in memory, parsed.
  std::size_t documents_bytes_max = 32 * 1024 * 1024;
};

}  // namespace holdfast::server
