// Page tokens: unreadable to clients, and sealed so that they cannot be made or changed outside. They hold sort values,
// also of a record that the page left out because its caller may not see it.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "holdfast/value.h"
#include "server/store/store.h"

namespace holdfast::server {

/// Immutable after open; safe from any thread.
class Tokens {
 public:
  /// Takes the key from the store's settings, making one the first time. Codes: those of Store.
  static Result<Tokens> open(Store& store, Random& random);

  /// `scope` says what the token is good for: model, filter, lastSync. It is sealed but not contained.
  [[nodiscard]] std::string seal(const Object& content, std::string_view scope) const;
  /// Code: invalid_argument for anything that `seal` did not give out for this scope.
  [[nodiscard]] Result<Object> unseal(std::string_view token, std::string_view scope) const;

 private:
  explicit Tokens(const std::string& key);

  std::string key_;
};

}  // namespace holdfast::server
