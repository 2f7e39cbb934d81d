#include "net/crew.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <fstream>
#include <latch>
#include <system_error>

namespace holdfast::net {
namespace {

TEST(Crew, DoesWhatItWasGivenBeforeItIsJoined) {
  std::atomic<int> done = 0;
  Crew crew(3);
  for (int at = 0; at < 100; ++at) boost::asio::post(crew.io(), [&] { ++done; });
  crew.join();
  EXPECT_EQ(done, 100);
}

TEST(Crew, WorksOnAsManyThreadsAsItHas) {
  std::latch all(3);
  Crew crew(3);
  for (int at = 0; at < 3; ++at) boost::asio::post(crew.io(), [&] { all.arrive_and_wait(); });
  crew.join();
}

TEST(Crew, BeginsNothingOnceItIsStopped) {
  std::latch begun(1);
  std::latch go_on(1);
  std::atomic<int> done = 0;
  {
    Crew crew(1);
    boost::asio::post(crew.io(), [&] {
      begun.count_down();
      go_on.wait();
      ++done;
    });
    boost::asio::post(crew.io(), [&] { ++done; });
    begun.wait();
    crew.stop();
    go_on.count_down();
  }
  EXPECT_EQ(done, 1);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
/// Leaves the process room for a few stacks of threads.
void limit_memory() {
  std::ifstream status("/proc/self/statm");
  rlim_t pages = 0;
  status >> pages;
  constexpr rlim_t left = 40 << 20;
  const auto most = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + left;
  const rlimit limit{most, most};
  if (!status || ::setrlimit(RLIMIT_AS, &limit) != 0) std::_Exit(2);
}

TEST(Crew, ThatCannotHaveItsThreadsSaysSoAndEndsThoseThatItGot) {
  const auto make = [] {
    limit_memory();
    try {
      const Crew crew(1000);
    } catch (const std::system_error&) {
      std::_Exit(0);
    }
    std::_Exit(1);
  };
  EXPECT_EXIT(make(), testing::ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace holdfast::net
