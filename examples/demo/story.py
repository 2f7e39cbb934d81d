#!/usr/bin/env python3
"""The demo: a backend and two devices, online, offline, in conflict, merged.

Starts the real programs, tells each device what to do over its standard input, and prints what each of them sees.
Ends with a check that both SQLite databases hold the same records. Uses nothing but Python's standard library.
"""

import argparse
import collections
import pathlib
import queue
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE_SECONDS = 15  # For any one thing to happen; all of it together takes a few seconds.
COLOURS = {"phone": "\033[36m", "laptop": "\033[33m", "backend": "\033[35m"}
PLAIN = "\033[0m"


class Program:
    """A process of the story: what it prints is shown with its name, and can be waited for."""

    running = []

    def __init__(self, name, command):
        self.name = name
        self.lines = queue.Queue()
        self.seen = collections.deque(maxlen=30)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, bufsize=1)
        Program.running.append(self)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def say(self, text):
        text = re.sub(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f-]{22}", r"\1", text)  # Ids by their beginnings.
        colour = COLOURS[self.name] if sys.stdout.isatty() else ""
        print(f"   {colour}{self.name:>8}{PLAIN if colour else ''} | {text}", flush=True)

    def wait_for(self, *parts):
        """Reads on until a line holds every part; returns that line."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                line = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                sys.exit(f"demo: {self.name} did not say {' … '.join(parts)!r}. Its last lines:\n  "
                         + "\n  ".join(self.seen))
            self.seen.append(line)
            if line.startswith(("saw", "has", "failed")):
                self.say(line)
            if all(part in line for part in parts):
                return line

    def tell(self, command):
        self.say(f"> {command}")
        self.process.stdin.write(command + "\n")
        answer = self.wait_for_answer()
        return answer.split(" ", 1)[1] if " " in answer else ""

    def wait_for_answer(self):
        line = self.wait_for("ok")
        while not line.startswith("ok"):
            line = self.wait_for("ok")
        return line

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def step(text):
    print(f"\n{text}", flush=True)


def rows_of(path):
    """Every record of a device, by model and key, with the version the backend gave it."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        return {model: records_of(database, model) for model in ("Post", "Comment")}


def records_of(database, model):
    """All columns but _place, which is the order in which this device first heard of the records."""
    rows = database.execute(f'SELECT * FROM "{model}"')
    names = [column[0] for column in rows.description]
    return sorted([tuple(pair for pair in zip(names, row) if pair[0] != "_place") for row in rows], key=repr)


def play(bin_folder, folder):
    schema = pathlib.Path(__file__).resolve().parent.parent / "blog" / "schema.graphql"

    step("1. The backend starts, with a schema of posts and comments.")
    backend = Program("backend", [bin_folder / "holdfast", "serve", "--schema", schema, "--data", folder / "backend",
                                  "--port", "0", "--api-key", "da2-demo"])
    endpoint = backend.wait_for("ready ").split(" ", 1)[1]
    backend.say(f"ready at {endpoint}")

    step("2. Two devices start, each with a SQLite database in a folder of its own.")
    devices = {}
    for name in ("phone", "laptop"):
        (folder / name).mkdir()
        devices[name] = Program(name, [bin_folder / "blog_device", folder / name / "blog.db", endpoint, "da2-demo"])
    phone, laptop = devices["phone"], devices["laptop"]
    for device in (phone, laptop):
        device.wait_for("event ready")
        device.say("synced and listening")

    step("3. The phone writes a post and two comments; the laptop observes them live.")
    post = phone.tell("post 5 Hello from the phone")
    laptop.wait_for("saw inserted", post)
    kept = phone.tell(f"comment {post} A comment that stays")
    laptop.wait_for("saw inserted", kept)
    dropped = phone.tell(f"comment {post} A comment that will go")
    laptop.wait_for("saw inserted", dropped)

    step("4. Both go offline and edit the same post: the phone its title, the laptop its rating.\n"
         "   The laptop also deletes a comment, and the phone writes a new one.")
    for device in (phone, laptop):
        device.tell("offline")
    phone.tell(f"retitle {post} Edited on the phone")
    laptop.tell(f"rate {post} 9")
    laptop.tell(f"uncomment {dropped}")
    new = phone.tell(f"comment {post} Written offline")

    step("5. They come back. Both edits survive: the backend merges them field by field.")
    phone.tell("online")
    phone.wait_for("event outboxStatus empty")
    laptop.tell("online")
    laptop.wait_for("event outboxStatus empty")
    phone.wait_for("saw removed", dropped)

    step("6. What each device holds now:")
    expected = [f'{post} "Edited on the phone" rating 9', kept, new]
    for device in (phone, laptop):
        wait_until_listed(device, expected)

    step("7. Both stop; their databases are compared.")
    for device in (phone, laptop):
        device.stop()
    phone_rows, laptop_rows = (rows_of(folder / name / "blog.db") for name in ("phone", "laptop"))
    if phone_rows != laptop_rows:
        sys.exit(f"demo: the databases differ:\n  phone  {phone_rows}\n  laptop {laptop_rows}")
    counts = ", ".join(f"{len(rows)} {model}" for model, rows in phone_rows.items())
    if [len(rows) for rows in phone_rows.values()] != [1, 2]:
        sys.exit(f"demo: expected 1 Post and 2 Comments, found {counts}")
    print(f"   the same on both, versions included: {counts}")


def wait_until_listed(device, expected):
    """Lists until everything expected is there: a change may still be on its way."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        device.process.stdin.write("list\n")
        held = []
        while not (line := next_line(device)).startswith("ok listed"):
            if line.startswith("has "):
                held.append(line)
        if len(held) == len(expected) and all(any(part in line for line in held) for part in expected):
            for line in held:
                device.say(line)
            return
        if time.monotonic() > end:
            sys.exit(f"demo: {device.name} holds {held}, expected {expected}")


def next_line(device):
    try:
        line = device.lines.get(timeout=PATIENCE_SECONDS)
    except queue.Empty:
        line = None
    if line is None:
        sys.exit(f"demo: {device.name} stopped talking")
    device.seen.append(line)
    return line


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bin", required=True, type=pathlib.Path, help="the folder with the built programs")
    options = arguments.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-demo-"))
    started = time.monotonic()
    try:
        play(options.bin.resolve(), folder)
    finally:
        for program in reversed(Program.running):
            program.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\nThe demo took {time.monotonic() - started:.1f} s; everything it started is stopped.")
    print("Next: `make serve` leaves a backend running; examples/blog/device.cc is the device; README.md goes on from here.")


if __name__ == "__main__":
    main()
