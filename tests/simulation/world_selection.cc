// What the devices of a world keep, and how their applications answer when they are asked.
#include <utility>

#include "base/json.h"
#include "tests/simulation/checkers.h"
#include "tests/simulation/world.h"

namespace holdfast::simulation {

void World::draw_expressions(SimDevice& sim) {
  auto& random = selection_random_;
  const bool is_first = sim.expressions.empty();
  if (is_first && random.happens(400)) sim.leaving = Leaving::at_base_sync;
  sim.expressions.resize(sim.schema->models.size());
  for (std::size_t at = 0; at < sim.expressions.size(); ++at) {
    if (is_first || random.happens(600)) {
      sim.expressions[at] = drawn_expression(sim.schema->models[at], random, options_.expressions_spare_own);
    }
  }
}

std::vector<SyncExpression> World::expressions_of(SimDevice& sim) {
  std::vector<SyncExpression> out;
  for (std::size_t at = 0; at < sim.expressions.size(); ++at) {
    out.push_back({sim.schema->models[at].name, [this, &sim, at](SyncExpression::Answer answer) {
      auto expression = sim.expressions[at];
      expression.fails = !is_healed_ && selection_random_.happens(80);
      const bool is_late = !is_healed_ && selection_random_.happens(250);
      if (!is_late) return answer_expression(sim, sim.asked, at, expression, answer);
      probes_.hit(Probe::expression_late);
      agenda_.after(Milliseconds(selection_random_.between(1, 3'000)),
                    [this, &sim, asked = sim.asked, at, expression, answer = std::move(answer)] {
                      answer_expression(sim, asked, at, expression, answer);
                    });
    }});
  }
  return out;
}

void World::answer_expression(SimDevice& sim, const std::shared_ptr<AskedExpressions>& asked, std::size_t at,
                              Expression expression, const SyncExpression::Answer& answer) {
  expression.fails = expression.fails && !is_healed_;
  asked->answers[at] = expression;
  // What is answered to an earlier question, or to a process that is dead, changes nothing.
  const bool is_last = --asked->waiting == 0;
  if (is_last && asked == sim.asked) checkers_->on_selected(sim, asked->answers);
  say("device " + std::to_string(sim.number) + " is to keep of " + sim.schema->models[at].name + ": " +
      (expression.fails ? "it does not know" : json::write(to_json(expression.where))));
  if (expression.fails) {
    probes_.hit(Probe::expression_failed);
    return answer(Error{Code::unavailable, "the settings cannot be read"});
  }
  answer(expression.where);
}

void World::begin_asking(SimDevice& sim) {
  sim.asked = std::make_shared<AskedExpressions>();
  sim.asked->answers.resize(sim.expressions.size());
  sim.asked->waiting = sim.expressions.size();
}

void World::reselect(SimDevice& sim) {
  if (sim.expressions.empty() || !sim.is_syncing || !sim.device || sim.disk->has_crashed()) return;
  probes_.hit(Probe::reselected);
  begin_asking(sim);
  if (auto asked = sim.device->reselect(); !asked && !sim.disk->has_crashed()) {
    fail("a device does not ask its expressions: " + asked.error().message);
  }
}

void World::plan_reselects() {
  for (unsigned count = 0; count < options_.reselects; ++count) {
    auto& sim = *devices_[below(selection_random_, devices_.size())];
    agenda_.after(Milliseconds(selection_random_.between(0, options_.chaos_ms)), [this, &sim] {
      draw_expressions(sim);
      reselect(sim);
    });
  }
}

void World::reword_expressions() {
  say("every device gets its expressions in other words");
  for (auto& sim : devices_) {
    for (auto& expression : sim->expressions) expression.where = reworded(expression.where);
    reselect(*sim);
  }
}

}  // namespace holdfast::simulation
