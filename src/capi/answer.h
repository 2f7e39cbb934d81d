// How a function of the C interface ends: a Result becomes a code and an hf_error, and no exception gets out.
#pragma once

#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "holdfast/c/holdfast.h"
#include "holdfast/result.h"

namespace holdfast::capi {

constexpr std::int32_t number_of(Code code) noexcept { return static_cast<std::int32_t>(code) + 1; }

/// Fills `error` unless it is null; returns `code`.
std::int32_t tell(hf_error* error, std::int32_t code, std::string_view message) noexcept;

/// Runs `body`, which returns a Result<void>.
template <class F>
std::int32_t answer(hf_error* error, F&& body) noexcept {
  try {
    const Result<void> done = body();
    if (done) return tell(error, HF_OK, {});
    return tell(error, number_of(done.error().code), done.error().message);
  } catch (const std::bad_alloc&) {
    return tell(error, HF_LIMIT_EXCEEDED, "out of memory");
  } catch (const std::exception& thrown) {
    return tell(error, HF_UNEXPECTED, thrown.what());
  } catch (...) {
    return tell(error, HF_UNEXPECTED, "something that is no std::exception was thrown");
  }
}

/// invalid_argument when the pointer is null.
Result<void> need(const void* pointer, const char* name);

/// A copy that hf_free() frees.
char* copied(const std::string& text);

}  // namespace holdfast::capi
