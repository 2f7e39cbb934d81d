// Expressions: what the devices of a world keep of a model, drawn from a seed.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "holdfast/predicate.h"
#include "holdfast/schema.h"
#include "tests/simulation/sim_random.h"

namespace holdfast::simulation {

/// What a device keeps of one model. A regular value.
struct Expression {
  Predicate where = {};
  bool is_exact = true;   ///< The service's filters can say all of it.
  bool fails = false;     ///< The application had no answer: the model is left alone.
  friend bool operator==(const Expression&, const Expression&) = default;
};

/// The application is asked what the device keeps, once a model. Shared by the answers that are outstanding.
struct AskedExpressions {
  std::vector<Expression> answers;   ///< In the order of the schema's models; each as it was when it was asked for.
  std::size_t waiting = 0;           ///< Those that have not been given yet.
};

/// Records whose first key value begins with this are edited by their workload, and are those that come and go with the
/// expressions of devices. All other records of workloads ("own-…") are kept by every expression that spares them.
inline constexpr std::string_view zone_prefix = "own-zone-";

/// On fields that workloads write. One that spares keeps all records of workloads which count on seeing them.
Expression drawn_expression(const ModelSchema& model, SimRandom& random, bool spares_own);

/// Keeps the same, and is another tree: a device that is given it makes a base sync.
Predicate reworded(const Predicate& where);

}  // namespace holdfast::simulation
