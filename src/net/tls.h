// TLS over a TCP stream. OpenSSL's streams are compiled in tls.cc alone; a build without HOLDFAST_TLS has
// tls_absent.cc, where every context is refused.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <string>

#include "holdfast/result.h"
#include "net/transferred.h"

namespace holdfast::net {

/// One connection's TLS, over a stream that outlives it. Used on the stream's executor;
/// one read and one write at a time.
class TlsLayer {
 public:
  virtual ~TlsLayer() = default;
  /// The server's part takes first what was read already.
  virtual void handshake(boost::asio::const_buffer read_already, Transferred done) = 0;
  virtual void read_some(boost::asio::mutable_buffer into, Transferred done) = 0;
  virtual void write_some(boost::asio::const_buffer from, Transferred done) = 0;
};

/// What connections make their layers of. Thread-safe; shared, because a reload leaves open connections theirs.
class TlsContext {
 public:
  virtual ~TlsContext() = default;
  /// `host`: a client's, whose name the certificate must have.
  [[nodiscard]] virtual std::unique_ptr<TlsLayer> layer(boost::beast::tcp_stream& below, const std::string& host) = 0;
};

/// A server's, of PEM files: the certificate with its chain, and its key. Codes: invalid_argument, naming the file;
/// unsupported.
Result<std::shared_ptr<TlsContext>> server_tls(const std::string& certificate_file, const std::string& key_file);
/// A client's, which trusts the certificates of the system (or of SSL_CERT_FILE, SSL_CERT_DIR), and of this PEM file
/// unless it is empty. Codes as above.
Result<std::shared_ptr<TlsContext>> client_tls(const std::string& ca_file);

/// What to say of a failed handshake as a client.
std::string tls_failure(const boost::system::error_code& reason);

}  // namespace holdfast::net
