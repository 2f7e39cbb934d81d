#!/usr/bin/env python3
"""`holdfast check --against`: what a change of the schema loses, as a stranger sees it. Usage: change_test.py BIN_FOLDER"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from programs import PATIENCE_SECONDS

BIN = pathlib.Path()
POST = "type Post @model {\n  id: ID!\n  title: String\n}\n"


class Change(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="holdfast-change-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def check(self, new, *arguments, old=()):
        """(exit code, standard output, standard error); paths in them relative to the scratch folder."""
        command = [BIN / "holdfast", "check", "--schema", self.write("new.graphql", new)]
        for number, text in enumerate(old):
            command += ["--against", self.write(f"old{number}.graphql", text)]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        return done.returncode, done.stdout.replace(f"{self.folder}/", ""), done.stderr.replace(f"{self.folder}/", "")

    def test_nothing_changed(self):
        code, said, error = self.check(POST, old=[POST])
        self.assertEqual((code, error), (0, ""))
        self.assertRegex(said, r"^version [0-9a-f]{32}: same on-device structure\nNothing changed\.\n$")

    def test_an_added_nullable_field_is_no_loss(self):
        code, said, error = self.check(POST.replace("}", "  rating: Int\n}"), old=[POST])
        self.assertEqual((code, error), (0, ""))
        self.assertRegex(said, r"^version [0-9a-f]{32} -> [0-9a-f]{32}: another on-device structure\n")
        self.assertIn("new.graphql:4:3: kept: Post.rating: Int is added\n"
                      "  stored data: what is stored reads as having none\n"
                      "  old clients: work\n"
                      "1 change; none loses data.\n", said)

    def test_a_removed_type_and_field_are_losses_at_their_old_place(self):
        code, said, error = self.check(POST.replace("  title: String\n", ""), old=[POST, "type Tag @model { id: ID! }"])
        self.assertEqual(code, 1)
        self.assertIn("old0.graphql:3:3: lost: Post.title is removed\n", said)
        self.assertIn("old1.graphql:1:6: lost: The model Tag is removed\n", said)
        self.assertIn("  old clients: fail: they sync it\n  hint: Keep the model", said)
        self.assertIn("2 changes; 2 lose data.\n", said)
        self.assertEqual(error, "holdfast: the new schema loses data that the old one holds\n")

    def test_the_report_as_json(self):
        code, said, _ = self.check(POST.replace("String", "[String]"), "--format", "json", old=[POST])
        self.assertEqual(code, 1)
        report = json.loads(said)
        self.assertEqual((report["losesData"], report["isSameStructure"]), (True, False))
        self.assertNotEqual(report["oldVersion"], report["newVersion"])
        [change] = report["changes"]
        self.assertEqual({name: change[name] for name in ("kind", "type", "member", "was", "is", "isDataKept", "oldClients")},
                         {"kind": "field_type_changed", "type": "Post", "member": "title", "was": "String",
                          "is": "[String]", "isDataKept": False, "oldClients": "fail"})
        self.assertEqual(change["at"], {"schema": "new", "file": "new.graphql", "line": 3, "column": 3})
        code, said, _ = self.check(POST, "--format", "json", old=[POST])
        self.assertEqual((code, json.loads(said)["changes"]), (0, []))

    def test_a_wrong_schema_on_either_side_is_told(self):
        code, said, error = self.check(POST, old=["type Post @model {"])
        self.assertEqual((code, said), (1, ""))
        self.assertIn("old0.graphql:1:19: error: Syntax Error", error)
        code, _, error = self.check("type Post @model {", old=[POST])
        self.assertEqual(code, 1)
        self.assertIn("new.graphql:1:19: error: Syntax Error", error)

    def test_a_format_without_a_comparison_is_wrong_usage(self):
        self.assertEqual(self.check(POST, "--format", "json")[0], 2)


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
