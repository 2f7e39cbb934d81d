#!/usr/bin/env python3
"""Bad input to the real backend over real sockets: each gets the error that the protocol gives, and the backend goes on
serving. Usage: bad_input_test.py BIN_FOLDER"""

import base64
import json
import os
import pathlib
import socket
import struct
import sys
import tempfile
import unittest

from programs import API_KEY, Backend, PATIENCE_SECONDS

BIN = pathlib.Path()


class WebSocket:
    """Just enough of RFC 6455 to send and receive text frames, and garbage."""

    def __init__(self, backend, authorization, path="/graphql/realtime"):
        self.socket = socket.create_connection(("127.0.0.1", backend.port), timeout=PATIENCE_SECONDS)
        header = base64.urlsafe_b64encode(json.dumps(authorization).encode()).rstrip(b"=").decode()
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{backend.port}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
                             "Sec-WebSocket-Version: 13\r\n"
                             f"Sec-WebSocket-Protocol: graphql-ws, header-{header}\r\n\r\n").encode())
        self.reply = b""
        while b"\r\n\r\n" not in self.reply:
            self.reply += self.socket.recv(1)

    def send(self, text):
        body, mask = text.encode(), os.urandom(4)
        size = struct.pack("!B", 0x80 | len(body)) if len(body) < 126 else struct.pack("!BH", 0x80 | 126, len(body))
        self.socket.sendall(b"\x81" + size + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(body)))

    def _exactly(self, count):
        out = b""
        while len(out) < count:
            part = self.socket.recv(count - len(out))
            if not part:
                raise ConnectionError("closed")
            out += part
        return out

    def receive(self):
        """The next text frame, decoded; None when the server closes."""
        try:
            kind, size = self._exactly(2)
            if size == 126:
                [size] = struct.unpack("!H", self._exactly(2))
            elif size == 127:
                [size] = struct.unpack("!Q", self._exactly(8))
            body = self._exactly(size)
        except ConnectionError:
            return None
        return json.loads(body) if kind & 0x0F == 1 else None

    def receive_type(self, wanted):
        while (frame := self.receive()) is not None:
            if frame["type"] == wanted:
                return frame
        raise AssertionError(f"closed before {wanted}")

    def close(self):
        self.socket.close()


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="holdfast-bad-input-")
        cls.backend = Backend(BIN, pathlib.Path(cls.folder.name) / "backend")

    @classmethod
    def tearDownClass(cls):
        code = cls.backend.stop()
        cls.folder.cleanup()
        assert code == 0, "the backend stops cleanly on SIGTERM"

    def tearDown(self):
        answer = self.backend.query("query { listPosts { items { id } nextToken } }")
        self.assertNotIn("errors", answer, "the backend goes on serving")

    def test_malformed_json_is_400(self):
        for body in (b"{", b"", b"[1]", b'{"query": 3}', b"\xff\xfe", b"nul"):
            status, headers, answer = self.backend.post(body)
            self.assertEqual(status, 400, body)
            self.assertIn("errorType", answer["errors"][0], body)
            self.assertIn("application/json", headers["content-type"])

    def test_a_malformed_document_is_400(self):
        status, _, answer = self.backend.post(json.dumps({"query": "query { listPosts { "}).encode())
        self.assertEqual(status, 400)
        self.assertIn("Syntax Error", answer["errors"][0]["message"])

    def test_an_unknown_field_is_200_with_an_error_without_type(self):
        answer = self.backend.query("query { listPosts { items { nope } } }")
        self.assertIsNone(answer.get("data"))
        self.assertIn("nope", answer["errors"][0]["message"])
        self.assertIsNone(answer["errors"][0].get("errorType"))
        self.assertEqual(answer["errors"][0]["locations"][0]["line"], 1)

    def test_a_wrong_type_names_the_variable(self):
        document = "mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }"
        fields = {"title": "a", "rating": "many", "status": "ACTIVE"}
        answer = self.backend.query(document, {"input": fields})
        self.assertIn("rating", answer["errors"][0]["message"])
        answer = self.backend.query(document, {"input": {**fields, "rating": 1, "status": "GONE"}})
        self.assertIn("GONE", answer["errors"][0]["message"])
        answer = self.backend.query(document, {"input": {"rating": 1}})
        self.assertTrue(answer["errors"])

    def test_a_missing_or_wrong_api_key_is_401(self):
        for headers in ({}, {"x-api-key": "da2-wrong"}, {"authorization": API_KEY}):
            status, reply, answer = self.backend.post(b'{"query": "query { listPosts { items { id } } }"}', headers)
            self.assertEqual(status, 401)
            self.assertTrue(reply["x-amzn-errortype"].startswith("UnauthorizedException"))
            self.assertEqual(answer["errors"][0]["errorType"], "UnauthorizedException")

    def test_an_oversized_body_is_413(self):
        with socket.create_connection(("127.0.0.1", self.backend.port), timeout=PATIENCE_SECONDS) as raw:
            raw.sendall(b"POST /graphql HTTP/1.1\r\nHost: x\r\nx-api-key: " + API_KEY.encode() +
                        b"\r\nContent-Type: application/json\r\nContent-Length: 2000000000\r\n\r\n")
            answer = raw.recv(4096)
            self.assertIn(b" 413 ", answer.split(b"\r\n")[0])
            self.assertIn(b"access-control-allow-origin: *", answer, "a browser shows it to the application")
            self.assertIn(b"too large", answer)

    def test_bytes_that_are_not_http_are_400(self):
        with socket.create_connection(("127.0.0.1", self.backend.port), timeout=PATIENCE_SECONDS) as raw:
            raw.sendall(b"\x16\x03\x01 this is no request\r\n\r\n")
            answer = raw.recv(4096)
            self.assertTrue(answer == b"" or b" 400 " in answer.split(b"\r\n")[0], answer)

    def test_an_unknown_path_and_method_say_so(self):
        with socket.create_connection(("127.0.0.1", self.backend.port), timeout=PATIENCE_SECONDS) as raw:
            raw.sendall(b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertIn(b" 404 ", raw.recv(4096).split(b"\r\n")[0])

    def test_a_deep_document_is_refused(self):
        answer = self.backend.post(json.dumps({"query": "query " + "{ a" * 100_000}).encode())
        self.assertIn(answer[0], (200, 400))
        self.assertTrue(answer[2]["errors"])

    def test_garbage_frames_are_answered_and_the_connection_lives(self):
        client = WebSocket(self.backend, {"host": "127.0.0.1", "x-api-key": API_KEY})
        self.assertIn(b"101", client.reply.split(b"\r\n")[0])
        self.assertIn(b"sec-websocket-protocol: graphql-ws\r\n", client.reply.lower())
        client.send(json.dumps({"type": "connection_init"}))
        self.assertEqual(client.receive()["type"], "connection_ack")
        self.assertEqual(client.receive()["type"], "ka")
        for garbage in ("not json", "[]", "{}", '{"type":"start"}', '{"type":"start","id":"x","payload":{"data":"{"}}',
                        '{"type":"mystery"}'):
            client.send(garbage)
            self.assertIn(client.receive()["type"], ("error", "connection_error"), garbage)
        client.send(self.start_frame("live", API_KEY))
        self.assertEqual(client.receive_type("start_ack")["id"], "live")
        document = "mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }"
        self.backend.query(document, {"input": {"title": "seen", "rating": 1, "status": "ACTIVE"}})
        self.assertEqual(client.receive_type("data")["payload"]["data"]["onCreatePost"]["title"], "seen")
        client.close()

    def test_a_binary_mess_closes_only_its_own_socket(self):
        client = WebSocket(self.backend, {"host": "127.0.0.1", "x-api-key": API_KEY})
        client.socket.sendall(b"\xff" * 64)
        while client.receive() is not None:
            pass
        client.close()

    def test_a_realtime_connection_without_a_valid_key_is_refused_as_the_protocol_says(self):
        client = WebSocket(self.backend, {"host": "127.0.0.1", "x-api-key": "da2-wrong"})
        if b"101" in client.reply.split(b"\r\n")[0]:
            client.send(json.dumps({"type": "connection_init"}))
            frame = client.receive_type("connection_error")
            self.assertEqual(frame["payload"]["errors"][0]["errorType"], "UnauthorizedException")
        else:
            self.assertIn(b"401", client.reply.split(b"\r\n")[0])
        client.close()

    def test_each_start_is_authorized_by_itself(self):
        client = WebSocket(self.backend, {"host": "127.0.0.1", "x-api-key": API_KEY})
        client.send(json.dumps({"type": "connection_init"}))
        client.receive_type("ka")
        client.send(self.start_frame("bad", "da2-wrong"))
        frame = client.receive_type("error")
        self.assertEqual((frame["id"], frame["payload"]["errors"][0]["errorType"]), ("bad", "UnauthorizedException"))
        client.close()

    @staticmethod
    def start_frame(name, key):
        data = json.dumps({"query": "subscription { onCreatePost { id title } }", "variables": {}})
        return json.dumps({"id": name, "type": "start", "payload": {
            "data": data, "extensions": {"authorization": {"host": "127.0.0.1", "x-api-key": key}}}})


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
