// How figures are taken: two ways of doing the same work, in turns, in one run; the median of each and their ratio.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace holdfast::bench {

inline double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

/// One line of the table in RESULTS.md: operations a second of ours and of the limit, and their ratio.
struct Comparison {
  std::string question;
  std::string limit;
  double operations = 1;                ///< In one turn of either.
  int turns = 7;
  std::function<double()> ours;         ///< Seconds of one turn.
  std::function<double()> theirs;
};

inline void run(const Comparison& comparison) {
  std::vector<double> ours;
  std::vector<double> theirs;
  comparison.ours();  // Caches, files and pages are warm for both.
  comparison.theirs();
  const auto take_ours = [&] { ours.push_back(comparison.operations / comparison.ours()); };
  const auto take_theirs = [&] { theirs.push_back(comparison.operations / comparison.theirs()); };
  // Who goes first alternates: the first of a pair pays for what the other left to the disk, some 5 % of a save.
  for (int turn = 0; turn < comparison.turns; ++turn) {
    if (turn % 2 == 0) take_ours();
    take_theirs();
    if (turn % 2 != 0) take_ours();
  }
  const double our_rate = quantile(ours, 0.5);
  const double their_rate = quantile(theirs, 0.5);
  std::printf("| %s | %.0f /s | %s | %.0f /s | %.2f |\n", comparison.question.c_str(), our_rate, comparison.limit.c_str(),
              their_rate, our_rate / their_rate);
  std::fflush(stdout);
}

}  // namespace holdfast::bench
