#include "net/answer_head.h"

#include <gtest/gtest.h>

namespace holdfast::net {
namespace {

const Asked kept(11, true, false);

TEST(AnswerHead, HasTheHeadersInOrderAndTheLengthOfTheBody) {
  const HttpResponse answer{200, {{"content-type", "text/plain"}, {"x-a", "1"}, {"x-a", "2"}}, "hello"};
  EXPECT_EQ(head_of(answer, kept),
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nx-a: 1\r\nx-a: 2\r\nContent-Length: 5\r\n\r\n");
}

TEST(AnswerHead, SaysWhetherTheConnectionIsKeptWhereTheVersionSaysOtherwise) {
  const HttpResponse answer{200, {}, ""};
  EXPECT_EQ(head_of(answer, Asked()), "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(head_of(answer, {10, true, false}), "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(head_of(answer, {10, false, false}), "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST(AnswerHead, LeavesOutWhatFramesAMessageOrBreaksOutOfItsLine) {
  const HttpResponse answer{404,
                            {{"Content-Length", "9"}, {"transfer-encoding", "chunked"}, {"Connection", "upgrade"},
                             {"x-a", "1\r\nx-b: 2"}, {"x c", "3"}, {"", "4"}},
                            "no"};
  EXPECT_EQ(head_of(answer, kept), "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n");
}

TEST(AnswerHead, HasNoLengthWhereNoBodyMayBe) {
  EXPECT_EQ(head_of({204, {}, "too much"}, kept), "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_FALSE(may_have_body(304));
}

TEST(AnswerHead, TellsAStatusThatIsNone) {
  EXPECT_EQ(head_of({7, {}, ""}, kept), "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace holdfast::net
