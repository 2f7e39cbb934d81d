// The contract that every Storage fulfils, as tests: a program that links them names its storages in one function.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/storage/storage.h"

namespace holdfast::client {

struct StorageFactory {
  std::string name;  ///< Letters and digits: it becomes part of the tests' names.
  /// Opens an empty storage.
  std::function<std::unique_ptr<Storage>(const Schema&)> open;
  /// False for a storage whose readers wait for the writer: those tests would wait for themselves.
  bool reads_beside_writer = true;
};

/// Defined by the program under test, once.
std::vector<StorageFactory> storage_factories();

}  // namespace holdfast::client
