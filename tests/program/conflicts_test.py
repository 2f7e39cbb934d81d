#!/usr/bin/env python3
"""Conflicts with real processes: the handlers of docs/guide/conflicts.md, and `holdfast conflicts` beside a backend that serves.
Usage: conflicts_test.py BIN_FOLDER"""

import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import unittest

from programs import PATIENCE_SECONDS, ROOT, Backend, Program

BIN = pathlib.Path()
SCHEMA = """
type Post @model { id: ID! title: String! rating: Int }
type Part @model { maker: ID! @primaryKey(sortKeyFields: ["number"]) number: Int! name: String }
"""
HANDLER = ROOT / "examples" / "conflicts" / "settle.py"
GUIDE = ROOT / "docs" / "guide" / "conflicts.md"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Conflicts(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="holdfast-conflicts-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "schema.graphql").write_text(SCHEMA)
        self.data = self.folder / "data"

    def serve(self, *options):
        backend = Backend(BIN, self.data, *options, schema=self.folder / "schema.graphql")
        self.addCleanup(backend.stop)
        return backend

    def show(self, *arguments):
        done = subprocess.run([BIN / "holdfast", "conflicts", "--data", self.data, *arguments], capture_output=True, text=True,
                              timeout=PATIENCE_SECONDS)
        return done.returncode, done.stdout, done.stderr

    def begin(self, backend):
        """A post at version 2; what was made on version 1 is late."""
        for mutation in ('createPost(input: {id: "1", title: "a", rating: 1})',
                         'updatePost(input: {id: "1", title: "b", rating: 7, _version: 1})'):
            self.assertNotIn("errors", backend.query("mutation { " + mutation + " { id } }"))

    def settled_by_the_example(self, backend):
        self.begin(backend)
        late = backend.query('mutation { updatePost(input: {id: "1", title: "late", rating: 3, _version: 1})'
                             ' { title rating _version } }')
        self.assertEqual(late, {"data": {"updatePost": {"title": "late", "rating": 7, "_version": 3}}})
        (refused,) = backend.query('mutation { deletePost(input: {id: "1", _version: 1}) { id _version } }')["errors"]
        self.assertEqual((refused["errorType"], refused["data"]), ("ConflictUnhandled", {"id": "1", "_version": 3}))
        outcomes = [(line["operation"], line["function"], line["outcome"], line["resultVersion"])
                    for line in map(json.loads, self.show("--json")[1].splitlines())]
        self.assertEqual(outcomes, [("delete", "settle", "refused", None), ("update", "settle", "resolved", 3)])

    def test_a_handler_may_be_a_program(self):
        self.settled_by_the_example(self.serve("--conflict", "custom", "--conflict-function", "settle",
                                               "--function", f"settle={sys.executable} {HANDLER}"))

    def test_a_handler_may_be_an_address(self):
        (script,) = re.findall(r"^```python\n(import http.*?)^```$", GUIDE.read_text(), re.M | re.S)
        port = free_port()
        (self.folder / "serve.py").write_text(script.replace("9000", str(port)))
        (self.folder / "settle.py").write_text(HANDLER.read_text())
        handler = Program([sys.executable, "-u", self.folder / "serve.py"])
        self.addCleanup(handler.stop)
        handler.wait_for(lambda line: line == "ready")
        self.settled_by_the_example(self.serve("--set", "models.Post.conflict=custom", "--set", "models.Post.conflict_function=settle",
                                               "--function", f"settle=http://127.0.0.1:{port}/"))

    def test_the_guide_shows_the_example(self):
        (shown,) = re.findall(r"^```python\n(def settle.*?)^```$", GUIDE.read_text(), re.M | re.S)
        self.assertIn(shown, HANDLER.read_text())

    def test_a_handler_that_fails_is_an_error_and_stands_in_the_journal(self):
        backend = self.serve("--conflict", "custom", "--conflict-function", "settle", "--function", "settle=/bin/false")
        self.begin(backend)
        (error,) = backend.query('mutation { updatePost(input: {id: "1", title: "c", _version: 1}) { title } }')["errors"]
        self.assertEqual((error["errorType"], error["message"], error["data"]),
                         ("ConflictError", "The conflict handler failed.", {"title": "b"}))
        (entry,) = map(json.loads, self.show("--json")[1].splitlines())
        self.assertEqual(entry["outcome"], "failed")
        self.assertTrue(entry["message"])

    def test_a_rule_that_cannot_hold_is_refused_at_the_start(self):
        for flags, complaint in (
                (["--conflict", "custom"], "needs the name of a function"),
                (["--conflict", "custom", "--conflict-function", "settle"], 'conflict_function: there is no function "settle"'),
                (["--set", "models.Post.conflict=custom", "--set", "models.Post.conflict_function=other",
                  "--function", "settle=/bin/true"], 'models.Post.conflict_function: there is no function "other"'),
                (["--journal-without", "Pots"], 'journal.without: the schema has no model "Pots"')):
            done = subprocess.run([BIN / "holdfast", "serve", "--schema", self.folder / "schema.graphql", "--memory",
                                   "--port", "0", *flags], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(complaint, done.stderr)

    def test_the_journal_is_shown_while_the_backend_serves_and_after(self):
        self.assertEqual(self.show()[0], 1)
        self.assertIn("there is no such file", self.show()[2])
        backend = self.serve()
        self.assertEqual(self.show(), (0, "no conflicts\n", ""))
        self.begin(backend)
        backend.query('mutation { updatePost(input: {id: "1", title: "c", rating: null, _version: 1}) { id } }')
        for name in ("x", "y"):
            backend.query('mutation { createPart(input: {maker: "m", number: 7, name: "%s"}) { name } }' % name)
            backend.query('mutation { updatePart(input: {maker: "m", number: 7, name: "%s"}) { name } }' % (name * 50))
        code, shown, complaints = self.show("--model", "Post", "--key", "1")
        self.assertEqual((code, complaints), (0, ""))
        self.assertRegex(shown, r"^#1 20\d\d-\S+Z Post 1: update merged by automerge\n")
        self.assertIn("    made on version 1, met 2, wrote 3; caller apiKey\n", shown)
        self.assertRegex(shown, r'    title  +"a"  +"c"  +"b"  +"b"\n')
        self.assertRegex(shown, r"    rating  +1  +null  +7  +7\n")
        self.assertEqual(len(self.show("--key", '["m",7]', "--json")[1].splitlines()), 2)
        self.assertEqual([json.loads(line)["number"] for line in self.show("--json", "--limit", "2")[1].splitlines()], [3, 2])
        self.assertIn('Part ["m",7]: update merged', self.show("--model", "Part")[1])
        while_serving = self.show("--json")[1]
        self.assertEqual(backend.stop(), 0)
        self.assertEqual(self.show("--json")[1], while_serving)

    def test_the_journal_is_bounded_and_off_as_set(self):
        backend = self.serve("--journal-rows", "2", "--journal-without", "Part")
        self.begin(backend)
        for _ in range(4):
            backend.query('mutation { updatePost(input: {id: "1", title: "c", _version: 1}) { id } }')
        backend.query('mutation { createPart(input: {maker: "m", number: 7}) { name } }')
        backend.query('mutation { updatePart(input: {maker: "m", number: 7, name: "n"}) { name } }')
        self.assertEqual([json.loads(line)["number"] for line in self.show("--json")[1].splitlines()], [4, 3])


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1))
    unittest.main()
