// WebSockets of both sides: our client, our server, and others that keep no rules.
#include <gmock/gmock.h>

#include "net/http_server.h"
#include "net/loop.h"
#include "net/raw_socket.h"
#include "net/test_service.h"

namespace holdfast::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// What a client's socket tells, as text: "open", "frame …", "close <code> …".
class Story {
 public:
  SocketEvents events() {
    SocketEvents out;
    out.on_open = [this] { notes.add("open"); };
    out.on_frame = [this](const std::string& frame) { notes.add("frame " + frame); };
    out.on_close = [this](const Error& reason) {
      notes.add("close " + std::string(name(reason.code)) + " " + reason.message);
      ends.add(reason.code);
    };
    return out;
  }
  Notes<std::string> notes;
  Notes<Code> ends;
};

SocketRequest to(std::uint16_t port, const std::string& path = "/graphql/realtime") {
  SocketRequest request;
  request.url = "ws://127.0.0.1:" + std::to_string(port) + path;
  return request;
}

constexpr std::string_view handshake =
    "GET /rt?header=abc HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: graphql-ws, header-abc\r\n\r\n";

/// A client's frame under a mask of zeros, which leaves the text readable.
std::string masked(char head, std::string_view text) {
  HOLDFAST_ASSERT(text.size() < 126, "the test's frames are short");
  return std::string{head, static_cast<char>(0x80U | text.size()), 0, 0, 0, 0} + std::string(text);
}
/// A close frame of the server: its code and reason.
std::string closing(int code, std::string_view reason) {
  return std::string{'\x88', static_cast<char>(reason.size() + 2), static_cast<char>(code / 256),
                     static_cast<char>(code % 256)} +
         std::string(reason);
}

class WsTest : public testing::Test {
 protected:
  RawSocket upgraded() {
    auto socket = RawSocket::to(server->port());
    socket.write(handshake);
    answer = socket.read_until("\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 101"));
    return socket;
  }
  void restart(const ListenOptions& options) { server = listen(service, options); }
  void expect_session_closed(std::size_t count = 1) { EXPECT_EQ(service.closed.wait_for(count).size(), count); }

  TestService service;
  std::unique_ptr<HttpServer> server = listen(service);
  Story story;
  Story second;
  std::string answer;
  Loop loop;
};

TEST_F(WsTest, FramesGoBothWaysInOrder) {
  service.protocol = "graphql-ws";
  auto request = to(server->port(), "/graphql/realtime?x=1");
  request.protocols = {"graphql-ws", "header-abc"};
  request.headers = {{"X-Mine", "1"}};
  const auto socket = loop.open_socket(request, story.events());
  std::vector<std::string> expected{"open"};
  for (int at = 0; at < 100; ++at) {
    socket->send(std::to_string(at));
    expected.push_back("frame " + std::to_string(at));
  }
  EXPECT_EQ(story.notes.wait_for(expected.size()), expected);
  const auto upgrade = service.requests.now().at(0);
  EXPECT_EQ(upgrade.target, "/graphql/realtime?x=1");
  EXPECT_EQ(*header(upgrade.headers, "Sec-WebSocket-Protocol"), "graphql-ws, header-abc");
  EXPECT_EQ(*header(upgrade.headers, "X-Mine"), "1");
}

TEST_F(WsTest, CarriesLongFrames) {
  const auto socket = loop.open_socket(to(server->port()), story.events());
  const std::string text(500'000, 'x');
  socket->send(text);
  EXPECT_THAT(story.notes.wait_for(2), ElementsAre("open", "frame " + text));
}

TEST_F(WsTest, FramesSentWithinAcceptArriveFirst) {
  service.greet = [](SocketPeer& peer) { peer.send(std::make_shared<const std::string>("welcome")); };
  const auto socket = loop.open_socket(to(server->port()), story.events());
  EXPECT_THAT(story.notes.wait_for(2), ElementsAre("open", "frame welcome"));
}

TEST_F(WsTest, ARefusedHandshakeClosesWithItsReason) {
  service.refusal = HttpResponse{401, {}, "no such key"};
  const auto socket = loop.open_socket(to(server->port()), story.events());
  const auto notes = story.notes.wait_for(1);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_THAT(notes[0], StartsWith("close unauthorized"));
  EXPECT_THAT(notes[0], HasSubstr("no such key"));
  service.refusal.status = 404;
  const auto again = loop.open_socket(to(server->port()), second.events());
  EXPECT_THAT(second.notes.wait_for(1), ElementsAre(StartsWith("close rejected")));
}

TEST_F(WsTest, ClosesWhenNobodyListensOrTheAddressIsWrong) {
  std::uint16_t free_port = 0;
  { free_port = RawListener().port(); }
  const auto socket = loop.open_socket(to(free_port), story.events());
  EXPECT_THAT(story.notes.wait_for(1), ElementsAre(StartsWith("close unavailable")));
  SocketRequest wrong;
  wrong.url = "ftp://127.0.0.1/x";
  const auto other = loop.open_socket(wrong, second.events());
  EXPECT_THAT(second.notes.wait_for(1), ElementsAre(StartsWith("close invalid_argument")));
}

TEST_F(WsTest, TheAnswerNamesExactlyTheServicesSubprotocol) {
  service.protocol = "graphql-ws";
  auto socket = upgraded();
  EXPECT_THAT(answer, HasSubstr("Sec-WebSocket-Protocol: graphql-ws\r\n"));
  EXPECT_EQ(service.requests.now().at(0).target, "/rt?header=abc");
  service.protocol.clear();
  auto other = upgraded();
  EXPECT_THAT(answer, testing::Not(HasSubstr("Sec-WebSocket-Protocol")));
}

TEST_F(WsTest, ASubprotocolThatWasNotOfferedIsMalformed) {
  service.protocol = "other";
  auto request = to(server->port());
  request.protocols = {"graphql-ws"};
  const auto socket = loop.open_socket(request, story.events());
  EXPECT_THAT(story.notes.wait_for(1), ElementsAre(StartsWith("close malformed")));
  expect_session_closed();
}

TEST_F(WsTest, TheServerClosesAfterItsLastFrame) {
  const auto socket = loop.open_socket(to(server->port()), story.events());
  const auto peer = service.peers.wait_for(1).at(0);
  peer->send(std::make_shared<const std::string>("last"));
  peer->close(4401, "expired");
  peer->send(std::make_shared<const std::string>("late"));
  const auto notes = story.notes.wait_for(3);
  EXPECT_THAT(notes, ElementsAre("open", "frame last", HasSubstr("4401: expired")));
  expect_session_closed();
}

TEST_F(WsTest, DestroyingTheSocketClosesIt) {
  auto socket = loop.open_socket(to(server->port()), story.events());
  socket->send("bye");
  ASSERT_EQ(story.notes.wait_for(2).size(), 2U);
  socket.reset();
  EXPECT_THAT(story.notes.wait_for(3), ElementsAre("open", "frame bye", StartsWith("close closed")));
  expect_session_closed();
}

TEST_F(WsTest, ASocketMayBeDestroyedBeforeItOpensAndInItsOwnCallbacks) {
  loop.open_socket(to(server->port()), story.events()).reset();
  EXPECT_EQ(story.ends.wait_for(1).size(), 1U);

  auto holder = std::make_shared<std::unique_ptr<Socket>>();
  auto events = second.events();
  events.on_frame = [holder](const std::string&) { holder->reset(); };
  auto socket = loop.open_socket(to(server->port()), events);
  loop.wake_at(loop.ticks(), [holder, &socket] {
    *holder = std::move(socket);
    (*holder)->send("x");
  });
  EXPECT_EQ(second.notes.wait_for(2).size(), 2U);
}

TEST_F(WsTest, ASocketOutlivesItsLoopAndAPeerItsServer) {
  auto own = std::make_unique<Loop>();
  const auto socket = own->open_socket(to(server->port()), story.events());
  const auto peer = service.peers.wait_for(1).at(0);
  own.reset();
  socket->send("nobody hears this");
  server.reset();
  expect_session_closed();
  peer->send(std::make_shared<const std::string>("nor this"));
  peer->close(1000, "");
}

TEST_F(WsTest, ASlowReaderIsClosed) {
  ListenOptions options;
  options.queued_bytes_max = std::size_t{1} << 20U;
  restart(options);
  auto socket = upgraded();
  const auto peer = service.peers.wait_for(1).at(0);
  const auto frame = std::make_shared<const std::string>(100'000, 'x');
  // The kernel's buffers take a few megabytes; then the queue fills.
  for (int at = 0; at < 1000 && service.closed.now().empty(); ++at) peer->send(frame);
  expect_session_closed();
  const auto rest = socket.read_all();
  EXPECT_LT(rest.size(), 1000 * frame->size());
}

TEST_F(WsTest, AReaderThatCatchesUpIsToldWhyItIsClosed) {
  ListenOptions options;
  options.queued_bytes_max = 1000;
  restart(options);
  auto socket = upgraded();
  service.peers.wait_for(1).at(0)->send(std::make_shared<const std::string>(1001, 'x'));
  EXPECT_EQ(socket.read_until("slowly."), closing(1013, "Frames were read too slowly."));
}

TEST_F(WsTest, AnswersPings) {
  auto socket = upgraded();
  socket.write(masked('\x89', "are you there"));
  EXPECT_THAT(socket.read_until("there"), StartsWith("\x8a\x0d"));
}

TEST_F(WsTest, LargeFramesCloseWith1009) {
  ListenOptions options;
  options.frame_bytes_max = 10;
  restart(options);
  auto socket = upgraded();
  socket.write(masked('\x81', "12345678901"));
  EXPECT_THAT(socket.read_until("\x03\xf1"), testing::EndsWith("\x03\xf1"));
  socket.close();
  expect_session_closed();
  EXPECT_TRUE(service.frames.now().empty());
}

TEST_F(WsTest, BinaryFramesCloseWith1003) {
  auto socket = upgraded();
  socket.write(masked('\x82', "bytes"));
  EXPECT_THAT(socket.read_until("taken."), HasSubstr("\x03\xeb"));
  socket.close();
  expect_session_closed();
}

TEST_F(WsTest, GarbageFramesEndTheSocketAndNothingElse) {
  for (const std::string& garbage : {std::string("\x81\x05hello"), masked('\xff', "x"), masked('\x81', "\xff\xfe"),
                                     std::string("\x88\x80\x01\x02\x03\x04\x05"), std::string(64, '\xff')}) {
    auto socket = upgraded();
    socket.write(garbage);
    socket.close();
  }
  expect_session_closed(5);
  const auto socket = loop.open_socket(to(server->port()), story.events());
  socket->send("still here");
  EXPECT_THAT(story.notes.wait_for(2), ElementsAre("open", "frame still here"));
}

TEST_F(WsTest, AClientClosesOnGarbageFromItsServer) {
  RawListener listener;
  const auto socket = loop.open_socket(to(listener.port()), story.events());
  auto peer = listener.accept();
  peer.read_until("\r\n\r\n");
  peer.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Accept: wrong\r\n\r\n");
  EXPECT_THAT(story.notes.wait_for(1), ElementsAre(StartsWith("close malformed")));
}

TEST_F(WsTest, ALostConnectionIsUnavailable) {
  RawListener listener;
  const auto socket = loop.open_socket(to(listener.port()), story.events());
  listener.accept().read_until("\r\n\r\n");
  EXPECT_THAT(story.notes.wait_for(1), ElementsAre(StartsWith("close unavailable")));
}

TEST_F(WsTest, SilentClientsArePingedAndThenGivenUp) {
  ListenOptions options;
  options.idle_timeout = Milliseconds(200);
  restart(options);
  auto socket = upgraded();
  EXPECT_THAT(socket.read_until(std::string("\x89\x00", 2)), testing::Not(testing::IsEmpty()));
  socket.read_all();
  EXPECT_TRUE(socket.was_closed());
  expect_session_closed();
}

TEST_F(WsTest, ClientsThatAnswerPingsAreKept) {
  ListenOptions options;
  options.idle_timeout = Milliseconds(200);
  restart(options);
  const auto socket = loop.open_socket(to(server->port()), story.events());
  Notes<int> later;
  loop.wake_at(loop.ticks() + Milliseconds(700), [&] { later.add(1); });
  later.wait_for(1);
  socket->send("awake");
  EXPECT_THAT(story.notes.wait_for(2), ElementsAre("open", "frame awake"));
}

TEST_F(WsTest, StopClosesSocketsWith1001) {
  const auto socket = loop.open_socket(to(server->port()), story.events());
  auto deaf = upgraded();  // Never answers the closing handshake.
  service.peers.wait_for(2);
  const auto begun = loop.ticks();
  server->stop();
  EXPECT_LT(loop.ticks() - begun, Milliseconds(8000));
  EXPECT_THAT(story.notes.wait_for(2), ElementsAre("open", HasSubstr("1001")));
  expect_session_closed(2);
  EXPECT_THAT(deaf.read_all(), HasSubstr("The server stops."));
}

TEST_F(WsTest, TheLoopEndsWithSocketsOpen) {
  auto own = std::make_unique<Loop>();
  std::vector<std::unique_ptr<Socket>> sockets;
  for (int at = 0; at < 10; ++at) sockets.push_back(own->open_socket(to(server->port()), story.events()));
  service.peers.wait_for(5);
  own.reset();
  service.closed.wait_for(5);
  for (const auto& note : story.notes.now()) EXPECT_EQ(note, "open") << "nothing is called once the loop is gone";
}

}  // namespace
}  // namespace holdfast::net
