// Sync expressions: what of a model a device keeps.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "holdfast/model.h"
#include "holdfast/predicate.h"
#include "holdfast/result.h"

namespace holdfast {

/// What of one model a device keeps: rows that satisfy a predicate on the row alone. Nothing is kept of
/// `Predicate::any_of({})`, everything of `Predicate{}`.
struct SyncExpression {
  /// Takes the predicate, or why there is none; at once or later, on any thread. What is said after the first is ignored.
  using Answer = std::function<void(Result<Predicate>)>;

  std::string model;
  /// Asked at start() and at reselect(), on the thread that calls them, with no lock held. Sync begins when every expression
  /// has been answered. An error, an exception, or a predicate that does not fit the model is reported to
  /// SyncOptions::on_error, and the model is left alone until it is asked again: it keeps its rows, nothing of it is fetched.
  std::function<void(Answer)> ask;
};

/// `sync_only<Post>(Post::fields::rating > 4)`.
template <Model M>
SyncExpression sync_only(Where<M> where) {
  return {M::model().name, [tree = std::move(where.tree)](const SyncExpression::Answer& answer) { answer(tree); }};
}
/// `sync_only<Post>([&]() -> Result<Where<Post>> { return Post::fields::rating > settings.least(); })`: asked each time.
template <Model M, std::invocable<> Ask>
  requires std::convertible_to<std::invoke_result_t<Ask&>, Result<Where<M>>>
SyncExpression sync_only(Ask ask) {
  return {M::model().name, [ask = std::move(ask)](const SyncExpression::Answer& answer) mutable {
            Result<Where<M>> where = ask();
            answer(std::move(where).transform([](Where<M>&& found) { return std::move(found.tree); }));
          }};
}
/// `sync_only<Post>([](auto answer) { fetch_settings([answer](Settings settings) { answer(Post::fields::rating > 4); }); })`:
/// answered when it is known.
template <Model M, std::invocable<std::function<void(Result<Where<M>>)>> Ask>
SyncExpression sync_only(Ask ask) {
  return {M::model().name, [ask = std::move(ask)](SyncExpression::Answer answer) mutable {
            ask([answer = std::move(answer)](Result<Where<M>> where) {
              answer(std::move(where).transform([](Where<M>&& found) { return std::move(found.tree); }));
            });
          }};
}

/// How a device learns that somebody else has changed a row so that it is not in the expression any more. The service
/// tells a filter's listeners only of rows that satisfy it.
enum class Leaving : std::uint8_t {
  at_once,       ///< Updates are subscribed to, and asked for when the connection comes back, without a filter.
  at_base_sync,  ///< Filters everywhere: the least traffic; such a row stays until the next base sync.
};

}  // namespace holdfast
