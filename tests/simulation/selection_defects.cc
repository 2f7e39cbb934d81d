// What a device would do wrong with its sync expressions.
#include <memory>
#include <optional>
#include <utility>

#include "base/json.h"
#include "client/storage/setting_names.h"
#include "client/sync/progress.h"
#include "tests/simulation/lying_storage.h"

namespace holdfast::simulation {
namespace {

/// Knows the expression that its device was synced under.
class SelectiveTransaction : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;

 protected:
  Result<bool> keeps(const Record& row) {
    HOLDFAST_TRY(state, setting(client::sync_state_name(row.model->name)));
    return evaluate(sync::read_progress(state).where, row);
  }
};

class DropsEditsThatLeave final : public SelectiveTransaction {
 public:
  using SelectiveTransaction::SelectiveTransaction;
  Result<void> put(const Record& row, const Metadata& metadata) override {
    HOLDFAST_TRY(is_kept, keeps(row));
    HOLDFAST_TRY(waiting, entries_of(*row.model, row.key()));
    if (is_kept || waiting.empty()) return LyingTransaction::put(row, metadata);
    return LyingTransaction::erase(*row.model, row.key(), metadata);
  }
};

class KeepsWhatLeft final : public SelectiveTransaction {
 public:
  using SelectiveTransaction::SelectiveTransaction;
  Result<void> erase(const ModelSchema& model, const Key& key, const Metadata& metadata) override {
    HOLDFAST_TRY(stored, find(model, key));
    HOLDFAST_TRY(is_kept, stored.record ? keeps(*stored.record) : Result<bool>(true));
    return is_kept || metadata.is_deleted ? LyingTransaction::erase(model, key, metadata) : Result<void>();
  }
};

class ForgetsWhoComesBack final : public LyingTransaction {
 public:
  using LyingTransaction::LyingTransaction;
  Result<void> put(const Record& row, const Metadata& metadata) override {
    HOLDFAST_TRY(stored, find(*row.model, row.key()));
    const bool has_left = !stored.record && metadata.version > 0 && stored.metadata.version == metadata.version;
    return has_left ? Result<void>() : LyingTransaction::put(row, metadata);
  }
};

void keep_parts(WorldOptions& options) {
  options.has_expressions = true;
  options.expressions_spare_own = false;
  options.reselects = 6;
  options.operations = 120;
  options.composition.workloads = {{.kind = "zones", .weight = 2}, {.kind = "rows"}};
}

template <class Transaction>
void use_selectively(WorldOptions& options) {
  keep_parts(options);
  use<Transaction>(options);
}

/// Asks for everything, and keeps it.
void keep_everything(WorldOptions& options) {
  keep_parts(options);
  options.wrap_sync = [](SyncOptions& sync) {
    for (auto& expression : sync.expressions) {
      expression.ask = [ask = expression.ask](const SyncExpression::Answer& answer) {
        ask([answer](const Result<Predicate>& where) {
          answer(where ? Result<Predicate>(Predicate()) : where.error());
        });
      };
    }
  };
}

void keep_first_answer(WorldOptions& options) {
  keep_parts(options);
  options.wrap_sync = [](SyncOptions& sync) {
    for (auto& expression : sync.expressions) {
      expression.ask = [ask = expression.ask,
                        first = std::make_shared<std::optional<Predicate>>()](const SyncExpression::Answer& answer) {
        ask([answer, first](const Result<Predicate>& where) {
          if (where && !*first) *first = *where;
          answer(*first ? Result<Predicate>(**first) : where);
        });
      };
    }
  };
}

void filter_what_leaves(WorldOptions& options) {
  keep_parts(options);
  options.wrap_sync = [](SyncOptions& sync) { sync.leaving = Leaving::at_base_sync; };
}

void send_no_filter(WorldOptions& options) {
  keep_parts(options);
  options.taps.request = [](HttpRequest& request) {
    auto body = json::parse(request.body);
    if (!body || (*body)["variables"]["filter"].is_null()) return;
    body->as_object()->find("variables")->as_object()->set("filter", Value());
    request.body = json::write(*body);
  };
}

}  // namespace

void add_selection_defects(std::vector<Defect>& table) {
  const std::vector<Defect> ours{
      {"leaving-edit", "a row that leaves the expression is dropped with its unsent edits", "invariant",
       use_selectively<DropsEditsThatLeave>},
      {"kept-leaver", "a row that the expression keeps no more stays", "invariant", use_selectively<KeepsWhatLeft>},
      {"lost-enterer", "a row that had left does not come back with another expression", "invariant",
       use_selectively<ForgetsWhoComesBack>},
      {"ignored-expression", "the device keeps whatever it hears of", "selection: ", keep_everything},
      {"first-expression", "reselect() changes nothing", "selection: ", keep_first_answer},
      {"unheard-leaver", "updates are filtered although rows are to leave at once", "is too much", filter_what_leaves},
      {"no-filter", "the device asks for rows that it does not keep", "selection: ", send_no_filter},
  };
  table.insert(table.end(), ours.begin(), ours.end());
}

}  // namespace holdfast::simulation
