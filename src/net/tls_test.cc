// TLS of both sides, with certificates that the openssl program makes.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "net/http_server.h"
#include "net/loop.h"
#include "net/raw_socket.h"
#include "net/test_service.h"

namespace holdfast::net {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// A folder of this test's own.
class Folder {
 public:
  Folder() {
    std::string form = (std::filesystem::temp_directory_path() / "holdfast-tls-XXXXXX").string();
    HOLDFAST_ASSERT(::mkdtemp(form.data()) != nullptr, "no folder for the test");
    path_ = form;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

class TlsTest : public testing::Test {
 protected:
  void SetUp() override { certify("DNS:localhost,IP:127.0.0.1"); }

  /// A new key and a certificate for these names, which signs itself.
  void certify(const std::string& names) {
    const std::string command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout " +
                                folder.file("key.pem") + " -out " + folder.file("cert.pem") +
                                " -subj /CN=holdfast-test -addext subjectAltName=" + names + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << "the openssl program is needed";
  }
  void serve() {
    options.tls_certificate = folder.file("cert.pem");
    options.tls_key = folder.file("key.pem");
    server = listen(service, options);
  }
  std::string at(const std::string& scheme, const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ":" + std::to_string(server->port()) + "/x";
  }
  Result<HttpResponse> ask(Loop& by, const std::string& target, std::string body = {}) {
    Notes<Result<HttpResponse>> replies;
    by.exchange({.target = target, .body = std::move(body)}, Milliseconds(15'000),
                [&](Result<HttpResponse> reply) { replies.add(std::move(reply)); });
    auto all = replies.wait_for(1);
    if (all.empty()) return Error{Code::timed_out, "no reply"};
    return std::move(all.front());
  }
  static std::string said(const Result<HttpResponse>& reply) { return reply ? reply->body : reply.error().message; }

  Folder folder;
  TestService service;
  ListenOptions options;
  std::unique_ptr<HttpServer> server;
};

TEST_F(TlsTest, ComesInAtTheSamePortAsPlainHttp) {
  serve();
  Loop loop;
  ASSERT_TRUE(loop.trust(folder.file("cert.pem")));
  EXPECT_EQ(said(ask(loop, at("https"), "one")), "/x one");
  EXPECT_EQ(said(ask(loop, at("http"), "two")), "/x two");
  EXPECT_EQ(said(ask(loop, at("https", "localhost"), "three")), "/x three");
  EXPECT_EQ(said(ask(loop, at("https"), "four")), "/x four") << "over the kept connection";
}

TEST_F(TlsTest, CarriesLargeBodies) {
  serve();
  Loop loop;
  ASSERT_TRUE(loop.trust(folder.file("cert.pem")));
  const std::string body(3'000'000, 'x');
  EXPECT_EQ(said(ask(loop, at("https"), body)), "/x " + body);
}

TEST_F(TlsTest, CarriesWebSockets) {
  serve();
  Loop loop;
  ASSERT_TRUE(loop.trust(folder.file("cert.pem")));
  Notes<std::string> notes;
  SocketEvents events;
  events.on_frame = [&](const std::string& frame) { notes.add(frame); };
  events.on_close = [&](const Error& reason) { notes.add("close " + reason.message); };
  const std::string large(200'000, 'x');
  const auto socket = loop.open_socket({.url = at("wss"), .protocols = {}}, events);
  socket->send("a");
  socket->send(large);
  EXPECT_THAT(notes.wait_for(2), ElementsAre("a", large));
  server->stop();
  EXPECT_THAT(notes.wait_for(3).back(), HasSubstr("1001"));
}

TEST_F(TlsTest, RefusesCertificatesThatAreNotTrusted) {
  serve();
  Loop loop;
  const auto reply = ask(loop, at("https"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::unavailable);
  EXPECT_THAT(reply.error().message, HasSubstr("is not trusted"));
  Notes<std::string> notes;
  SocketEvents events;
  events.on_close = [&](const Error& reason) { notes.add(reason.message); };
  const auto socket = loop.open_socket({.url = at("wss"), .protocols = {}}, events);
  EXPECT_THAT(notes.wait_for(1), ElementsAre(HasSubstr("is not trusted")));
  EXPECT_TRUE(service.requests.now().empty());
}

/// An authority of one's own, which signs the server's certificate.
TEST_F(TlsTest, TrustsAnAuthorityThatItIsTold) {
  const auto run = [&](const std::string& command) {
    ASSERT_EQ(std::system(("cd " + folder.file("") + " && openssl " + command + " 2>/dev/null").c_str()), 0) << command;
  };
  const std::string new_key = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";
  run("req -x509" + new_key + "-days 2 -keyout ca.key -out ca.pem -subj /CN=authority");
  run("req" + new_key + "-keyout key.pem -out request.pem -subj /CN=server -addext subjectAltName=IP:127.0.0.1");
  run("x509 -req -days 2 -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -out cert.pem");
  serve();
  Loop loop;
  EXPECT_THAT(said(ask(loop, at("https"))), HasSubstr("is not trusted"));
  ASSERT_TRUE(loop.trust(folder.file("ca.pem")));
  EXPECT_EQ(said(ask(loop, at("https"), "told")), "/x told");
  Notes<std::string> notes;
  SocketEvents events;
  events.on_frame = [&](const std::string& frame) { notes.add(frame); };
  const auto socket = loop.open_socket({.url = at("wss"), .protocols = {}}, events);
  socket->send("a");
  EXPECT_THAT(notes.wait_for(1), ElementsAre("a"));
}

TEST_F(TlsTest, SaysWhichFileOfAuthoritiesCannotBeUsed) {
  Loop loop;
  const auto missing = loop.trust(folder.file("none.pem"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::invalid_argument);
  EXPECT_THAT(missing.error().message, HasSubstr("none.pem"));
  EXPECT_THAT(missing.error().message, HasSubstr("must be a readable PEM file"));
  const auto bad = loop.trust(folder.file("key.pem"));
  ASSERT_FALSE(bad) << "a key is no certificate";
  EXPECT_THAT(bad.error().message, HasSubstr("key.pem"));
}

TEST_F(TlsTest, RefusesCertificatesOfOtherHosts) {
  certify("DNS:elsewhere.example");
  serve();
  Loop loop;
  ASSERT_TRUE(loop.trust(folder.file("cert.pem")));
  EXPECT_THAT(said(ask(loop, at("https"))), HasSubstr("is not for this host"));
  EXPECT_THAT(said(ask(loop, at("https", "localhost"))), HasSubstr("is not for this host"));
}

TEST_F(TlsTest, ReadsNewFilesWhenTold) {
  serve();
  certify("DNS:localhost,IP:127.0.0.1");
  Loop next;
  ASSERT_TRUE(next.trust(folder.file("cert.pem")));
  EXPECT_FALSE(ask(next, at("https"))) << "the old certificate still";
  ASSERT_TRUE(server->reload_tls());
  EXPECT_EQ(said(ask(next, at("https"), "new")), "/x new");
  std::filesystem::remove(folder.file("key.pem"));
  EXPECT_EQ(server->reload_tls().error().code, Code::invalid_argument);
  Loop still;
  ASSERT_TRUE(still.trust(folder.file("cert.pem")));
  EXPECT_EQ(said(ask(still, at("https"), "still")), "/x still");
}

TEST_F(TlsTest, SaysWhichFileCannotBeUsed) {
  options.tls_certificate = folder.file("cert.pem");
  options.tls_key = folder.file("none.pem");
  const auto missing = HttpServer::listen(service, silent_log(), options);
  EXPECT_THAT(missing.error().message, HasSubstr("none.pem"));
  options.tls_key = folder.file("cert.pem");
  EXPECT_EQ(HttpServer::listen(service, silent_log(), options).error().code, Code::invalid_argument);
  options.tls_key = "";
  EXPECT_THAT(HttpServer::listen(service, silent_log(), options).error().message, HasSubstr("the key is not given"));
  std::filesystem::rename(folder.file("cert.pem"), folder.file("old.pem"));
  certify("DNS:localhost");
  options.tls_certificate = folder.file("old.pem");
  options.tls_key = folder.file("key.pem");
  EXPECT_THAT(HttpServer::listen(service, silent_log(), options).error().message, HasSubstr("is not that of the certificate"));
}

TEST_F(TlsTest, AsksNobodyForThePassPhraseOfAKey) {
  const auto command = "openssl pkey -aes256 -passout pass:secret -in " + folder.file("key.pem") + " -out " +
                       folder.file("protected.pem") + " 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  options.tls_certificate = folder.file("cert.pem");
  options.tls_key = folder.file("protected.pem");
  EXPECT_THAT(HttpServer::listen(service, silent_log(), options).error().message, HasSubstr("pass phrase"));
}

TEST_F(TlsTest, MayBeRequired) {
  options.tls_required = true;
  EXPECT_THAT(HttpServer::listen(service, silent_log(), options).error().message, HasSubstr("TLS is required"));
  serve();
  Loop loop;
  ASSERT_TRUE(loop.trust(folder.file("cert.pem")));
  EXPECT_EQ(said(ask(loop, at("https"), "safe")), "/x safe");
  const auto refused = ask(loop, at("http"), std::string(100'000, 'x'));
  ASSERT_TRUE(refused) << refused.error().message;
  EXPECT_EQ(refused->status, 426);
  EXPECT_EQ(*header(refused->headers, "Upgrade"), "TLS/1.2, HTTP/1.1");
  EXPECT_THAT(refused->body, HasSubstr("https://"));
  Notes<std::string> notes;
  SocketEvents events;
  events.on_close = [&](const Error& reason) { notes.add(reason.message); };
  const auto socket = loop.open_socket({.url = at("ws"), .protocols = {}}, events);
  EXPECT_EQ(notes.wait_for(1).size(), 1U);
  EXPECT_EQ(service.requests.now().size(), 1U) << "the service sees what came over TLS only";
}

TEST_F(TlsTest, OutlivesBrokenHandshakes) {
  serve();
  for (const auto& bytes : {std::string("\x16"), std::string("\x16\x03\x01 hello, not TLS"), std::string("\x16GET / HTTP/1.1\r\n\r\n")}) {
    auto socket = RawSocket::to(server->port());
    socket.write(bytes);
    if (bytes.size() > 1) socket.read_all();
  }
  Loop loop;
  ASSERT_TRUE(loop.trust(folder.file("cert.pem")));
  EXPECT_EQ(said(ask(loop, at("https"), "alive")), "/x alive");
}

}  // namespace
}  // namespace holdfast::net
