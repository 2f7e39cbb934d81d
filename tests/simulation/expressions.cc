#include "tests/simulation/expressions.h"

#include <string>
#include <utility>

namespace holdfast::simulation {
namespace {

/// A value near those that the workloads write: rows are on both sides of it.
Value bound(SimRandom& random) {
  constexpr std::int64_t bounds[] = {2, 4, 6, 12, 30};
  return bounds[below(random, std::size(bounds))];
}

Predicate rating_test(SimRandom& random) {
  const auto drawn = random.between(0, 3);
  if (drawn == 0) return Predicate::compare("rating", Op::lt, {bound(random)});
  if (drawn == 1) return Predicate::compare("rating", Op::ge, {bound(random)});
  if (drawn == 2) return Predicate::compare("rating", Op::between, {Value(2), Value(20)});
  return Predicate::compare("rating", Op::ne, {bound(random)});
}

Predicate status_test(SimRandom& random) {
  const auto drawn = random.between(0, 2);
  if (drawn == 0) return Predicate::compare("status", Op::eq, {"ACTIVE"});
  if (drawn == 1) return Predicate::compare("status", Op::ne, {"ACTIVE"});
  return Predicate::compare("status", Op::in, {"ACTIVE", "INACTIVE"});
}

/// One field, which the service can test as well. `which` 0 and 1 are of different fields.
Predicate test_of(const ModelSchema& model, SimRandom& random, std::int64_t which) {
  if (model.name == "Post") {
    if (which == 0) return rating_test(random);
    return random.happens(500) ? status_test(random)
                               : Predicate::compare("title", Op::begins_with, {random.happens(500) ? "title" : "edit"});
  }
  if (model.name == "Comment") {
    if (which == 0) return Predicate::compare("content", Op::begins_with, {random.happens(500) ? "comment" : "edit"});
    return Predicate::compare("id", random.happens(500) ? Op::lt : Op::ge, {"8"});
  }
  if (which == 0) return Predicate::compare("row", random.happens(500) ? Op::le : Op::gt, {random.between(1, 4)});
  return Predicate::compare("note", Op::begins_with, {random.happens(500) ? "note" : "edit"});
}

/// What no filter, or not every filter of a service can say.
Predicate local_test(const ModelSchema& model, SimRandom& random) {
  const auto drawn = random.between(0, 2);
  const auto test = test_of(model, random, 0);
  if (drawn == 0) return Predicate::negation(test);
  if (drawn == 1) {
    return Predicate::any_of(
        {test, Predicate::compare(model.name == "Post" ? "status" : model.primary_key.front(), Op::eq, {Value()})});
  }
  const auto* text = model.name == "Post" ? "title" : model.name == "Comment" ? "content" : "note";
  Predicate size = Predicate::compare(text, Op::lt, {Value(8)});
  size.subject = Predicate::Subject::size;
  return size;
}

Predicate nothing() { return Predicate::any_of({}); }

/// Keys from the first to the last of the records that are spared.
Predicate spared(const ModelSchema& model) {
  return Predicate::compare(model.primary_key.front(), Op::between, {"own-", "own-y"});
}

Expression unspared(const ModelSchema& model, SimRandom& random) {
  const auto drawn = random.between(0, 9);
  if (drawn == 0) return {};
  if (drawn == 1) return {.where = nothing()};
  if (drawn < 6) return {.where = test_of(model, random, random.between(0, 1))};
  if (drawn == 6) return {.where = Predicate::all_of({test_of(model, random, 0), test_of(model, random, 1)})};
  if (drawn == 7) return {.where = Predicate::any_of({test_of(model, random, 0), test_of(model, random, 1)})};
  return {.where = local_test(model, random), .is_exact = false};
}

}  // namespace

Expression drawn_expression(const ModelSchema& model, SimRandom& random, bool spares_own) {
  auto out = unspared(model, random);
  if (!spares_own || out.where.is_always()) return out;
  out.where = out.where == nothing() ? spared(model) : Predicate::any_of({spared(model), std::move(out.where)});
  return out;
}

Predicate reworded(const Predicate& where) { return where == nothing() ? where : Predicate::all_of({where}); }

}  // namespace holdfast::simulation
