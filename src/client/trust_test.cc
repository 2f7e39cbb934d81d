// SyncOptions::ca_file, against a service whose certificate no system trusts.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <future>

#include "base/log.h"
#include "holdfast/datastore.h"
#include "model/testing.h"
#include "net/http_server.h"

namespace holdfast {
namespace {

/// Notes that somebody came, and refuses.
class Door final : public HttpService {
 public:
  HttpResponse respond(const HttpRequest& /*request*/) override { return knocked(); }
  std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest& /*upgrade*/, std::shared_ptr<SocketPeer> /*peer*/) override {
    return knocked();
  }
  bool was_knocked_at() {
    constexpr std::chrono::seconds patience{20};
    return first_.get_future().wait_for(patience) == std::future_status::ready;
  }

 private:
  HttpResponse knocked() {
    if (!is_known_.exchange(true)) first_.set_value();
    return {.status = 403};
  }
  std::promise<void> first_;
  std::atomic<bool> is_known_ = false;
};

class Trust : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "holdfast-trust-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    const std::string command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout " +
                                file("key.pem") + " -out " + file("cert.pem") +
                                " -subj /CN=holdfast-test -addext subjectAltName=IP:127.0.0.1 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << "the openssl program is needed";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ / name; }

  std::filesystem::path folder_;
};

TEST_F(Trust, OfTheApplicationsAuthoritiesReachesTheService) {
  Door door;
  const auto server = net::HttpServer::listen(door, silent_log(), {.tls_certificate = file("cert.pem"), .tls_key = file("key.pem")}).value();
  const auto schema = testing::blog_schema();
  auto store = DataStore::open(schema).value();
  SyncOptions options;
  options.endpoint = "https://127.0.0.1:" + std::to_string(server->port()) + "/graphql";
  options.ca_file = file("cert.pem");
  ASSERT_TRUE(store.start(options));
  EXPECT_TRUE(door.was_knocked_at());
  store.stop();
}

TEST_F(Trust, NamesTheFileThatCannotBeReadAndStartsNothing) {
  const auto schema = testing::blog_schema();
  auto store = DataStore::open(schema).value();
  SyncOptions options;
  options.endpoint = "https://127.0.0.1:1/graphql";
  for (const char* name : {"none.pem", "key.pem"}) {
    options.ca_file = file(name);
    const auto refused = store.start(options);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, Code::invalid_argument);
    EXPECT_NE(refused.error().message.find(name), std::string::npos) << refused.error().message;
  }
  options.ca_file = {};
  EXPECT_TRUE(store.start(options));
}

}  // namespace
}  // namespace holdfast
