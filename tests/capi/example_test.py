#!/usr/bin/env python3
"""The example in C, run as its user would. Usage: example_test.py BIN_FOLDER"""

import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(sys.argv[1]).resolve()


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60)


with tempfile.TemporaryDirectory(prefix="holdfast-c-") as folder:
    made = run(BIN / "holdfast", "codegen", "models", "--target", "json", "--name", "blog", "--out", folder,
               "--schema", ROOT / "examples" / "blog" / "schema.graphql")
    assert made.returncode == 0, made.stderr
    schema = pathlib.Path(folder) / "blog.json"
    said = run(BIN / "example_c", schema, pathlib.Path(folder) / "blog.db")
    assert said.returncode == 0, said.stderr
    lines = said.stdout.splitlines()
    rows = [json.loads(line[4:]) for line in lines if line.startswith("row ")]
    assert [row["title"] for row in rows] == ["Three", "One"], rows
    assert lines[0] == "live query: 0 rows" and lines[-1] == "4 changes", lines
    assert any(line.startswith("refused: the Post does not satisfy the condition") for line in lines), lines
    assert sum(line.startswith("inserted here: ") for line in lines) == 3, lines

    wrong = run(BIN / "example_c", __file__)
    assert wrong.returncode == 1 and wrong.stderr.startswith("malformed: schema: "), wrong.stderr
    assert run(BIN / "example_c").returncode == 2
print("the example in C does what it says")
