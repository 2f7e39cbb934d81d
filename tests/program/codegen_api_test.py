#!/usr/bin/env python3
"""`holdfast codegen api` as a stranger meets it. What it prints is compared in full by src/api/golden_test.cc.
Usage: codegen_api_test.py BIN_FOLDER"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from programs import PATIENCE_SECONDS, ROOT

BIN = pathlib.Path()
CASES = ROOT / "src" / "api" / "testdata" / "recorded"


def codegen_api(*arguments):
    """(exit code, standard output, standard error)."""
    done = subprocess.run([BIN / "holdfast", "codegen", "api", *map(str, arguments)], capture_output=True, text=True,
                          timeout=PATIENCE_SECONDS)
    return done.returncode, done.stdout, done.stderr


def definitions(sdl):
    return sorted(re.findall(r"^(?:type|input|enum|union|interface|scalar) \w+", sdl, re.MULTILINE))


class CodegenApi(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="holdfast-codegen-api-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def test_recorded_cases_have_the_definitions_of_the_transformer_and_come_out_the_same_twice(self):
        cases = sorted(path for path in CASES.iterdir() if path.is_dir())
        self.assertGreater(len(cases), 20)
        for case in cases:
            settings = json.loads((case / "case.json").read_text())
            arguments = ["--schema", case / "schema.graphql", "--auth", ",".join(settings["auth"]), "--dialect",
                         settings["transformer"], "--conflict", settings["conflict"].lower()]
            with self.subTest(case.name):
                code, sdl, said = codegen_api(*arguments)
                self.assertEqual(code, 0, said)
                self.assertEqual(definitions(sdl), definitions((case / "api.graphql").read_text()))
                self.assertEqual(codegen_api(*arguments)[1], sdl)

    def test_several_schemas_are_one_api_and_no_mode_need_be_named(self):
        one = self.write("one.graphql", "type Post @model { id: ID! mood: Mood }")
        other = self.write("other.graphql", "enum Mood { GLAD }")
        code, sdl, _ = codegen_api("--schema", one, "--schema", other)
        self.assertEqual(code, 0)
        self.assertIn("input ModelMoodInput {", sdl)
        self.assertIn("syncPosts(", sdl)
        self.assertNotIn("syncPosts(", codegen_api("--schema", one, "--schema", other, "--conflict", "none")[1])

    def test_a_wrong_schema_prints_nothing_but_place_and_remedy(self):
        wrong = self.write("wrong.graphql", "type Post @model {\n  id: ID!\n  mood: Mod\n}\nenum Mood { GLAD }\n")
        code, sdl, said = codegen_api("--schema", wrong)
        self.assertEqual((code, sdl), (1, ""))
        self.assertIn("wrong.graphql:3:9", said)
        self.assertIn('Did you mean "Mood"?', said)

    def test_unknown_words_on_the_command_line_are_wrong_calls(self):
        schema = self.write("schema.graphql", "type Post @model { id: ID! }")
        for wrong in (["--auth", "apiKey,password"], ["--conflict", "luck"], ["--dialect", "v3"], []):
            code, sdl, said = codegen_api(*(["--schema", schema] if wrong else []), *wrong)
            self.assertEqual((code, sdl), (2, ""), wrong)
            self.assertNotEqual(said, "")


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
