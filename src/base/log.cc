#include "base/log.h"

namespace holdfast {
namespace {

class SilentLog final : public Log {
 public:
  bool takes(LogLevel) const noexcept override { return false; }
  void write(LogLevel, std::string_view, std::string_view, std::initializer_list<LogField>) override {}
};

}  // namespace

Log& silent_log() noexcept {
  static SilentLog log;
  return log;
}

}  // namespace holdfast
