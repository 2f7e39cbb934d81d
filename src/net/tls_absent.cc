// For builds without HOLDFAST_TLS.
#include "net/tls.h"

namespace holdfast::net {
namespace {

Error absent() {
  return {Code::unsupported,
          "TLS was left out of this build (HOLDFAST_TLS=OFF); use http:// and ws://, or put a TLS proxy "
          "between."};
}

}  // namespace

Result<std::shared_ptr<TlsContext>> server_tls(const std::string& /*certificate_file*/,
                                               const std::string& /*key_file*/) {
  return absent();
}
Result<std::shared_ptr<TlsContext>> client_tls(const std::string& /*ca_file*/) { return absent(); }
std::string tls_failure(const boost::system::error_code& reason) { return reason.message(); }

}  // namespace holdfast::net
