#include "net/tls.h"

#include <boost/asio/ssl.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <utility>

namespace holdfast::net {
namespace asio = boost::asio;
namespace ssl = asio::ssl;

namespace {

enum class Side : std::uint8_t { client, server };

class Layer final : public TlsLayer {
 public:
  Layer(boost::beast::tcp_stream& below, ssl::context& context, Side side) : stream_(below, context), side_(side) {}

  /// Code: invalid_argument for a name that cannot be asked for.
  void expect(const std::string& host) {
    boost::system::error_code is_name;
    asio::ip::make_address(host, is_name);
    // Addresses are not asked for by SNI (RFC 6066), but they stand in certificates.
    if (is_name) {
      SSL_ctrl(stream_.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(host.c_str()));
    }
    stream_.set_verify_mode(ssl::verify_peer);
    stream_.set_verify_callback(ssl::host_name_verification(host));
  }

  void handshake(asio::const_buffer read_already, Transferred done) override {
    if (side_ == Side::server) stream_.async_handshake(ssl::stream_base::server, read_already, std::move(done));
    else stream_.async_handshake(ssl::stream_base::client, std::move(done));
  }
  void read_some(asio::mutable_buffer into, Transferred done) override {
    stream_.async_read_some(into, std::move(done));
  }
  void write_some(asio::const_buffer from, Transferred done) override {
    stream_.async_write_some(from, std::move(done));
  }

 private:
  ssl::stream<boost::beast::tcp_stream&> stream_;
  Side side_;
};

class Context final : public TlsContext {
 public:
  explicit Context(Side side)
      : context(side == Side::server ? ssl::context::tls_server : ssl::context::tls_client), side_(side) {
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    // Idle connections, of which there may be thousands, give their buffers back.
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  }
  std::unique_ptr<TlsLayer> layer(boost::beast::tcp_stream& below, const std::string& host) override {
    auto made = std::make_unique<Layer>(below, context, side_);
    if (side_ == Side::client) made->expect(host);
    return made;
  }

  ssl::context context;

 private:
  Side side_;
};

Error unusable(const std::string& what, const std::string& file, const boost::system::error_code& reason) {
  return {Code::invalid_argument, "The " + what + " \"" + file + "\" cannot be used: " + reason.message() +
                                      ". It must be a readable PEM file."};
}

Error protected_key(const std::string& file) {
  return {Code::invalid_argument, "The TLS key \"" + file +
                                      "\" is protected by a pass phrase, and nobody is there to be asked: give a file "
                                      "without one (openssl pkey -in KEY -out PLAIN), readable by nobody else."};
}

bool is_of_another(const boost::system::error_code& reason) {
  const auto code = static_cast<unsigned long>(reason.value());
  return ERR_GET_LIB(code) == ERR_LIB_X509 && ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH;
}

}  // namespace

Result<std::shared_ptr<TlsContext>> server_tls(const std::string& certificate_file, const std::string& key_file) {
  if (certificate_file.empty() || key_file.empty()) {
    return Error{Code::invalid_argument, std::string("TLS wants a certificate and its key, and the ") +
                                             (key_file.empty() ? "key" : "certificate") +
                                             " is not given: give both files, or neither."};
  }
  auto made = std::make_shared<Context>(Side::server);
  boost::system::error_code failed;
  const auto is_asked = std::make_shared<bool>(false);  // Shared with what the context keeps.
  // Without it OpenSSL asks the terminal, and waits: at a reload, no signal would end the server any more.
  made->context.set_password_callback(
      [is_asked](std::size_t, ssl::context::password_purpose) {
        *is_asked = true;
        return std::string();
      },
      failed);
  made->context.use_certificate_chain_file(certificate_file, failed);
  if (failed) return unusable("TLS certificate", certificate_file, failed);
  made->context.use_private_key_file(key_file, ssl::context::pem, failed);
  if (failed && *is_asked) return protected_key(key_file);
  if (failed && !is_of_another(failed)) return unusable("TLS key", key_file, failed);
  // The second finds a key of another kind than the certificate's.
  if (failed || SSL_CTX_check_private_key(made->context.native_handle()) != 1) {
    return Error{Code::invalid_argument, "The TLS key \"" + key_file + "\" is not that of the certificate \"" +
                                             certificate_file + "\": give the one that the certificate was made with."};
  }
  return std::shared_ptr<TlsContext>(std::move(made));
}

Result<std::shared_ptr<TlsContext>> client_tls(const std::string& ca_file) {
  auto made = std::make_shared<Context>(Side::client);
  boost::system::error_code failed;
  made->context.set_default_verify_paths(failed);
  if (!failed && !ca_file.empty()) made->context.load_verify_file(ca_file, failed);
  if (failed) return unusable("file of trusted certificates", ca_file, failed);
  return std::shared_ptr<TlsContext>(std::move(made));
}

std::string tls_failure(const boost::system::error_code& reason) {
  const bool is_of_tls = reason.category() == asio::error::get_ssl_category();
  const bool is_distrust =
      is_of_tls && ERR_GET_REASON(static_cast<unsigned long>(reason.value())) == SSL_R_CERTIFICATE_VERIFY_FAILED;
  if (!is_distrust) return reason.message();
  return "its certificate is not trusted, or is not for this host; name its authority by a CA file or SSL_CERT_FILE";
}

}  // namespace holdfast::net
