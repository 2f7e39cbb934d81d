// Conflicts into the store's journal.
#pragma once

#include "server/resolve/settlement.h"

namespace holdfast::server {

/// Counts a conflict, and keeps what became of it unless the journal is switched off for the model. `written` is null
/// when nothing was. A journal that fails is told to the log and to nobody else: the mutation is over.
void journal_conflict(const Asked& asked, const Writing& writing, const Settlement& settlement, const Image* written);

}  // namespace holdfast::server
