#include "holdfast/result.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace holdfast {
namespace {

struct Row {
  std::string_view word;
  CodeGuide guide;
};

// In the order of Code.
constexpr std::array<Row, 16> rows{{
    {"invalid_argument", {"the call is wrong", false, "correct the call; the message names the part"}},
    {"not_found", {"the named thing does not exist", false, "create it first, or treat it as removed"}},
    {"condition_failed", {"the condition did not hold", false, "read the record again and decide anew"}},
    {"conflict", {"another version is stored", false, "merge with the stored record and save again"}},
    {"unauthorized", {"the credentials were refused", false, "configure valid credentials"}},
    {"unavailable", {"the other side cannot be reached", true, "try again later"}},
    {"timed_out", {"no answer in time", true, "try again; the operation may have happened"}},
    {"rejected", {"refused for good", false, "correct the request; the message says why"}},
    {"malformed", {"the input could not be understood", false, "correct the input at the place named"}},
    {"schema_error", {"the schema is wrong or does not fit the data", false, "correct the schema or migrate"}},
    {"storage_failed", {"the disk or database failed", true, "check the disk and its permissions"}},
    {"disk_full", {"no room left on the disk", true, "free some space and try again"}},
    {"corrupt", {"the database file is damaged", false, "restore it from a copy, or clear the store"}},
    {"limit_exceeded", {"a documented limit was reached", false, "ask for less at a time"}},
    {"closed", {"it was closed before", false, "open it again"}},
    {"unsupported", {"not offered here", false, "see the documentation for what is"}},
}};

class BadResultError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace

std::string_view name(Code code) noexcept { return rows.at(static_cast<std::size_t>(code)).word; }

const CodeGuide& explain(Code code) noexcept { return rows.at(static_cast<std::size_t>(code)).guide; }

void assertion_failed(const char* condition, const char* what, const char* file, int line) noexcept {
  std::fprintf(stderr, "holdfast: %s:%d: %s (%s)\n", file, line, what, condition);
  std::abort();
}

void throw_bad_result(const Error& error) {
  throw BadResultError(std::string(name(error.code)) + ": " + error.message);
}

}  // namespace holdfast
