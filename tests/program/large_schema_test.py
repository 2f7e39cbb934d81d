#!/usr/bin/env python3
"""Large schemas, each all of one kind: `holdfast check` ends soon, with an answer or a diagnostic, whatever they
say. The limit is far above what they take (a second each without optimisation) and below what a crash would hide.
Usage: large_schema_test.py BIN_FOLDER"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

BIN = pathlib.Path()
BYTES = 40_000
PATIENCE_SECONDS = 20


def repeated(part, head="", tail=""):
    """`part` with {i} counted up and {next} one more, as often as fits."""
    return head + "".join(part.replace("{i}", str(i)).replace("{next}", str(i + 1))
                          for i in range(BYTES // len(part))) + tail


MODEL = "type M @model {\n id: ID!\n"
SHAPES = {
    "models": repeated("type M{i} @model { id: ID! a: String }\n"),
    "related models": repeated("type P{i} @model { id: ID! c: [C{i}] @hasMany }\n"
                               "type C{i} @model { id: ID! p: P{i} @belongsTo }\n"),
    "older relations": repeated("type P{i} @model { id: ID! c: [C{i}] @connection(name: \"n{i}\") }\n"
                                "type C{i} @model { id: ID! p: P{i} @connection(name: \"n{i}\") }\n"),
    "join models": repeated("type A{i} @model { id: ID! b: [B{i}] @manyToMany(relationName: \"R{i}\") }\n"
                            "type B{i} @model { id: ID! a: [A{i}] @manyToMany(relationName: \"R{i}\") }\n"),
    "fields": repeated(" f{i}: String\n", MODEL, "}"),
    "indexes": repeated(" f{i}: String @index(name: \"by{i}\")\n", MODEL, "}"),
    "relations": repeated(" f{i}: M @hasOne\n", MODEL, "}"),
    "extensions": repeated("extend type M { f{i}: Int }\n", MODEL + "}\n"),
    "types in types": repeated("type T{i} { t: T{next} }\n", "type M @model { id: ID! t: T0 }\n"),
    "types": repeated("type T{i} { a: Int }\ntype M{i} @model { id: ID! t: T{i} }\n"),
    "values": repeated(" V{i}\n", "type M @model { id: ID! e: E }\nenum E {\n", "}"),
    "unknown types": repeated("type M{i} @model { id: ID! a: Strin{i} }\n"),
    "unknown directives": repeated("type M{i} @modl{i} { id: ID! }\n"),
    "directives": repeated(" @auth(rules: [{allow: owner}])", "type M @model", " { id: ID! }"),
    "rules": repeated(" {allow: owner, ownerField: \"o{i}\"}", "type M @model @auth(rules: [", "]) { id: ID! }"),
    "groups": repeated(" \"g{i}\"", "type M @model @auth(rules: [{allow: groups, groups: [", "]}]) { id: ID! }"),
    "custom queries": repeated(" q{i}(a: Int): String @function(name: \"x\")\n",
                               "type M @model { id: ID! }\ntype Query {", "}"),
    "brackets": "type M @model { id: ID! a: " + "[" * BYTES,
    "braces": "type M @model @x(a: " + "{a:" * (BYTES // 3),
    "one long line": repeated("a{i}: X{i} ", "type M @model { id: ID! ", "}"),
    "an open block string": '"""' + "a\n" * (BYTES // 2),
    "a comment": "#" * BYTES,
}


class LargeSchema(unittest.TestCase):
    def test_each_shape_is_answered_soon(self):
        with tempfile.TemporaryDirectory(prefix="holdfast-large-") as folder:
            path = pathlib.Path(folder) / "schema.graphql"
            for shape, text in SHAPES.items():
                with self.subTest(shape):
                    path.write_text(text)
                    done = subprocess.run([BIN / "holdfast", "check", "--schema", path], capture_output=True, text=True,
                                          timeout=PATIENCE_SECONDS)
                    self.assertIn(done.returncode, (0, 1), done.stderr[:400])
                    self.assertTrue(done.returncode == 0 or "error: " in done.stderr, done.stderr[:400])


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
