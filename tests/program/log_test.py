#!/usr/bin/env python3
"""What the backend logs at its most talkative holds neither contents nor secrets, all of it is JSON lines, and what is wrong with
the schema and with keys that end is among them. Usage: log_test.py BIN_FOLDER"""

import base64
import datetime
import json
import pathlib
import socket
import sys
import tempfile
import unittest

from programs import SCHEMA, Backend

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
        lines = said.splitlines()
        self.assertGreater(len(lines), 5, "it did log")
        for line in lines:
            entry = json.loads(line)
            self.assertLessEqual({"at", "level", "room", "event"}, set(entry))
        self.assertIn("answered", {json.loads(line)["event"] for line in lines})

    def logged_at_the_start(self, *options, text=None):
        """What a server logs by default until it is ready."""
        with tempfile.TemporaryDirectory(prefix="holdfast-log-") as scratch:
            folder = pathlib.Path(scratch)
            schema = folder / "schema.graphql" if text else SCHEMA
            if text:
                schema.write_text(text)
            with open(folder / "log", "w+b") as log:
                backend = Backend(BIN, folder / "data", *options, schema=schema, stderr=log)
                self.assertEqual(backend.stop(), 0)
            said = (folder / "log").read_text().replace(str(folder) + "/", "")
        entries = [json.loads(line) for line in said.splitlines()]
        for entry in entries:
            self.assertLessEqual({"at", "level", "room", "event"}, set(entry))
        return [{name: value for name, value in entry.items() if name != "at"} for entry in entries]

    def test_notices_of_the_schema_are_log_lines_with_their_place(self):
        self.assertEqual(self.logged_at_the_start(text="type Track @model @searchable {\n  id: ID!\n}\n"), [
            {"level": "warning", "room": "schema", "event": "notice", "place": "schema.graphql:1:19",
             "message": "@searchable gives the API its search query, but asking it gives an error.",
             "remedy": "Use the list query with a filter, or an @index."}])

    def test_keys_that_have_ended_or_will_within_a_week_are_warned_of_by_name(self):
        ends = {"old": datetime.timedelta(days=-1), "soon": datetime.timedelta(days=6, hours=23),
                "later": datetime.timedelta(days=7, hours=1), "lasting": None}
        now = datetime.datetime.now(datetime.timezone.utc)
        options = []
        for name, left in ends.items():
            options += ["--set", f"api_keys.{name}.key=da2-MARKED{name}"]
            if left is not None:
                ends[name] = (now + left).strftime("%Y-%m-%dT%H:%M:%SZ")
                options += ["--set", f"api_keys.{name}.expires={ends[name]}"]
        entries = [entry for entry in self.logged_at_the_start(*options) if entry["room"] == "serve"]
        self.assertEqual({(entry["event"], entry["key"]) for entry in entries},
                         {("api_key_expired", "old"), ("api_key_expires_soon", "soon")})
        for entry in entries:
            name = entry["key"]
            self.assertEqual((entry["level"], entry["from"]), ("warning", f"--set api_keys.{name}.expires"))
            self.assertEqual(entry["expires"], ends[name].replace("Z", ".000Z"))
            self.assertIn(f"set api_keys.{name}.expires to a later time", entry["remedy"])
            self.assertNotIn("MARKED", json.dumps(entry))

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
