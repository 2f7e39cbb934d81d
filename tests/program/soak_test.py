#!/usr/bin/env python3
"""Mixed load with restarts: writers create, update and delete records of their own and edit one that all share, readers
read, devices save and observe, while the backend is stopped or killed again and again. At the end every acknowledged
write is there, once: each record has the value written last and as many versions as it had writes, and both devices show
what the backend has. Usage: soak_test.py BIN_FOLDER [SECONDS] [SEED]; `make soak` takes ten minutes."""

import http.client
import json
import pathlib
import random
import sys
import tempfile
import threading
import time

from programs import API_KEY, PATIENCE_SECONDS, Backend, Device, all_items

WRITERS = 6
READERS = 1
RECORDS_EACH = 40
SHARED = "shared"
RETRY_SECONDS = 0.05  # What a client does, not a wait of the test's.

FIELDS = "id rating _version _deleted"
CREATE = f"mutation C($input: CreatePostInput!) {{ createPost(input: $input) {{ {FIELDS} }} }}"
UPDATE = f"mutation U($input: UpdatePostInput!) {{ updatePost(input: $input) {{ {FIELDS} }} }}"
DELETE = f"mutation D($input: DeletePostInput!) {{ deletePost(input: $input) {{ {FIELDS} }} }}"
SYNC = (f"query S($token: String) {{ syncPosts(limit: 1000, nextToken: $token) {{ items {{ {FIELDS} }} nextToken }} }}")


class Caller:
    """Sends requests over one kept connection until they are answered, however often the backend restarts."""

    def __init__(self, port):
        self.port = port
        self.connection = None

    def ask(self, document, variables, mutation=None):
        body = json.dumps({"query": document, "variables": variables})
        headers = {"x-api-key": API_KEY, "content-type": "application/json"}
        if mutation:
            headers["x-holdfast-mutation"] = mutation
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
                self.connection.request("POST", "/graphql", body, headers)
                reply = self.connection.getresponse()
                answer = json.loads(reply.read())
                assert reply.status == 200, (reply.status, answer)
                return answer
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                assert time.monotonic() < end, "the backend did not come back"
                time.sleep(RETRY_SECONDS)


class Worker(threading.Thread):
    """Works until it is told to end; what went wrong is raised by finish()."""

    def __init__(self, seed, port):
        super().__init__(daemon=True)
        self.plan = random.Random(seed)
        self.caller = Caller(port)
        self.is_over = threading.Event()
        self.problem = None

    def run(self):
        try:
            while not self.is_over.is_set():
                self.work()
        except Exception as problem:  # pylint: disable=broad-except
            self.problem = problem

    def finish(self):
        self.is_over.set()
        self.join(2 * PATIENCE_SECONDS)
        assert not self.is_alive(), "a worker hangs"
        if self.problem:
            raise self.problem


class Writer(Worker):
    def __init__(self, seed, port, number):
        super().__init__(seed, port)
        self.number = number
        self.records = {}   # id: (rating, version, is deleted), as acknowledged
        self.writes = 0
        self.shared_edits = 0

    def mutate(self, document, given):
        self.writes += 1
        answer = self.caller.ask(document, {"input": given}, f"w{self.number}-{self.writes}")
        assert "errors" not in answer, (given, answer)
        [item] = answer["data"].values()
        return item

    def work(self):
        if self.plan.random() < 0.1:
            self.mutate(UPDATE, {"id": SHARED, "rating": self.plan.randrange(1000), "_version": 1})
            self.shared_edits += 1
            return
        name = f"w{self.number}-{self.plan.randrange(RECORDS_EACH)}"
        rating, version, is_deleted = self.records.get(name, (0, 0, True))
        expected_deleted = False
        if is_deleted:
            rating = self.plan.randrange(1000)
            item = self.mutate(CREATE, {"id": name, "title": name, "rating": rating, "status": "ACTIVE"})
        elif self.plan.random() < 0.2:
            item = self.mutate(DELETE, {"id": name, "_version": version})
            expected_deleted = True
        else:
            rating = self.plan.randrange(1000)
            item = self.mutate(UPDATE, {"id": name, "rating": rating, "_version": version})
        state = (item["rating"], item["_version"], bool(item["_deleted"]))
        expected = (rating, version + 1, expected_deleted)
        assert state == expected, (name, state, expected)
        self.records[name] = state


class Reader(Worker):
    """No record that was read once is ever older when it is read again."""

    def __init__(self, seed, port):
        super().__init__(seed, port)
        self.versions = {}
        self.reads = 0

    def work(self):
        for item in all_items(self.caller.ask, SYNC):
            assert item["_version"] >= self.versions.get(item["id"], 0), ("a record went back", item)
            self.versions[item["id"]] = item["_version"]
        self.reads += 1


def restart(backend, bin_folder, data, is_killed):
    if is_killed:
        backend.kill()
    else:
        assert backend.stop() == 0, "the backend stops cleanly on SIGTERM"
    return Backend(bin_folder, data, port=backend.port)


def wait_until_equal(device, expected):
    end = time.monotonic() + PATIENCE_SECONDS
    while (shown := {post["id"]: post["rating"] for post in device.ask({"do": "list", "model": "Post"})}) != expected:
        assert time.monotonic() < end, f"a device differs in {sorted(set(shown.items()) ^ set(expected.items()))[:5]}"
        time.sleep(0.05)


def check(writers, stored, shared_edits, saved):
    assert len(stored) == len({item["id"] for item in stored}), "a record is listed twice"
    by_id = {item["id"]: (item["rating"], item["_version"], bool(item["_deleted"])) for item in stored}
    assert by_id[SHARED][1] == 1 + shared_edits, ("edits of the shared record", by_id[SHARED], shared_edits)
    for writer in writers:
        for name, state in writer.records.items():
            assert by_id.get(name) == state, f"{name}: acknowledged {state}, stored {by_id.get(name)}"
    assert all(by_id.get(name, (0, 0, True))[1:] == (1, False) for name in saved), "a device's save is lost or doubled"


def run(bin_folder, seconds, seed, folder):
    plan = random.Random(seed)
    backend = Backend(bin_folder, folder / "backend")
    first = Caller(backend.port)
    first.ask(CREATE, {"input": {"id": SHARED, "title": SHARED, "rating": 0, "status": "ACTIVE"}}, "shared")
    devices = [Device(bin_folder, folder / f"device{at}.db", backend.endpoint) for at in range(2)]
    writers = [Writer(plan.randrange(1 << 32), backend.port, number) for number in range(WRITERS)]
    readers = [Reader(plan.randrange(1 << 32), backend.port) for _ in range(READERS)]
    for worker in writers + readers:
        worker.start()
    end = time.monotonic() + seconds
    saved, restarts, kills = [], 0, 0
    while time.monotonic() < end:
        pause = min(end - time.monotonic(), plan.uniform(0.3, 3))
        while pause > 0:
            began = time.monotonic()
            saved.append(f"device-{len(saved)}")
            devices[0].ask({"do": "save", "model": "Post",
                            "fields": {"id": saved[-1], "title": "t", "rating": 1, "status": "ACTIVE"}})
            time.sleep(0.02)  # The load of a person, not a wait for something.
            pause -= time.monotonic() - began
        is_killed = plan.random() < 0.6
        backend = restart(backend, bin_folder, folder / "backend", is_killed)
        restarts, kills = restarts + 1, kills + is_killed
    for worker in writers + readers:
        worker.finish()
    devices[0].wait_until_sent()
    stored = all_items(first.ask, SYNC)
    check(writers, stored, sum(writer.shared_edits for writer in writers), saved)
    for device in devices:
        wait_until_equal(device, {item["id"]: item["rating"] for item in stored if not item["_deleted"]})
        device.stop()
    assert backend.stop() == 0
    print(f"{restarts} restarts, {kills} of them by SIGKILL; {sum(writer.writes for writer in writers)} writes over HTTP, "
          f"{len(saved)} by a device, {sum(reader.reads for reader in readers)} full reads: every acknowledged write is there, once")


def main():
    bin_folder = pathlib.Path(sys.argv[1]).resolve()
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 8
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="holdfast-soak-") as folder:
        run(bin_folder, seconds, seed, pathlib.Path(folder))


if __name__ == "__main__":
    main()
