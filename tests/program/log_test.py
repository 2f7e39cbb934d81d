#!/usr/bin/env python3
"""What the backend logs at its most talkative holds neither contents nor secrets. Usage: log_test.py BIN_FOLDER"""

import base64
import json
import pathlib
import socket
import sys
import tempfile
import unittest

from programs import Backend

BIN = pathlib.Path()
SECRETS = {"key": "da2-MARKEDkey", "content": "MARKEDcontent", "wrong": "MARKEDwrong", "variable": "MARKEDvariable",
           "name": "MARKEDname", "token": "MARKEDtoken", "header": "MARKEDheader", "id": "MARKEDid", "admin": "MARKEDadmin"}


def speak(port, text):
    """Sends raw bytes and reads until the other side closes or has answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(text)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65536):
            pass


class Log(unittest.TestCase):
    def test_no_content_and_no_secret_is_logged_at_debug(self):
        with tempfile.TemporaryDirectory(prefix="holdfast-log-") as scratch:
            folder = pathlib.Path(scratch)
            with open(folder / "log", "w+b") as log:
                backend = Backend(BIN, folder / "data", "--log-level", "debug", "--set", f"api_keys.other.key={SECRETS['key']}",
                                  "--admin-key", SECRETS["admin"], stderr=log)
                self.call(backend)
                self.assertEqual(backend.stop(), 0)
            said = (folder / "log").read_text()
        for what, secret in SECRETS.items():
            self.assertNotIn(secret, said, what)
        lines = [line for line in said.splitlines() if line.startswith("{")]
        self.assertGreater(len(lines), 5, "it did log")
        for line in lines:
            entry = json.loads(line)
            self.assertLessEqual({"at", "level", "room", "event"}, set(entry))
        self.assertIn("answered", {json.loads(line)["event"] for line in lines})

    def call(self, backend):
        key = {"x-api-key": SECRETS["key"], "x-holdfast-mutation": SECRETS["header"], "authorization": SECRETS["header"]}

        def ask(query, variables=None):
            return backend.post(json.dumps({"query": query, "variables": variables}).encode(), headers=key)[2]

        made = ask('mutation M($i: CreatePostInput!) { createPost(input: $i) { id } }',
                   {"i": {"id": SECRETS["id"], "title": SECRETS["content"], "rating": 1, "status": "ACTIVE"}})
        self.assertNotIn("errors", made)
        for rating in (2, 3):  # The second is a conflict.
            ask(f'mutation {{ updatePost(input: {{id: "{SECRETS["id"]}", rating: {rating}, title: "{SECRETS["content"]}", '
                "_version: 1}) { title } }")
        ask(f'query {{ listPosts(nextToken: "{SECRETS["token"]}") {{ items {{ id }} }} }}')
        ask(f'query {SECRETS["name"]} {{ {SECRETS["name"]} }}')
        ask("query Q($v: Int!) { getPost(id: $v) { id } }", {"v": SECRETS["variable"]})
        ask(f'query {{ getPost(id: "{SECRETS["content"]}) {{ id }} }}')
        backend.post(b"{", headers={"x-api-key": SECRETS["wrong"]})
        self.realtime(backend.port)
        speak(backend.port, f"GET /{SECRETS['content']} HTTP/9.9\r\n{SECRETS['header']}\r\n\r\n".encode())
        speak(backend.port, f"GET /{SECRETS['name']} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".encode())

    def realtime(self, port):
        for key in ("key", "wrong"):
            header = base64.b64encode(json.dumps({"host": "localhost", "x-api-key": SECRETS[key]}).encode()).decode()
            frame = json.dumps({"type": "connection_init", "payload": {"a": SECRETS["content"]}}).encode()
            masked = bytes([0x81, 0x80 | len(frame)]) + bytes(4) + frame
            speak(port, f"GET /graphql/realtime?header={header}&payload=e30= HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\n"
                  "connection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-protocol: graphql-ws\r\n"
                  f"sec-websocket-key: {base64.b64encode(bytes(16)).decode()}\r\n\r\n".encode() + masked)


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
