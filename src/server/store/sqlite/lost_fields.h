// LostFields: what models had under earlier schemas and have no more. Records keep it when they are written again, as
// DynamoDB keeps attributes that an update does not name: the schema that comes back finds everything.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "holdfast/schema.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// Immutable once made.
class LostFields {
 public:
  /// Compares with the fields that were ever served, which the setting `store.fields` names, and adds those of `schema`
  /// to it. Codes: storage_failed, disk_full, corrupt.
  static Result<LostFields> open(sqlite::Connection& connection, const Schema& schema);

  /// Whether records of the model may hold some: if not, there is nothing to look for.
  [[nodiscard]] bool any_of(const ModelSchema& model) const { return by_model_.contains(model.name); }
  /// `image` with what `before`, the image that it replaces, holds of them.
  [[nodiscard]] Result<std::string> kept(const ModelSchema& model, std::string image, std::string_view before) const;

 private:
  std::map<std::string, std::set<std::string>, std::less<>> by_model_ = {};
};

}  // namespace holdfast::server
