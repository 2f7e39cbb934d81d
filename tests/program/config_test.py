#!/usr/bin/env python3
"""The settings of `holdfast serve`: file, environment, flags, which goes before which, and what is said of mistakes.
Usage: config_test.py BIN_FOLDER"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

from programs import PATIENCE_SECONDS, ROOT, SCHEMA

BIN = pathlib.Path()
GUIDE = ROOT / "docs" / "guide" / "serving.md"


class Config(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="holdfast-config-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def run_holdfast(self, *arguments, environment=None):
        """(exit code, standard output, standard error), run in the scratch folder."""
        done = subprocess.run([BIN / "holdfast", *map(str, arguments)], capture_output=True, text=True, cwd=self.folder,
                              env={**os.environ, **(environment or {})}, timeout=PATIENCE_SECONDS)
        return done.returncode, done.stdout, done.stderr

    def effective(self, *arguments, environment=None):
        code, out, error = self.run_holdfast("config", "show", "--format", "json", *arguments, environment=environment)
        self.assertEqual((code, error), (0, ""))
        return json.loads(out)

    def write(self, text, name="holdfast.toml"):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def complaints(self, text):
        self.write(text)
        code, out, error = self.run_holdfast("config", "show")
        self.assertEqual((code, out), (1, ""))
        return error

    def test_flags_go_before_the_environment_it_before_the_file_it_before_defaults(self):
        here = {"port": {"value": "20002", "from": "default"}}
        self.assertEqual(self.effective()["port"], here["port"])
        self.write("port = 1\nthreads = 3\n[limits]\npage_rows = 7\n")
        self.assertEqual(self.effective()["port"], {"value": "1", "from": "holdfast.toml:1:1"})
        variables = {"HOLDFAST_PORT": "2", "HOLDFAST_LIMITS_PAGE_ROWS": "8"}
        self.assertEqual(self.effective(environment=variables)["port"], {"value": "2", "from": "HOLDFAST_PORT"})
        told = self.effective("--port", "3", environment=variables)
        self.assertEqual(told["port"], {"value": "3", "from": "--port"})
        self.assertEqual(told["limits.page_rows"], {"value": "8", "from": "HOLDFAST_LIMITS_PAGE_ROWS"})
        self.assertEqual(told["threads"], {"value": "3", "from": "holdfast.toml:2:1"})
        self.assertEqual(self.effective("--port", "3", "--set", "port=4")["port"], {"value": "4", "from": "--set port"})

    def test_the_file_is_named_or_lies_here_and_its_paths_start_from_its_folder(self):
        other = self.write('data = "records"\nschema = ["a.graphql", "/b.graphql"]\n', "etc/other.toml")
        told = self.effective("--config", other)
        self.assertEqual(told["data"]["value"], json.dumps(str(self.folder / "etc" / "records")))
        self.assertEqual(json.loads(told["schema"]["value"]), [str(self.folder / "etc" / "a.graphql"), "/b.graphql"])
        self.write("port = 1\n")
        self.assertEqual(self.effective("--config", "")["port"]["from"], "default")
        self.assertEqual(self.effective(environment={"HOLDFAST_CONFIG": str(other)})["port"]["from"], "default")
        code, _, error = self.run_holdfast("config", "show", "--config", "missing.toml")
        self.assertEqual(code, 1)
        self.assertIn("missing.toml: No such file", error)

    def test_what_is_shown_is_a_file_that_gives_the_same(self):
        self.write('port = 5\nhost = "a \\"b\\""\nschema = "s.graphql"\n[retention]\ndeltas = "36h"\n'
                   '[limits]\nbody_bytes = "3 MiB"\nframe_bytes = 5000\n')
        first = self.effective()
        shown = self.run_holdfast("config", "show")[1]
        self.write(shown, "again.toml")
        again = self.effective("--config", "again.toml")
        self.assertEqual({name: each and each["value"] for name, each in first.items()},
                         {name: each and each["value"] for name, each in again.items()})
        self.assertIn('retention.deltas = "36h"', shown)

    def test_every_mistake_of_a_file_is_shown_with_place_and_remedy(self):
        error = self.complaints('prt = 1\nport = "1"\nconflict = "last"\nadmin = 3\n[limits]\nbody_byte = 5\n'
                                'idle_time = 30\nqueue_bytes = "1 KiB"\nconnections = 1.5\n[retention]\ndeltas = "1 fortnight"\n')
        heads = [line.removeprefix("holdfast.toml:") for line in error.splitlines() if line.startswith("holdfast.toml:")]
        self.assertEqual(heads, [
            '1:1: error: There is no setting "prt".',
            "2:8: error: port is not a number.",
            '3:12: error: conflict cannot be "last".',
            '4:1: error: "admin" must be a table of settings.',
            '6:1: error: There is no setting "limits.body_byte".',
            "7:13: error: limits.idle_time is not a number.",
            '8:15: error: limits.queue_bytes must be from "64 KiB" to "16 GiB".',
            "9:15: error: limits.connections is not a number.",
            "11:10: error: retention.deltas is written in a way that is not understood.",
        ])
        self.assertIn('hint: Did you mean "port"?', error)
        self.assertIn('hint: Did you mean "limits.body_bytes"?', error)
        self.assertIn('hint: Give a time with its unit, such as "30s" (units: ms, s, m, h, d).', error)
        self.assertIn("\n  prt = 1\n  ^\n", error)

    def test_what_is_no_toml_is_an_error_with_its_place_and_never_a_crash(self):
        self.assertTrue(self.complaints("port = 1\nport = 2\n").startswith("holdfast.toml:2:"))
        for text in ("port =\n", "[[[", "[=]", "=", "\x00", "a." * 20000 + "b = 1", "a = " + "[" * 5000, '"\\uD800" = 1',
                     "port = 99999999999999999999", "[port]\n", "[[limits]]\n", "limits = [{}]", "data = 1979-05-27"):
            with self.subTest(text[:20]):
                self.assertRegex(self.complaints(text), r"^holdfast\.toml:\d+:\d+: error: ")

        self.assertTrue(self.complaints("port = 1\nhost = '''a\nb'''\n[=]\nthreads = 1\n").startswith("holdfast.toml:4:1"))

    def test_mistakes_of_flags_and_environment_name_them(self):
        code, _, error = self.run_holdfast("config", "show", "--limits-page-rows", "0")
        self.assertEqual(code, 2)
        self.assertIn("limits.page_rows must be from 1 to 1000000", error)
        for variable, text in (("HOLDFAST_PORT", "tcp://10.0.0.1:20002"), ("HOLDFAST_MEMORY", "maybe"), ("HOLDFAST_API_KYE", "k")):
            code, _, error = self.run_holdfast("config", "show", environment={variable: text})
            self.assertEqual(code, 1, variable)
            self.assertIn(variable, error)
        self.assertIn("did you mean HOLDFAST_API_KEY?", error)
        self.assertEqual(self.run_holdfast("config", "show", environment={"HOLDFAST_BIN": "x", "HOLDFAST_SEED": "1"})[0], 0)
        code, _, error = self.run_holdfast("config", "show", "--set", "limits.page_row=3")
        self.assertEqual(code, 1)
        self.assertIn('Did you mean "limits.page_rows"?', error)

    def test_secrets_are_masked(self):
        self.write('api_key = "da2-hidden"\nfunction = ["h=http://h.example/a?code=hidden"]\n[admin]\nkey = "hidden-too"\n'
                   '[functions.f]\nurl = "https://user:hidden@f.example:8443/call?code=hidden&a=b"\n')
        for arguments in ((), ("--format", "json")):
            shown = self.run_holdfast("config", "show", *arguments)[1]
            self.assertNotIn("hidden", shown)
            self.assertIn("***", shown)
            for address in ("https://***@f.example:8443/call?***", "h=http://h.example/a?***"):
                self.assertIn(address, shown)

    def test_a_server_does_what_its_file_says(self):
        self.write(f'schema = {json.dumps(str(SCHEMA))}\ndata = "records"\nport = 0\napi_key = "da2-file"\nconflict = "none"\n'
                   '[limits]\nbody_bytes = 1024\n')
        # Not as a Program, because the current folder matters here.
        done = subprocess.Popen([BIN / "holdfast", "serve"], cwd=self.folder, stdout=subprocess.PIPE, text=True)
        try:
            said = []
            for line in done.stdout:
                said.append(line)
                if line.startswith("ready "):
                    break
            self.assertIn("settings   holdfast.toml\n", said)
            self.assertIn("conflicts  none\n", said)
            self.assertTrue((self.folder / "records" / "backend.db").exists())
            self.assertEqual((self.folder / "records").stat().st_mode & 0o777, 0o700, "records are their owner's")
            address = said[-1].split()[1]
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(address, b"x" * 2000, timeout=PATIENCE_SECONDS)
            refused.exception.close()
            self.assertEqual(refused.exception.code, 413)
        finally:
            done.terminate()
            done.wait(PATIENCE_SECONDS)
            done.stdout.close()

    def test_settings_that_are_right_one_by_one_and_not_together_are_refused_with_their_place(self):
        self.write(f'''schema = {json.dumps(str(SCHEMA))}
memory = true
port = 0
public_url = "api.example.com"
api_key = "da2-a\\n"
conflict = "custom"
conflict_function = "settle"
[journal]
without = ["Pots"]
[models.Pots]
deltas = "30d"
[realtime]
keep_alive = "5m"
[api_keys.one]
key = "same"
[api_keys.two]
key = "same"
[api_keys.three]
expires = "2027-06-30T00:00:00Z"
''')
        code, out, error = self.run_holdfast("serve")
        self.assertEqual((code, out), (1, ""))
        told = {line.removeprefix("holdfast: holdfast.toml:") for line in error.splitlines() if "holdfast: " in line}
        self.assertEqual(sorted(told), sorted([
            '11:1: models.Pots.deltas: the schema has no model "Pots"',
            '9:1: journal.without: the schema has no model "Pots"',
            '7:1: conflict_function: there is no function "settle"; set functions.settle.url or functions.settle.command',
            "5:1: api_key: has a blank, a line break or another sign that no header carries; leave it out",
            "17:1: api_keys.two.key: another key is the same; callers could not be told apart",
            "holdfast: api_keys.three: give it a key: api_keys.three.key",
            "13:1: realtime.keep_alive: is not shorter than realtime.connection_timeout, so clients would connect anew all the time",
            "4:1: public_url: the endpoint 'api.example.com' is not an http or https URL; give it as http://host:port/graphql or "
            "https://host/graphql",
        ]))

    def test_a_shown_configuration_is_not_served_with_its_masks_for_keys(self):
        self.write(f"schema = {json.dumps(str(SCHEMA))}\nmemory = true\nport = 0\napi_key = \"da2-hidden\"\n")
        self.write(self.run_holdfast("config", "show")[1])
        code, _, error = self.run_holdfast("serve")
        self.assertEqual(code, 1)
        self.assertIn("give the key itself", error)

    def test_what_serve_needs_is_asked_for(self):
        for arguments, missing in (((), "--schema"), (("--schema", SCHEMA), "--data DIR or --memory")):
            code, _, error = self.run_holdfast("serve", *arguments)
            self.assertEqual(code, 2)
            self.assertIn(missing, error)

    def test_the_guide_lists_the_settings_that_there_are(self):
        listed = re.search(r"<!-- settings -->\n(.*?)<!-- end of settings -->", GUIDE.read_text(), re.DOTALL).group(1)
        self.assertEqual(listed, self.run_holdfast("config", "settings")[1],
                         "put what `holdfast config settings` prints between the marks in docs/guide/serving.md")

    def test_every_setting_says_what_holds_without_it(self):
        rows = self.run_holdfast("config", "settings")[1].splitlines()[2:]
        silent = [row for row in rows if not row.split(" | ")[2].strip()]
        self.assertEqual(silent, [])


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
