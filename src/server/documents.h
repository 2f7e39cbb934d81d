// Documents: requests' texts, parsed, limited, checked and kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "graphql/ast.h"
#include "graphql/type_system.h"
#include "graphql/validate.h"
#include "server/metrics/metrics.h"

namespace holdfast::server {

/// Larger texts are refused.
inline constexpr std::size_t document_size_max = 256 * 1024;
/// Fields within fields, fragments unfolded.
inline constexpr std::size_t document_depth_max = 50;
/// All fields, fragments unfolded.
inline constexpr std::size_t document_fields_max = 20'000;

/// A document that may be executed.
struct Prepared {
  graphql::Document document;
};

/// Why a document may not be executed. syntax: not GraphQL, or beyond a limit; invalid: not for this API.
struct Refused {
  enum class Kind : std::uint8_t { syntax, invalid };
  Kind kind = Kind::syntax;
  std::vector<graphql::RequestError> errors;
};

/// Subscriptions of older or differently configured clients name arguments that this API does not have: `lenient`
/// drops those of root fields, with the variables that only they used.
enum class Strictness : std::uint8_t { strict, lenient };

/// Thread-safe. Keeps the texts used last, up to a bounded number of bytes.
class Documents {
 public:
  /// Shared with running requests, which outlive their place in the cache.
  using Found = std::variant<std::shared_ptr<const Prepared>, Refused>;

  /// Both outlive it.
  Documents(const graphql::TypeSystem& types, Metrics& metrics) : types_(types), metrics_(metrics) {}
  [[nodiscard]] Found prepare(const std::string& text, Strictness strictness);

 private:
  struct Kept {
    std::string key;
    std::shared_ptr<const Prepared> prepared;
  };
  std::shared_ptr<const Prepared> recall(const std::string& key);
  void keep(std::string key, std::shared_ptr<const Prepared> prepared);

  const graphql::TypeSystem& types_;
  Metrics& metrics_;
  std::mutex mutex_;                 // Guards what follows.
  std::list<Kept> kept_;             // Used last comes first.
  std::map<std::string, std::list<Kept>::iterator, std::less<>> places_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace holdfast::server
