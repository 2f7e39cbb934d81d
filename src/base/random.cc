#include "base/random.h"

#include <sys/random.h>

#include "base/bytes.h"
#include "holdfast/result.h"

namespace holdfast {
namespace {

/// Keeps nothing for later: what is kept would come twice after a fork.
class SystemRandom final : public Random {
 public:
  std::uint64_t bits() override {
    std::uint64_t out = 0;
    HOLDFAST_ASSERT(getentropy(&out, sizeof out) == 0, "the system has no entropy");
    return out;
  }
};

}  // namespace

std::unique_ptr<Random> system_random() { return std::make_unique<SystemRandom>(); }

std::uint64_t below(Random& random, std::uint64_t bound) {
  HOLDFAST_ASSERT(bound > 0, "below() needs a positive bound");
  const std::uint64_t fair = UINT64_MAX - UINT64_MAX % bound;  // Beyond it the first remainders would come too often.
  std::uint64_t drawn = random.bits();
  while (drawn >= fair) drawn = random.bits();
  return drawn % bound;
}

std::string uuid(Random& random) {
  std::string bytes;
  for (int half = 0; half < 2; ++half) {
    auto drawn = random.bits();
    for (int at = 0; at < 8; ++at, drawn >>= 8U) bytes += static_cast<char>(drawn & 0xFFU);
  }
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | 0x40U);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
  auto text = hex(bytes);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, 1, '-');
  return text;
}

}  // namespace holdfast
