// What a rule of a model is about.
#pragma once

#include "holdfast/auth.h"

namespace holdfast::auth {

bool concerns(const RuleSchema& rule, ModelOperation operation);

}  // namespace holdfast::auth
