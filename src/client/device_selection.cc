// Device's way to a selection: the sync expressions are asked, and sync begins when all have answered; and its
// verify().
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include "client/device_inside.h"
#include "client/sync/ports.h"

namespace holdfast {
namespace {

Error failed_expression(const std::string& model, const std::string& why) {
  return {Code::invalid_argument, "the sync expression of " + model + " gave no predicate: " + why +
                                      "; the model is left alone until reselect() or the next start()"};
}

}  // namespace

/// Shared by the answers that are outstanding; the last of them takes the selection to the device. Thread-safe.
class Device::Inside::Round {
 public:
  Round(std::weak_ptr<Inside> inside, Generation number, const std::vector<SyncExpression>& expressions)
      : inside_(std::move(inside)), number_(number), answers_(expressions.size()), waiting_(expressions.size() + 1) {
    for (const auto& expression : expressions) models_.push_back(expression.model);
  }

  void answer(std::size_t at, Result<Predicate> where) {
    {
      const std::lock_guard lock(mutex_);
      if (answers_[at]) return;
      answers_[at] = std::move(where);
    }
    finish_one();
  }

  /// The last one has every answer to itself.
  void finish_one() {
    {
      const std::lock_guard lock(mutex_);
      if (--waiting_ > 0) return;
    }
    const auto inside = inside_.lock();
    if (!inside) return;
    sync::Selection selection;
    std::vector<sync::effect::Failed> errors;
    for (std::size_t at = 0; at < models_.size(); ++at) {
      auto taken = take(inside->schema_, models_[at], std::move(*answers_[at]), selection);
      if (!taken) errors.push_back(sync::failed(std::move(taken).error(), "sync", inside->schema_.model(models_[at])));
    }
    inside->take_selection(number_, std::move(selection), std::move(errors));
  }

 private:
  static Result<void> take(const Schema& schema, const std::string& name, Result<Predicate> where,
                           sync::Selection& selection) {
    const auto* model = schema.model(name);
    if (!model) {
      return Error{Code::invalid_argument, "a sync expression is for " + name + ", which the schema does not have"};
    }
    if (where) {
      if (auto fits = check(*where, *model); !fits) where = std::move(fits).error();
    }
    const bool is_first = where ? selection.choose(*model, *where) : selection.leave_alone(*model);
    if (!is_first) {
      return Error{Code::invalid_argument, name + " has two sync expressions; the first is used, and this one ignored"};
    }
    if (!where) return failed_expression(name, where.error().message);
    return {};
  }

  const std::weak_ptr<Inside> inside_;   ///< An answer may come when the store is gone.
  const Generation number_;
  std::vector<std::string> models_;
  std::mutex mutex_;
  std::vector<std::optional<Result<Predicate>>> answers_;
  std::size_t waiting_;   ///< Answers, and the one who asks.
};

Result<void> Device::Inside::reselect() {
  if (mutex_.is_mine()) return inside_transaction();
  Generation round = 0;
  std::vector<SyncExpression> expressions;
  {
    const std::lock_guard lock(mutex_);
    if (!sync_options_) {
      return Error{Code::invalid_argument, "the store does not sync: start() asks the sync expressions, too"};
    }
    expressions = sync_options_->expressions;
    round = ++round_;
  }
  ask(round, expressions);
  return {};
}

Result<void> Device::Inside::verify() {
  if (mutex_.is_mine()) return inside_transaction();
  {
    const std::lock_guard lock(mutex_);
    if (!sync_options_) return Error{Code::invalid_argument, "the store does not sync: start() it first"};
    if (engine_) {
      step(sync::event::Verify{});
    } else {
      verify_.emplace();
    }
  }
  flush();
  return {};
}

/// Without the lock: expressions are the application's.
void Device::Inside::ask(Generation round, const std::vector<SyncExpression>& expressions) {
  // Shared with the answers that are outstanding.
  const auto answers = std::make_shared<Round>(weak_from_this(), round, expressions);
  for (std::size_t at = 0; at < expressions.size(); ++at) {
    const auto answer = [answers, at](Result<Predicate> where) { answers->answer(at, std::move(where)); };
    try {
      expressions[at].ask(answer);
    } catch (const std::exception& thrown) {
      answer(Error{Code::invalid_argument, std::string("it threw: ") + thrown.what()});
    }
  }
  answers->finish_one();
}

void Device::Inside::take_selection(Generation round, sync::Selection selection,
                                    std::vector<sync::effect::Failed> errors) {
  {
    const std::lock_guard lock(mutex_);
    if (round != round_ || !sync_options_) return;
    selection_ = std::move(selection);
    for (auto& error : errors) {
      sync::Effect failed = std::move(error);
      take(failed);
    }
    if (engine_) {
      step(sync::event::Selected{*selection_});
    } else {
      begin_engine();
    }
  }
  flush();
}

}  // namespace holdfast
