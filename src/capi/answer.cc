#include "capi/answer.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace holdfast::capi {

static_assert(HF_INVALID_ARGUMENT == number_of(Code::invalid_argument) && HF_NOT_FOUND == number_of(Code::not_found) &&
              HF_CONDITION_FAILED == number_of(Code::condition_failed) && HF_CONFLICT == number_of(Code::conflict) &&
              HF_UNAUTHORIZED == number_of(Code::unauthorized) && HF_UNAVAILABLE == number_of(Code::unavailable) &&
              HF_TIMED_OUT == number_of(Code::timed_out) && HF_REJECTED == number_of(Code::rejected) &&
              HF_MALFORMED == number_of(Code::malformed) && HF_SCHEMA_ERROR == number_of(Code::schema_error) &&
              HF_STORAGE_FAILED == number_of(Code::storage_failed) && HF_DISK_FULL == number_of(Code::disk_full) &&
              HF_CORRUPT == number_of(Code::corrupt) && HF_LIMIT_EXCEEDED == number_of(Code::limit_exceeded) &&
              HF_CLOSED == number_of(Code::closed) && HF_UNSUPPORTED == number_of(Code::unsupported));

std::int32_t tell(hf_error* error, std::int32_t code, std::string_view message) noexcept {
  if (!error) return code;
  error->code = code;
  auto size = std::min(message.size(), sizeof error->message - 1);
  if (size < message.size()) {
    // Not in the middle of a letter: those bytes of it that follow the first are 10xxxxxx.
    while (size > 0 && (static_cast<unsigned char>(message[size]) & 0xC0U) == 0x80U) --size;
  }
  std::copy_n(message.begin(), size, error->message);
  error->message[size] = '\0';
  return code;
}

Result<void> need(const void* pointer, const char* name) {
  if (pointer) return {};
  return Error{Code::invalid_argument, std::string(name) + " is NULL"};
}

char* copied(const std::string& text) {
  auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (!copy) throw std::bad_alloc();
  std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

}  // namespace holdfast::capi
