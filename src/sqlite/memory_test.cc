#include "sqlite/memory.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>

#include "sqlite/connection.h"

namespace holdfast::sqlite {
namespace {

[[noreturn]] void exit_with_whether_memory_is_counted(bool stops) {
  if (stops && !stop_counting_memory()) std::exit(2);
  const auto connection = Connection::open({.path = ":memory:"});
  const bool is_sound = connection && !(stops && stop_counting_memory());
  std::exit(!is_sound ? 3 : sqlite3_memory_used() > 0 ? 1 : 0);
}

TEST(ProcessMemory, IsNotCountedInAProgramThatStopsItBeforeItsFirstConnection) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";  // Each in a process that has opened none.
  EXPECT_EXIT(exit_with_whether_memory_is_counted(true), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(exit_with_whether_memory_is_counted(false), ::testing::ExitedWithCode(1), "");
}

}  // namespace
}  // namespace holdfast::sqlite
