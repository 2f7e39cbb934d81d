// The flags of the verbs that take settings.
#pragma once

#include <CLI/CLI.hpp>

#include "apps/cli/config/config.h"

namespace holdfast::cli {

/// Adds --config, --set and a flag for every setting; what is given goes to `told`, which outlives the parsing. A bad
/// value is a CLI::ValidationError.
void add_setting_flags(CLI::App& verb, Told& told);

}  // namespace holdfast::cli
