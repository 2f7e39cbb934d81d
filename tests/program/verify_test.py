#!/usr/bin/env python3
"""Trust, but verify: a device's file that was damaged by hand is found by `holdfast verify`, and repaired by the device
itself. Usage: verify_test.py BIN_FOLDER"""

import http.server
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import threading

from processes_test import Watcher
from programs import API_KEY, PATIENCE_SECONDS, SCHEMA, Backend

CREATE = 'mutation C($id: ID!) { createPost(input: {id: $id, title: "t", rating: 1, status: ACTIVE}) { id } }'


def verify(bin_folder, path, endpoint):
    """(exit code, the line of Post, standard error)."""
    done = subprocess.run([bin_folder / "holdfast", "verify", "--schema", SCHEMA, "--device", path, "--endpoint", endpoint,
                           "--api-key", API_KEY], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    line = next((line for line in done.stdout.splitlines() if line.startswith("Post: ")), "")
    return done.returncode, line, done.stderr


def damage(path):
    with sqlite3.connect(path) as file:
        table = next(name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%Post'"))
        file.execute(f"UPDATE \"{table}\" SET title = 'damaged' WHERE id = 'p1'")
        file.execute(f"DELETE FROM \"{table}\" WHERE id = 'p2'")
    file.close()


def titles(device):
    return {post["id"]: post["title"] for post in device.ask({"do": "list", "model": "Post"})}


def repair(bin_folder, path, endpoint):
    device = Watcher(bin_folder, path, endpoint)
    device.wait_for_event("ready")
    device.tell({"do": "verify"})
    told = json.loads(device.wait_for(lambda line: json.loads(line).get("event") == "verified"))
    return device, told["outcomes"]


def story(bin_folder, folder):
    path = folder / "device.db"
    backend = Backend(bin_folder, folder / "backend.db")
    try:
        for name in ("p1", "p2", "p3"):
            assert "errors" not in backend.query(CREATE, {"id": name})
        device, outcomes = repair(bin_folder, path, backend.endpoint)
        assert set(outcomes.values()) == {"same"}, outcomes
        device.stop()
        assert verify(bin_folder, path, backend.endpoint)[:2] == (0, "Post: same, 3 rows here, 3 there")
        damage(path)
        code, line, said = verify(bin_folder, path, backend.endpoint)
        assert (code, line) == (1, "Post: DIFFERS, 2 rows here, 3 there"), (code, line, said)
        assert "DataStore::verify()" in said, said
        device, outcomes = repair(bin_folder, path, backend.endpoint)
        assert outcomes["Post"] == "repaired", outcomes
        assert titles(device) == {"p1": "t", "p2": "t", "p3": "t"}, titles(device)
        assert verify(bin_folder, path, backend.endpoint)[0] == 0  # While the device runs.
        device.stop()
    finally:
        backend.stop()


class Other(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_):
        pass


def another_service(bin_folder, folder):
    server = http.server.HTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    code, line, _ = verify(bin_folder, folder / "device.db", f"http://127.0.0.1:{server.server_port}/graphql")
    assert code == 1 and line.startswith("Post: not compared: "), (code, line)
    server.shutdown()
    server.server_close()


def wrong_calls(bin_folder, folder):
    code, _, said = verify(bin_folder, folder / "nothing.db", "http://127.0.0.1:1/graphql")
    assert code == 1 and "is no file" in said, (code, said)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="holdfast-verify-test-") as made:
        story(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(made))
        another_service(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(made))
        wrong_calls(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(made))
    print("what differs is found and repaired")
