#!/usr/bin/env python3
"""What a request took is there for the next one: pages of records are not paid for with page faults.
Usage: memory_test.py BIN_FOLDER"""

import pathlib
import sys
import tempfile
import unittest

from programs import Backend

BIN = pathlib.Path()
ROWS = 1000
PAGES = 40
PAGE = f"query {{ syncPosts(limit: {ROWS}) {{ items {{ id title rating status _version _lastChangedAt _deleted }} }} }}"


def creates(first, count):
    fields = (f'p{at}: createPost(input: {{title: "A title of ordinary length, number {at}", rating: {at}, '
              f"status: ACTIVE}}) {{ id }}" for at in range(first, first + count))
    return "mutation { " + " ".join(fields) + " }"


def faults(process):
    """How many page faults of the process no disk was needed for."""
    return int(pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[7])


class Memory(unittest.TestCase):
    def test_a_page_takes_its_memory_from_the_page_before(self):
        with tempfile.TemporaryDirectory(prefix="holdfast-memory-") as scratch:
            backend = Backend(BIN, pathlib.Path(scratch) / "data", "--threads", "1")
            self.addCleanup(lambda: backend.process.poll() is None and backend.kill())
            if "libasan" in pathlib.Path(f"/proc/{backend.process.pid}/maps").read_text():
                self.skipTest("AddressSanitizer keeps what is freed from being used again")
            for first in range(0, ROWS, 100):
                self.assertNotIn("errors", backend.query(creates(first, 100)))

            def ask():
                self.assertEqual(len(backend.query(PAGE)["data"]["syncPosts"]["items"]), ROWS)
            for _ in range(5):
                ask()
            before = faults(backend.process)
            for _ in range(PAGES):
                ask()
            self.assertLess((faults(backend.process) - before) / PAGES, 50)
            self.assertEqual(backend.stop(), 0)


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
