// Documents: requests' texts, parsed, limited, checked and kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "graphql/ast.h"
#include "graphql/plan.h"
#include "graphql/type_system.h"
#include "graphql/validate.h"
#include "server/limits.h"
#include "server/metrics/metrics.h"

namespace holdfast::server {

/// A document that may be executed.
struct Prepared {
  graphql::Document document;
  std::vector<std::unique_ptr<const graphql::Plan>> plans = {};  ///< Of its operations, in order; some are null.

  [[nodiscard]] const graphql::Plan* plan_of(const graphql::Operation& operation) const noexcept {
    return plans[static_cast<std::size_t>(&operation - document.operations.data())].get();
  }
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

/// Thread-safe. Keeps the documents used last, up to limits.documents_bytes_max; those that are refused are not kept.
class Documents {
 public:
  /// Shared with running requests, which outlive their place in the cache.
  using Found = std::variant<std::shared_ptr<const Prepared>, Refused>;

  /// All four outlive it, and what it gives out.
  Documents(const graphql::TypeSystem& types, const graphql::Scalars& scalars, const RequestLimits& limits,
            Metrics& metrics)
      : types_(types), scalars_(scalars), limits_(limits), metrics_(metrics) {}
  [[nodiscard]] Found prepare(const std::string& text, Strictness strictness);

  /// What is kept now takes this much memory, about.
  [[nodiscard]] std::size_t kept_bytes();

 private:
  struct Kept {
    Strictness strictness = Strictness::strict;
    std::string text;
    std::shared_ptr<const Prepared> prepared;
    std::size_t bytes = 0;
  };
  using Places = std::map<std::string_view, std::list<Kept>::iterator>;

  std::shared_ptr<const Prepared> recall(std::string_view text, Strictness strictness);
  void keep(std::string_view text, Strictness strictness, std::shared_ptr<const Prepared> prepared);
  Places& places(Strictness strictness) { return strictness == Strictness::lenient ? lenient_ : strict_; }

  const graphql::TypeSystem& types_;
  const graphql::Scalars& scalars_;
  const RequestLimits& limits_;
  Metrics& metrics_;
  std::mutex mutex_;                 // Guards what follows.
  std::list<Kept> kept_;             // Used last comes first.
  Places strict_;                    // By the texts of kept_.
  Places lenient_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace holdfast::server
