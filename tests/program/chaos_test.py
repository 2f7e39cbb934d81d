#!/usr/bin/env python3
"""Real devices on SQLite and a real backend, with a network between them that delays, throttles, cuts, truncates and goes
silent. When it heals, all hold the same, and no save that had returned is lost.
Usage: chaos_test.py BIN_FOLDER [SEED] [SECONDS]. The seed decides the faults and the writes; the kernel decides the rest."""

import json
import pathlib
import random
import sys
import tempfile
import time

from faulty_proxy import FaultyProxy
from programs import PATIENCE_SECONDS, Backend, Device, all_items

DEVICES = 3
ALL_POSTS = ("query ($token: String) { listPosts(limit: 500, nextToken: $token) "
             "{ items { id title rating _deleted } nextToken } }")


class Writer:
    """What one device's application does, and what it may expect to find at the end."""

    def __init__(self, number, device, seed):
        self.number, self.device, self.plan = number, device, random.Random(seed)
        self.created, self.removed, self.count, self.title = set(), set(), 0, None

    def write(self):
        self.count += 1
        drawn = self.plan.random()
        if drawn < 0.5 or not self.created:
            name = f"post-{self.number}-{self.count:05d}"
            self._save(name, f"title {self.count}")
            self.created.add(name)
        elif drawn < 0.9:
            self.title = f"own title {self.count}"
            self._save(f"own-{self.number}", self.title)
        else:
            name = self.plan.choice(sorted(self.created))
            self.device.ask({"do": "remove", "model": "Post", "key": [name]})
            self.created.discard(name)
            self.removed.add(name)

    def _save(self, name, title):
        is_there = title == self.title and self.device.ask({"do": "get", "model": "Post", "key": [name]})
        fields = {"title": title, "rating": self.count}
        if is_there:
            return self.device.ask({"do": "edit", "model": "Post", "key": [name], "fields": fields})
        return self.device.ask({"do": "save", "model": "Post", "fields": {"id": name, "status": "ACTIVE", **fields}})


def shown(posts):
    return {post["id"]: (post["title"], post["rating"]) for post in posts if not post.get("_deleted")}


def wait_until_equal(backend, writers):
    """What all of them hold."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        held = shown(all_items(backend.query, ALL_POSTS))
        rows = [shown(writer.device.ask({"do": "list", "model": "Post"})) for writer in writers]
        if all(each == held for each in rows):
            return held
        wrong = [sorted(set(each.items()) ^ set(held.items()))[:3] for each in rows]
        assert time.monotonic() < end, f"no convergence: {wrong}"
        time.sleep(0.05)


def run(bin_folder, seed, seconds, folder):
    backend = Backend(bin_folder, folder / "backend")
    try:
        run_against(backend, bin_folder, seed, seconds, folder)
    finally:
        if backend.process.poll() is None:
            backend.kill()


def run_against(backend, bin_folder, seed, seconds, folder):
    proxy = FaultyProxy(backend.port, seed)
    endpoint = f"http://127.0.0.1:{proxy.port}/graphql"
    writers = [Writer(number, Device(bin_folder, folder / f"device-{number}.db", endpoint), seed + number)
               for number in range(DEVICES)]
    order, end = random.Random(seed), time.monotonic() + seconds
    while time.monotonic() < end:
        order.choice(writers).write()
        time.sleep(0.01)  # Some hundred writes, spread over the time of the faults.
    proxy.heal()
    for writer in writers:
        writer.device.wait_until_sent()
    held = wait_until_equal(backend, writers)
    for writer in writers:
        assert writer.created <= set(held), f"lost: {sorted(writer.created - set(held))[:5]}"
        assert not writer.removed & set(held), f"removed and back: {sorted(writer.removed & set(held))[:5]}"
        last = held.get(f"own-{writer.number}", (None,))[0]
        assert last == writer.title, f"lost: the last title is {last}, saved was {writer.title}"
        assert writer.device.stop() is not None
    assert backend.stop() == 0
    proxy.close()
    print(f"{sum(writer.count for writer in writers)} writes, {len(held)} posts; connections: {json.dumps(proxy.met)}")


def main():
    bin_folder = pathlib.Path(sys.argv[1]).resolve()
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 6
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory(prefix="holdfast-chaos-") as folder:
        run(bin_folder, seed, seconds, pathlib.Path(folder))


if __name__ == "__main__":
    main()
