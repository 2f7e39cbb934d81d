// JSON: what is parsed is written and parsed to the same value.
#include <cstddef>
#include <cstdint>

#include "base/json.h"
#include "fuzz/draw.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace holdfast;
  const auto value = json::parse(fuzz::text_of(bytes, size));
  if (!value) return 0;
  const auto text = json::write(*value);
  const auto again = json::parse(text);
  HOLDFAST_ASSERT(again.has_value(), "what is written can be parsed");
  HOLDFAST_ASSERT(*again == *value, "writing and parsing change nothing");
  HOLDFAST_ASSERT(json::write(*again) == text, "equal values have equal texts");
  return 0;
}
