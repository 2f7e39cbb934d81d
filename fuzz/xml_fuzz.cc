// XML of services: whatever is read is JSON, and nothing is read twice.
#include <cstddef>
#include <cstdint>

#include "base/json.h"
#include "fuzz/draw.h"
#include "server/resolve/xml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace holdfast;
  const auto text = fuzz::text_of(bytes, size);
  const auto value = server::read_xml(text);
  if (!value) return 0;
  HOLDFAST_ASSERT(value->as_object() != nullptr, "a document is an object");
  const auto again = json::parse(json::write(*value));
  HOLDFAST_ASSERT(again.has_value() && *again == *value, "what is read can be written");
  return 0;
}
