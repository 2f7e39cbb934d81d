#include "apps/cli/child_process.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace holdfast::cli {
namespace {

ChildRun shell(std::string script, std::string input = {}) {
  return {.words = {"sh", "-c", std::move(script)},
          .input = std::move(input),
          .patience = Milliseconds(20'000),
          .answer = ChildRun::Answer::standard_output};
}

TEST(ChildProcess, ReadsItsInputAndAnswers) {
  const auto reply = run_child(shell("cat; echo oops >&2", "hello"));
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(reply.answer, "hello");
  EXPECT_EQ(reply.complaints, "oops\n");
}

TEST(ChildProcess, AnswersOnDescriptor3WhatNodeScriptsSay) {
  EXPECT_EQ(answer_of({"sh", "-c", "cat >&3"}, "hello", std::chrono::seconds(20)).value(), "hello");
}

TEST(ChildProcess, ThatFailsIsToldWithWhatItHadSaid) {
  const auto reply = run_child(shell("echo partly; echo why >&2; exit 3"));
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(*reply.failure, (Error{Code::rejected, "it ended with code 3"}));
  EXPECT_EQ(reply.answer, "partly\n");
  EXPECT_EQ(reply.complaints, "why\n");
  EXPECT_EQ(run_child(shell("kill -TERM $$")).failure->message, "it was ended by signal 15");
  EXPECT_EQ(run_child({.words = {"/no/such/program"}}).failure->code, Code::not_found);
}

TEST(ChildProcess, IsKilledAtItsLimitWithAllItStarted) {
  auto run = shell("sleep 600 & echo $!; sleep 600");
  run.patience = Milliseconds(300);
  const auto reply = run_child(run);
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(*reply.failure, (Error{Code::timed_out, "no answer within 300 ms"}));
  // Whoever is left of the group ends when it is scheduled next, and is a zombie until its new parent has seen that.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  bool has_ended = false;
  while (!has_ended && std::chrono::steady_clock::now() < until) {
    std::ifstream state("/proc/" + std::to_string(std::stoi(reply.answer)) + "/stat");
    const std::string text{std::istreambuf_iterator<char>(state), {}};
    has_ended = text.empty() || text.find(") Z ") != std::string::npos;
    std::this_thread::yield();
  }
  EXPECT_TRUE(has_ended);
}

TEST(ChildProcess, DoesNotWaitForWhatItLeavesBehind) {
  auto run = shell("sleep 600 >&2 & echo done");
  EXPECT_EQ(run_child(run).answer, "done\n");
  // Also when that keeps the answer open; it has no part in it, and ends with the group.
  const auto reply = run_child(shell("sleep 600 & echo done"));
  EXPECT_EQ(reply.answer, "done\n");
  EXPECT_FALSE(reply.failure) << reply.failure->message;
}

TEST(ChildProcess, MaySayOnlySoMuch) {
  auto run = shell("head -c 3000000 /dev/zero");
  run.answer_bytes_max = std::size_t{1} << 20U;
  EXPECT_EQ(*run_child(run).failure, (Error{Code::limit_exceeded, "the answer is longer than 1 MiB"}));
  const auto loud = run_child(shell("head -c 100000 /dev/zero >&2; echo last >&2; echo ok"));
  EXPECT_EQ(loud.answer, "ok\n");
  EXPECT_EQ(loud.complaints.size(), complaints_bytes_max);
  EXPECT_TRUE(loud.complaints.ends_with("last\n"));
}

TEST(ChildProcess, HasTheEnvironmentAndTheDescriptorsItIsGiven) {
  auto run = shell("env | grep -v -e ^PWD= -e ^_= -e ^SHLVL=; ls /proc/self/fd | wc -l");
  run.environment = {"PATH=" + std::string(std::getenv("PATH")), "COLOUR=red"};
  // One that is not closed in children by itself, as sockets of ours are.
  const std::ofstream open_file("/dev/null");
  const auto answer = run_child(run).answer;
  EXPECT_NE(answer.find("COLOUR=red\n"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("HOME="), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\n4\n")) << answer << "0, 1, 2 and the folder that ls reads";
}

}  // namespace
}  // namespace holdfast::cli
