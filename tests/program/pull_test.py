#!/usr/bin/env python3
"""`holdfast pull`: the files that published clients import. Their text is compared with that of the published tools by
src/codegen/client_config_test.cc. Usage: pull_test.py BIN_FOLDER"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from programs import PATIENCE_SECONDS, Program, SCHEMA

BIN = pathlib.Path()


class Pull(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="holdfast-pull-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def pull(self, *arguments):
        """(exit code, standard error)."""
        done = subprocess.run([BIN / "holdfast", "pull", "--schema", SCHEMA, "--out", self.folder / "out",
                               *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        return done.returncode, done.stderr

    def read(self, name):
        return json.loads((self.folder / "out" / name).read_text())

    def test_all_files_name_endpoint_and_key_and_the_models(self):
        code, said = self.pull("--endpoint", "https://api.example.com/graphql", "--api-key", "da2-k")
        self.assertEqual(code, 0, said)
        data = self.read("amplify_outputs.json")["data"]
        self.assertEqual((data["url"], data["api_key"]), ("https://api.example.com/graphql", "da2-k"))
        subprocess.run([BIN / "holdfast", "codegen", "models", "--target", "introspection", "--schema", SCHEMA, "--out",
                        self.folder / "models"], check=True, capture_output=True)
        introspection = json.loads((self.folder / "models" / "model-introspection.json").read_text())
        self.assertEqual(data["model_introspection"], introspection)
        self.assertEqual(list(introspection["models"]), ["Post"])
        exports = (self.folder / "out" / "aws-exports.js").read_text()
        self.assertIn('"aws_appsync_graphqlEndpoint": "https://api.example.com/graphql"', exports)
        self.assertEqual(self.read("amplifyconfiguration.json")["aws_appsync_apiKey"], "da2-k")

    def test_a_servers_folder_has_its_endpoint_and_key(self):
        server = Program([BIN / "holdfast", "serve", "--schema", SCHEMA, "--data", self.folder / "data", "--port", 0])
        endpoint = server.wait_for(lambda line: line.startswith("ready ")).split(" ", 1)[1]
        code, said = self.pull("--data", self.folder / "data")
        self.assertEqual(server.stop(), 0)
        self.assertEqual(code, 0, said)
        data = self.read("amplify_outputs.json")["data"]
        self.assertEqual(data["url"], endpoint.replace("http:", "HTTP:"), "as stock JavaScript clients need it")
        self.assertEqual(data["api_key"], (self.folder / "data" / "api-key").read_text().strip())
        self.assertEqual(self.pull("--data", self.folder / "data", "--target", "mobile")[0], 0)
        self.assertEqual(self.read("amplify_outputs.json")["data"]["url"], endpoint)
        mobile = self.read("amplifyconfiguration.json")["api"]["plugins"]["awsAPIPlugin"]["data"]
        self.assertEqual(mobile["endpoint"], endpoint)

    def test_a_key_that_the_server_was_given_is_not_kept_and_is_asked_for(self):
        server = Program([BIN / "holdfast", "serve", "--schema", SCHEMA, "--data", self.folder / "data", "--port", 0,
                          "--api-key", "da2-given"])
        server.wait_for(lambda line: line.startswith("ready "))
        self.assertEqual(server.stop(), 0)
        code, said = self.pull("--data", self.folder / "data")
        self.assertEqual(code, 1)
        self.assertIn("give --api-key", said)
        self.assertEqual([path for path in (self.folder / "data").iterdir() if b"da2-given" in path.read_bytes()], [])
        self.assertEqual(self.pull("--data", self.folder / "data", "--api-key", "da2-given")[0], 0)

    def test_what_is_missing_is_said(self):
        self.assertEqual(self.pull()[0], 2)
        self.assertEqual(self.pull("--endpoint", "http://localhost/graphql")[0], 2)
        self.assertEqual(self.pull("--endpoint", "localhost", "--api-key", "k")[0], 2)
        for spelled, url in (("HTTPS://h/graphql", "https://h/graphql"), ("Http://h/graphql", "HTTP://h/graphql")):
            self.assertEqual(self.pull("--endpoint", spelled, "--api-key", "k")[0], 0)
            self.assertEqual(self.read("amplify_outputs.json")["data"]["url"], url)
        self.assertEqual(self.pull("--endpoint", "HTTP://h/graphql", "--api-key", "k", "--target", "mobile")[0], 0)
        self.assertEqual(self.read("amplify_outputs.json")["data"]["url"], "http://h/graphql")
        for endpoint, key, words in (("http://h/graphql/", "k", "ends with a slash"), ("http://u:p@h/graphql", "k", "credentials"),
                                     ("http://h/graphql", "k\n", "no header carries")):
            code, said = self.pull("--endpoint", endpoint, "--api-key", key)
            self.assertEqual(code, 1, endpoint)
            self.assertIn(words, said)
        self.assertEqual(self.pull("--endpoint", "http://h/graphql", "--api-key", "")[0], 2)
        code, said = self.pull("--data", self.folder / "nothing")
        self.assertEqual(code, 1)
        self.assertTrue(re.search("Nothing has been served from .*--endpoint", said), said)


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
