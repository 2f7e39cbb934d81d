#!/usr/bin/env python3
"""Two processes on one database: both write and read, each hears of the other's changes, one of them syncs, and the other
takes over when that one is killed. Usage: processes_test.py BIN_FOLDER"""

import json
import pathlib
import sqlite3
import sys
import tempfile
import time

from programs import API_KEY, PATIENCE_SECONDS, SCHEMA, Backend, Device, Program, all_items

ROWS = 500
HEARD_SECONDS = 5  # Far beyond the documented tenth of a second, for machines that are busy.


class Watcher(Device):
    """A device that reports changes and events."""

    def __init__(self, bin_folder, path, endpoint=None):
        sync = ["--endpoint", endpoint, "--key", API_KEY] if endpoint else []
        Program.__init__(self, [bin_folder / "test_device", "--schema", SCHEMA, "--path", path, *sync])
        self.count = 0
        self.wait_for(lambda line: json.loads(line).get("event") == "opened")

    def wait_for_change(self, kind, name):
        def is_it(line):
            message = json.loads(line)
            return message.get("change") == kind and message["record"]["id"] == name
        return json.loads(self.wait_for(is_it))

    def wait_for_event(self, name):
        self.wait_for(lambda line: json.loads(line).get("event") == name)


def save(device, name, title="t"):
    return {"do": "save", "model": "Post", "fields": {"id": name, "title": title, "rating": 1, "status": "ACTIVE"}}


def ids(device):
    return {post["id"] for post in device.ask({"do": "list", "model": "Post"})}


def write_at_the_same_time(bin_folder, folder):
    """Each writes 500 rows with reads between, unordered; none is lost, none fails."""
    devices = [Device(bin_folder, folder / "both.db") for _ in range(2)]
    for at in range(ROWS):
        for number, device in enumerate(devices):
            device.tell(save(device, f"{number}-{at:04d}"))
            if at % 25 == 0:
                device.tell({"do": "count", "model": "Post"})
    for device in devices:
        answered = 0
        while answered < device.count:
            message = json.loads(device.next_line())
            assert "error" not in message, message
            answered += "n" in message
    expected = {f"{number}-{at:04d}" for number in range(2) for at in range(ROWS)}
    for device in devices:
        assert ids(device) == expected, "a write was lost"
        assert device.ask({"do": "pending"}) == 2 * ROWS
        assert device.stop() is not None
    with sqlite3.connect(folder / "both.db") as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    print(f"{2 * ROWS} rows written by two processes at the same time")


def hear_of_each_other(bin_folder, folder):
    one, other = (Watcher(bin_folder, folder / "heard.db") for _ in range(2))
    begun = time.monotonic()
    one.ask(save(one, "a", "first"))
    heard = other.wait_for_change("inserted", "a")
    waited = time.monotonic() - begun
    assert heard["record"]["title"] == "first" and heard["origin"] == "local", heard
    assert waited < HEARD_SECONDS, f"heard after {waited:.1f} s"
    other.ask({"do": "edit", "model": "Post", "key": ["a"], "fields": {"title": "second"}})
    assert one.wait_for_change("updated", "a")["record"]["title"] == "second"
    one.ask({"do": "remove", "model": "Post", "key": ["a"]})
    assert other.wait_for_change("removed", "a")["record"]["title"] == "second"
    for device in (one, other):
        device.stop()
    print(f"heard after {1000 * waited:.0f} ms")


def versions_in(backend):
    document = "query ($token: String) { listPosts(limit: 500, nextToken: $token) { items { id _version } nextToken } }"
    return {post["id"]: post["_version"] for post in all_items(backend.query, document)}


def take_over(bin_folder, folder):
    """A syncs, B writes too; A is killed in the middle; B goes on, syncs, and everything arrives once."""
    backend = Backend(bin_folder, folder / "backend")
    first = Watcher(bin_folder, folder / "synced.db", backend.endpoint)
    first.wait_for_event("ready")
    second = Watcher(bin_folder, folder / "synced.db", backend.endpoint)
    second.ask(save(second, "from-second"))
    end = time.monotonic() + PATIENCE_SECONDS
    while second.ask({"do": "pending"}) != 0:  # The first sends what the second wrote.
        assert time.monotonic() < end, "the process that syncs did not send the other's write"
        time.sleep(0.02)
    assert versions_in(backend) == {"from-second": 1}

    for at in range(ROWS // 5):
        first.tell(save(first, f"first-{at:03d}"))
        second.tell(save(second, f"second-{at:03d}"))
    answered = 0
    while answered < 20:
        answered += "ok" in json.loads(first.next_line())
    first.kill()
    told = {f"first-{at:03d}" for at in range(answered)}
    second.wait_for_event("ready")  # Its own: it has the turn now.
    second.ask(save(second, "after"))
    second.wait_until_sent()
    local = ids(second)
    versions = versions_in(backend)
    assert told <= local, f"lost: {sorted(told - local)[:5]}"
    assert {f"second-{at:03d}" for at in range(ROWS // 5)} | {"after", "from-second"} <= local
    assert set(versions) == local, f"device and backend differ in {sorted(set(versions) ^ local)[:5]}"
    assert set(versions.values()) == {1}, "something was written twice"
    second.stop()
    assert backend.stop() == 0
    [database] = (folder / "backend").glob("*.db")
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as log:
        counts = {count for (count,) in log.execute("SELECT count(*) FROM changes GROUP BY model, key")}
    assert counts == {1}, "a write is in the change log twice"
    print(f"taken over: {len(local)} rows, each in the backend once")


def main():
    bin_folder = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="holdfast-processes-") as name:
        folder = pathlib.Path(name)
        write_at_the_same_time(bin_folder, folder)
        hear_of_each_other(bin_folder, folder)
        take_over(bin_folder, folder)


if __name__ == "__main__":
    main()
