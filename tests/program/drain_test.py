#!/usr/bin/env python3
"""SIGTERM under load: the backend answers what runs, holds what comes, closes sockets so that clients come back, and
exits with 0. Writers that try as often as the published clients do (spec/protocol.md section 1.4) lose no write when the
port outlives the process; devices lose none in any case. Usage: drain_test.py BIN_FOLDER."""

import http.client
import json
import os
import pathlib
import random
import signal
import socket
import sys
import tempfile
import threading
import time

from programs import API_KEY, SCHEMA, Backend, Device, Program, Subscriber, all_items, need

WRITERS = 4
RESTARTS = 3
WRITES_BETWEEN = 60
TRIES = 3  # Of the published clients.
ALL_POSTS = "query ($token: String) { listPosts(limit: 1000, nextToken: $token) { items { id _version } nextToken } }"


class ActivatedBackend(Backend):
    """On a listening socket that this test holds, as systemd would."""

    def __init__(self, bin_folder, data, listener):
        command = [bin_folder / "holdfast", "serve", "--schema", SCHEMA, "--data", data, "--api-key", API_KEY]
        Program.__init__(self, ["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", *command], close_fds=False,
                         preexec_fn=lambda: os.set_inheritable(os.dup2(listener.fileno(), 3), True))
        self.endpoint = self.wait_for(lambda line: line.startswith("ready ")).split(" ", 1)[1]
        self.port = int(self.endpoint.rsplit(":", 1)[1].split("/")[0])


class Writer(threading.Thread):
    """Creates posts one after the other, each on the kept connection, tried as the published clients try."""

    def __init__(self, name, port, progress):
        super().__init__(daemon=True)
        self.label, self.port, self.progress = name, port, progress
        self.acknowledged, self.given_up = [], []
        self.is_done = threading.Event()
        self.connection = None

    def run(self):
        count = 0
        while not self.is_done.is_set():
            name = f"{self.label}-{count:04d}"
            (self.acknowledged if self.write(name) else self.given_up).append(name)
            self.progress.release()
            count += 1

    def write(self, name):
        document = "mutation M($input: CreatePostInput!) { createPost(input: $input) { id } }"
        body = json.dumps({"query": document, "variables": {"input": {"id": name, "title": name, "rating": 1, "status": "ACTIVE"}}})
        for attempt in range(1, TRIES + 1):
            try:
                self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self.connection.request("POST", "/graphql", body, {"x-api-key": API_KEY, "content-type": "application/json"})
                reply = self.connection.getresponse()
                answer = json.loads(reply.read())
                assert reply.status == 200 and "errors" not in answer, (reply.status, answer)
                return True
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                time.sleep((2 ** attempt * 100 + random.uniform(0, 100)) / 1000)  # What the clients do, not a wait of ours.
        return False


def restart_under_load(bin_folder, folder):
    """No write is lost, whoever sends it, while the port stays open."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        data = folder / "load"
        backend = ActivatedBackend(bin_folder, data, listener)
        progress = threading.Semaphore(0)
        writers = [Writer(f"w{at}", backend.port, progress) for at in range(WRITERS)]
        for writer in writers:
            writer.start()
        device = Device(bin_folder, folder / "device.db", backend.endpoint)
        for turn in range(RESTARTS):
            subscriber = Subscriber(socket.create_connection(("127.0.0.1", backend.port), timeout=60))
            for _ in range(WRITES_BETWEEN):
                assert progress.acquire(timeout=60), "the writers stand still"
            device.ask({"do": "save", "model": "Post",
                        "fields": {"id": f"device-{turn}", "title": "t", "rating": 1, "status": "ACTIVE"}})
            assert backend.stop() == 0
            told, code = subscriber.close_code()
            assert code == 1001 and told >= WRITES_BETWEEN // 2, (told, code)
            backend = ActivatedBackend(bin_folder, data, listener)
        for _ in range(WRITES_BETWEEN):
            assert progress.acquire(timeout=60), "the writers did not recover"
        for writer in writers:
            writer.is_done.set()
        for writer in writers:
            writer.join(60)
        device.wait_until_sent()
        written = all_items(backend.query, ALL_POSTS)
        assert all(post["_version"] == 1 for post in written), "a repeated create was taken for an update"
        stored = {post["id"] for post in written}
        for writer in writers:
            assert not writer.given_up, f"given up after {TRIES} tries: {writer.given_up}"
            assert stored.issuperset(writer.acknowledged), "an acknowledged write is lost"
        assert stored.issuperset(f"device-{turn}" for turn in range(RESTARTS))
        device.stop()
        assert backend.stop() == 0
        return len(stored)


def second_signal(bin_folder, folder):
    """A reply that nobody reads holds the drain up; the second signal does not wait for it."""
    backend = Backend(bin_folder, folder / "second")
    title = "x" * 200_000
    for at in range(60):
        backend.query("mutation M($input: CreatePostInput!) { createPost(input: $input) { id } }",
                      {"input": {"id": str(at), "title": title, "rating": 1, "status": "ACTIVE"}})
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.connect(("127.0.0.1", backend.port))
    body = json.dumps({"query": "{ listPosts(limit: 1000) { items { title } } }"})
    reader.sendall((f"POST /graphql HTTP/1.1\r\nHost: h\r\nx-api-key: {API_KEY}\r\nContent-Length: {len(body)}\r\n\r\n"
                    + body).encode())
    assert reader.recv(12) == b"HTTP/1.1 200"
    backend.process.send_signal(signal.SIGTERM)
    backend.wait_for(lambda line: line.startswith("draining"))
    began = time.monotonic()
    assert backend.stop() == -signal.SIGTERM
    assert time.monotonic() - began < 5
    reader.close()


def main():
    bin_folder = pathlib.Path(sys.argv[1])
    need(bin_folder, "holdfast", "test_device")
    with tempfile.TemporaryDirectory() as folder:
        written = restart_under_load(bin_folder, pathlib.Path(folder))
        second_signal(bin_folder, pathlib.Path(folder))
    print(f"drain: {RESTARTS} restarts under load, {written} writes, none lost")


if __name__ == "__main__":
    main()
