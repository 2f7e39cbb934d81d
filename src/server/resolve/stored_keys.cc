#include "server/resolve/stored_keys.h"

#include <string>

namespace holdfast::server {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Result<void> check_stored_keys(const Schema& schema, Store& store) {
  for (const auto& model : schema.models) {
    Store::ListOptions first;
    first.with_tombstones = true;
    first.limit = 1;
    HOLDFAST_TRY(page, store.list(model, first));
    if (page.images.empty()) continue;
    HOLDFAST_TRY(found, store.get(model, page.images.front().record.key()));
    if (found) continue;
    return Error{Code::schema_error,
                 "model " + model.name + ": its stored records have another primary key than the schema's (" +
                     joined(model.primary_key) + "); serve the schema they were written under, or give the model with "
                     "the new key another name"};
  }
  return {};
}

}  // namespace holdfast::server
