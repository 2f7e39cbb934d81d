#!/usr/bin/env python3
"""`holdfast backup` of what is being written to, and `holdfast restore`. Usage: backup_test.py BIN_FOLDER"""

import contextlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest

from admin_test import Served
import admin_test
from programs import Backend, PATIENCE_SECONDS, all_items

BIN = pathlib.Path()
FORMAT_1 = pathlib.Path(__file__).resolve().parents[2] / "src/server/store/sqlite/testdata/format_1.sql"
CREATE = 'mutation C($id: ID!) { createPost(input: {id: $id, title: "t", rating: 1, status: ACTIVE}) { id } }'
ENOUGH = 30


def run(*arguments):
    """(exit code, standard error)."""
    done = subprocess.run([BIN / "holdfast", *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    return done.returncode, done.stderr


class Writer:
    """Writes from a thread of its own until it is told to end; knows what was acknowledged."""

    def __init__(self, backend, name):
        self.backend, self.name, self.acknowledged = backend, name, []
        self.is_over, self.has_written = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._write)
        self.thread.start()

    def _write(self):
        while not self.is_over.is_set():
            key = f"{self.name}-{len(self.acknowledged)}"
            answer = self.backend.query(CREATE, {"id": key})
            assert "errors" not in answer, answer
            self.acknowledged.append(key)
            if len(self.acknowledged) >= ENOUGH:
                self.has_written.set()

    def end(self):
        self.is_over.set()
        self.thread.join()


class Backup(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="holdfast-backup-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.data, self.file = self.folder / "data", self.folder / "backup.db"

    def restored_ids(self, folder):
        backend = Backend(BIN, folder)
        document = "query ($token: String) { listPosts(limit: 1000, nextToken: $token) { items { id } nextToken } }"
        ids = {post["id"] for post in all_items(backend.query, document)}
        self.assertEqual(backend.stop(), 0)
        return ids

    def back_up_under_load(self, back_up):
        """Returns what was acknowledged before the backup began, after it has been written."""
        backend = Served(BIN, self.data)
        writers = [Writer(backend, name) for name in ("a", "b")]
        try:
            for writer in writers:
                self.assertTrue(writer.has_written.wait(PATIENCE_SECONDS))
            before = {key for writer in writers for key in list(writer.acknowledged)}
            back_up(backend)
        finally:
            for writer in writers:
                writer.end()
            self.assertEqual(backend.stop(), 0)
        return before

    def test_all_that_was_acknowledged_before_a_backup_under_load_is_in_it(self):
        before = self.back_up_under_load(
            lambda backend: self.assertEqual(run("backup", "--data", self.data, "--to", self.file), (0, "")))
        self.assertEqual(run("restore", "--from", self.file, "--data", self.folder / "new"), (0, ""))
        self.assertLessEqual(before, self.restored_ids(self.folder / "new"))

    def test_the_admin_listener_writes_one_too(self):
        def back_up(backend):
            status, text = backend.ask("/backup", json.dumps({"to": str(self.file)}).encode())
            self.assertEqual((status, json.loads(text)), (200, {"to": str(self.file), "bytes": self.file.stat().st_size}))
            self.assertEqual(backend.ask("/backup", json.dumps({"to": str(self.file)}).encode())[0], 400, "it is there")
        before = self.back_up_under_load(back_up)
        self.assertEqual(run("restore", "--from", self.file, "--data", self.folder / "new"), (0, ""))
        self.assertLessEqual(before, self.restored_ids(self.folder / "new"))

    def written(self, *keys):
        backend = Backend(BIN, self.data)
        for key in keys:
            backend.query(CREATE, {"id": key})
        return backend

    def test_restoring_over_records_wants_force_and_puts_them_aside(self):
        backend = self.written("one")
        self.assertEqual(run("backup", "--data", self.data, "--to", self.file)[0], 0)
        backend.query(CREATE, {"id": "two"})
        code, said = run("restore", "--from", self.file, "--data", self.data, "--force")
        self.assertEqual(code, 1)
        self.assertIn("in use", said)
        self.assertEqual(backend.stop(), 0)
        code, said = run("restore", "--from", self.file, "--data", self.data)
        self.assertEqual(code, 1)
        self.assertIn("--force", said)
        self.assertEqual(self.restored_ids(self.data), {"one", "two"})
        self.assertEqual(run("restore", "--from", self.file, "--data", self.data, "--force"), (0, ""))
        self.assertEqual(self.restored_ids(self.data), {"one"})
        with sqlite3.connect(self.data / "backend.db.replaced") as aside:
            self.assertEqual(aside.execute("SELECT count(*) FROM records").fetchone(), (2,))

    def test_what_was_put_aside_is_kept_when_a_restore_follows(self):
        backend = self.written("one")
        self.assertEqual(run("backup", "--data", self.data, "--to", self.file)[0], 0)
        backend.query(CREATE, {"id": "two"})
        self.assertEqual(backend.stop(), 0)
        for _ in range(2):
            self.assertEqual(run("restore", "--from", self.file, "--data", self.data, "--force"), (0, ""))
        counts = {}
        for name in ("backend.db.replaced", "backend.db.replaced-2"):
            with sqlite3.connect(self.data / name) as aside:
                [counts[name]] = aside.execute("SELECT count(*) FROM records").fetchone()
        self.assertEqual(counts, {"backend.db.replaced": 2, "backend.db.replaced-2": 1})

    def test_a_backup_without_a_checksum_is_restored_and_said_to_be_so(self):
        self.written("one").stop()
        code, said = run("restore", "--from", self.data / "backend.db", "--data", self.folder / "new")
        self.assertEqual(code, 0)
        self.assertIn("has no checksum", said)
        self.assertEqual(self.restored_ids(self.folder / "new"), {"one"})

    def test_a_server_that_was_killed_is_backed_up_with_its_log(self):
        backend = self.written("one", "two")
        backend.kill()
        self.assertEqual(run("backup", "--data", self.data, "--to", self.file), (0, ""))
        self.assertEqual(run("restore", "--from", self.file, "--data", self.folder / "new"), (0, ""))
        self.assertEqual(self.restored_ids(self.folder / "new"), {"one", "two"})

    def test_an_earlier_format_is_copied_as_it_is_and_brought_on_when_it_is_served(self):
        def format_of(path):
            with contextlib.closing(sqlite3.connect(path)) as database:
                return database.execute("PRAGMA user_version").fetchone() + database.execute("SELECT count(*) FROM changes").fetchone()
        self.data.mkdir()
        with contextlib.closing(sqlite3.connect(self.data / "backend.db")) as database:
            database.executescript(FORMAT_1.read_text())
        new = self.folder / "new"
        self.assertEqual(run("conflicts", "--data", self.data), (0, ""))
        self.assertEqual(run("backup", "--data", self.data, "--to", self.file), (0, ""))
        self.assertEqual(run("restore", "--from", self.file, "--data", new), (0, ""))
        for path in (self.data / "backend.db", self.file, new / "backend.db"):
            self.assertEqual(format_of(path), (1, 46))
        self.assertEqual(self.restored_ids(new), set())  # Of another schema.
        self.assertEqual(format_of(new / "backend.db"), (2, 46))
        self.assertEqual(run("conflicts", "--data", new), (0, ""))

    def test_what_is_no_whole_backup_is_refused_and_changes_nothing(self):
        self.written(*(f"post-{at}" for at in range(40))).stop()
        self.assertEqual(run("backup", "--data", self.data, "--to", self.file)[0], 0)
        self.assertEqual(run("backup", "--data", self.data, "--to", self.file)[0], 1, "it is there already")
        whole = self.file.read_bytes()
        new = self.folder / "new"

        def refused(name, content, words):
            path = self.folder / name
            path.write_bytes(content)
            code, said = run("restore", "--from", path, "--data", new)
            self.assertEqual(code, 1, name)
            self.assertRegex(said, words)
            self.assertFalse((new / "backend.db").exists(), name)

        refused("short.db", whole[: len(whole) // 2], "short.db")
        middle = len(whole) // 2
        refused("damaged.db", whole[:middle] + bytes(4096) + whole[middle + 4096:], "damaged|malformed|corrupt")
        at = whole.index(b"post-7")  # Of a record: the structure of the file stays as it was.
        refused("flipped.db", whole[:at] + b"P" + whole[at + 1:], "damaged")
        refused("longer.db", whole + b"x", "damaged")
        refused("text.db", b"these are no records, " * 100, "not a database")
        refused("empty.db", b"", "is empty")
        with sqlite3.connect(self.folder / "foreign.db") as foreign:
            foreign.execute("CREATE TABLE t(a)")
        refused("foreign.db", (self.folder / "foreign.db").read_bytes(), "not a Holdfast backend's database")
        newer = bytearray(whole)
        newer[60:64] = (99).to_bytes(4, "big")  # user_version
        refused("newer.db", bytes(newer), "format 99")
        code, said = run("restore", "--from", self.folder / "none.db", "--data", new)
        self.assertEqual(code, 1)
        self.assertIn("no such file", said)
        code, said = run("backup", "--data", self.folder / "nowhere", "--to", self.folder / "b.db")
        self.assertEqual(code, 1)
        self.assertIn("backend.db", said)


if __name__ == "__main__":
    BIN = admin_test.BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
