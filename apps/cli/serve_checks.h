// What is wrong between settings that are right one by one.
#pragma once

#include "apps/cli/config/config.h"
#include "holdfast/schema.h"

namespace holdfast::cli {

/// Names of models and functions are of some that there are, keys can be sent and tell callers apart, and what clients are
/// told can work. Shows every mistake with its place and remedy. `functions`: all that are placed. An exit code.
int check_settings(const Config& config, const Schema& schema, const FunctionSettings& functions);

}  // namespace holdfast::cli
