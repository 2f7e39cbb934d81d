#!/usr/bin/env python3
"""SIGKILL at random points of 1,000 saves: no save that had returned is lost, and the backend ends with each exactly
once. Usage: sigkill_test.py BIN_FOLDER [SEED]. The seed decides after which answers and how many written commands the
process is killed; the kernel decides the rest."""

import json
import pathlib
import random
import sqlite3
import sys
import tempfile

from programs import Backend, Device, all_items

SAVES = 1000
ALL_POSTS = "query ($token: String) { listPosts(limit: 500, nextToken: $token) { items { id title _version } nextToken } }"


def save_until_killed(device, plan, next_id):
    """Writes commands ahead, reads some answers, kills. Returns the ids written and the ids answered."""
    ahead = plan.randint(1, 60)
    answers = plan.randint(0, ahead)
    written = [f"post-{next_id + at:05d}" for at in range(ahead)]
    for at, name in enumerate(written):
        device.tell({"do": "save", "model": "Post",
                     "fields": {"id": name, "title": f"title {name}", "rating": at, "status": "ACTIVE"}})
    answered = []
    while len(answered) < answers:
        line = json.loads(device.next_line())
        if "ok" in line:
            answered.append(line["ok"]["id"])
        assert "error" not in line, line
    device.kill()
    # What it said before it died was said: those saves had returned too.
    while (line := device.next_line()) is not None:
        message = json.loads(line) if line.endswith("}") else {}
        if "ok" in message:
            answered.append(message["ok"]["id"])
    return written, answered


def writes_in_log(data_folder):
    """How often each post was written, by the backend's own change log."""
    [database] = pathlib.Path(data_folder).glob("*.db")
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as log:
        return {json.loads(key)[0]: count
                for key, count in log.execute("SELECT key, count(*) FROM changes GROUP BY model, key")}


def run(bin_folder, seed, folder):
    plan = random.Random(seed)
    backend = Backend(bin_folder, folder / "backend")
    written, answered, kills = set(), set(), 0
    while len(answered) < SAVES:
        device = Device(bin_folder, folder / "device.db", backend.endpoint)
        sent, heard = save_until_killed(device, plan, len(written))
        written |= set(sent)
        answered |= set(heard)
        kills += 1
    device = Device(bin_folder, folder / "device.db", backend.endpoint)
    device.wait_until_sent()
    local = {post["id"] for post in device.ask({"do": "list", "model": "Post"})}
    posts = all_items(backend.query, ALL_POSTS)
    remote = [post["id"] for post in posts]
    assert device.stop() is not None
    assert backend.stop() == 0, "the backend stops cleanly on SIGTERM"
    log = writes_in_log(folder / "backend")

    assert answered <= local, f"lost on the device: {sorted(answered - local)[:5]}"
    assert answered <= set(remote), f"never reached the backend: {sorted(answered - set(remote))[:5]}"
    assert len(remote) == len(set(remote)), "a post is listed twice"
    assert set(remote) == local, f"device and backend differ in {sorted(set(remote) ^ local)[:5]}"
    assert local <= written, "a post that nobody wrote"
    twice = {name: count for name, count in log.items() if count != 1}
    assert not twice, f"written more than once: {dict(list(twice.items())[:5])}"
    assert all(post["_version"] == 1 for post in posts), "a version other than 1"
    print(f"{kills} kills, {len(written)} saves begun, {len(answered)} had returned, {len(remote)} in the backend once each")


def main():
    bin_folder = pathlib.Path(sys.argv[1]).resolve()
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory(prefix="holdfast-sigkill-") as folder:
        run(bin_folder, seed, pathlib.Path(folder))


if __name__ == "__main__":
    main()
