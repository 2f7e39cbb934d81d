#!/usr/bin/env python3
"""The program `holdfast` as a stranger meets it: serve, check, codegen, and what it says when something is wrong.
Usage: cli_test.py BIN_FOLDER"""

import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import unittest
import urllib.request

from programs import PATIENCE_SECONDS, Program, ROOT, SCHEMA

BIN = pathlib.Path()


def run(*arguments):
    """(exit code, standard output, standard error)."""
    done = subprocess.run([BIN / "holdfast", *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    return done.returncode, done.stdout, done.stderr


def ask(endpoint, key, document):
    request = urllib.request.Request(endpoint, data=json.dumps({"query": document}).encode(), headers={"x-api-key": key})
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as reply:
        return json.loads(reply.read())


class Cli(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="holdfast-cli-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def serve(self, *arguments):
        program = Program([BIN / "holdfast", "serve", "--port", "0", *map(str, arguments)])
        said = []
        program.wait_for(lambda line: said.append(line) or line.startswith("ready "))
        return program, said

    def test_the_api_key_is_made_printed_and_kept(self):
        keys = []
        for _ in range(2):
            program, said = self.serve("--schema", SCHEMA, "--data", self.folder / "data")
            [key] = set(re.findall(r"da2-[a-z0-9]{26}", "\n".join(said)))
            self.assertRegex(said[-1], r"^ready http://127\.0\.0\.1:\d+/graphql$")
            self.assertIn("HTTP://127.0.0.1", "\n".join(said), "the spelling that the stock JS client needs")
            answer = ask(said[-1].split(" ")[1], key, "query { listPosts { items { id } } }")
            self.assertEqual(answer["data"]["listPosts"]["items"], [])
            self.assertEqual(program.stop(), 0)
            keys.append(key)
        self.assertEqual(keys[0], keys[1])
        self.assertEqual((self.folder / "data" / "api-key").stat().st_mode & 0o777, 0o600)

    def test_several_schemas_are_one_api(self):
        one = self.write("one.graphql", "type Blog @model { id: ID! name: String! posts: [Article] @hasMany }\n")
        two = self.write("two.graphql", "type Article @model { id: ID! title: String! blog: Blog @belongsTo }\n")
        program, said = self.serve("--schema", one, "--schema", two, "--data", self.folder / "data", "--api-key", "da2-k")
        endpoint = said[-1].split(" ")[1]
        ask(endpoint, "da2-k", 'mutation { createBlog(input: {id: "b", name: "B"}) { id } }')
        ask(endpoint, "da2-k", 'mutation { createArticle(input: {title: "T", blogPostsId: "b"}) { id } }')
        answer = ask(endpoint, "da2-k", "query { listArticles { items { title blog { name } } } }")
        self.assertEqual(answer["data"]["listArticles"]["items"], [{"title": "T", "blog": {"name": "B"}}])
        self.assertEqual(program.stop(), 0)

    def test_data_outlives_the_process(self):
        for expected in ([], [{"title": "kept", "_version": 1}]):
            program, said = self.serve("--schema", SCHEMA, "--data", self.folder / "data", "--api-key", "da2-k")
            endpoint = said[-1].split(" ")[1]
            answer = ask(endpoint, "da2-k", "query { listPosts { items { title _version } } }")
            self.assertEqual(answer["data"]["listPosts"]["items"], expected)
            if not expected:
                ask(endpoint, "da2-k", 'mutation { createPost(input: {title: "kept", rating: 1, status: ACTIVE}) { id } }')
            self.assertEqual(program.stop(), 0)

    def test_each_conflict_strategy_is_served(self):
        for strategy, fields in (("automerge", True), ("optimistic", True), ("none", False)):
            program, said = self.serve("--schema", SCHEMA, "--data", self.folder / strategy, "--api-key", "da2-k",
                                       "--conflict", strategy)
            answer = ask(said[-1].split(" ")[1], "da2-k", '{ __type(name: "Post") { fields { name } } }')
            names = {field["name"] for field in answer["data"]["__type"]["fields"]}
            self.assertEqual("_version" in names, fields, strategy)
            self.assertEqual(program.stop(), 0)

    def test_a_second_process_on_the_same_data_and_a_taken_port_are_refused(self):
        program, said = self.serve("--schema", SCHEMA, "--data", self.folder / "data")
        code, _, error = run("serve", "--schema", SCHEMA, "--data", self.folder / "data", "--port", "0")
        self.assertEqual(code, 1)
        self.assertIn(str(self.folder / "data"), error)
        port = said[-1].rsplit(":", 1)[1].split("/")[0]
        code, _, error = run("serve", "--schema", SCHEMA, "--data", self.folder / "other", "--port", port)
        self.assertEqual(code, 1)
        self.assertIn(port, error)
        self.assertEqual(program.stop(), 0)

    def test_a_wrong_schema_is_shown_with_line_caret_and_remedy(self):
        bad = self.write("bad.graphql", "type Post @model {\n  id: ID!\n  author: Persn\n}\n")
        for verb in (("check",), ("codegen", "models", "--out", self.folder / "out"), ("serve", "--data", self.folder / "d")):
            code, out, error = run(*verb, "--schema", bad)
            said = (out + error).splitlines()
            self.assertEqual(code, 1, verb)
            self.assertTrue(said[0].startswith(f"{bad}:3:"), said)
            self.assertIn("Persn", said[0])
            self.assertEqual(said[1].strip(), "author: Persn")
            self.assertEqual(said[2].strip(), "^")
            self.assertEqual(said[2].index("^"), said[1].index("Persn"), "the caret stands under the word")
            self.assertIn("hint:", said[3])

    def test_five_mistakes_are_five_complaints_in_the_order_of_the_file(self):
        bad = self.write("bad.graphql", """type Post @model @sparkle {
  id: ID!
  rating: Int @default(value: "five")
  author: Persn
  comments: [Comment] @hasMany(indexName: "byPost", fields: ["id"])
}
type Comment @model(queries: { sync: "changes" }) {
  id: ID!
  post: Post @belongsTo
}
""")
        code, out, error = run("check", "--schema", bad)
        self.assertEqual((code, out), (1, ""))
        complaints = [line.removeprefix(f"{bad}:") for line in error.splitlines() if ": error: " in line]
        self.assertEqual(complaints, [
            '1:18: error: Unknown directive "@sparkle".',
            '3:31: error: Default value "five" is not a valid Int.',
            '4:11: error: Unknown type "Persn".',
            "5:23: error: Index byPost does not exist for model Comment",
            '7:32: error: Field "sync" is not defined by type "ModelQueryMap".',
        ])
        self.assertEqual(error.count("  hint: "), 5)

    def test_what_is_accepted_and_not_done_is_said_with_its_place(self):
        schema = self.write("odd.graphql", """type Query {
  weather: String @http(url: "https://example.com/weather")
}
type Track @model @searchable {
  id: ID!
  plays: Int
}
type Subscription {
  onWeather: String @aws_subscribe(mutations: ["weather"])
}
""")
        code, out, error = run("check", "--schema", schema)
        self.assertEqual(code, 0)
        self.assertIn("2 notices", out)
        self.assertEqual([line for line in error.splitlines() if ": notice: " in line], [
            f"{schema}:4:19: notice: @searchable gives the API its search query, but asking it gives an error.",
            f"{schema}:9:3: notice: Subscription.onWeather stands in the API, but subscribing to it is refused.",
        ])
        self.assertIn("  hint: Use the list query with a filter, or an @index.", error)

    def test_a_process_that_may_open_too_few_files_says_so(self):
        for files in (8, 10, 12):  # Met by the event loop, or by the listener.
            refused = subprocess.run([BIN / "holdfast", "serve", "--schema", SCHEMA, "--memory", "--port", "0"],
                                     capture_output=True, text=True, timeout=PATIENCE_SECONDS,
                                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)))
            self.assertEqual(refused.returncode, 1, refused.stderr)
            self.assertIn("Too many open files", refused.stderr)
            self.assertEqual("ulimit -n" in refused.stderr, "Cannot go on" in refused.stderr, refused.stderr)

    def test_a_process_that_may_have_too_little_memory_ends_and_blames_no_files(self):
        def starve():
            resource.setrlimit(resource.RLIMIT_STACK, (8 << 20, resource.getrlimit(resource.RLIMIT_STACK)[1]))
            resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))  # Less than the stacks of 64 workers.

        if subprocess.run([BIN / "holdfast", "--version"], capture_output=True, preexec_fn=starve).returncode != 0:
            self.skipTest("a sanitizer wants more")
        refused = subprocess.run([BIN / "holdfast", "serve", "--schema", SCHEMA, "--memory", "--port", "0"],
                                 capture_output=True, text=True, timeout=PATIENCE_SECONDS, preexec_fn=starve)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""), refused.stderr)
        self.assertIn("Cannot go on", refused.stderr)
        self.assertNotIn("ulimit", refused.stderr)

    def test_more_than_one_inherited_socket_is_refused_with_a_remedy(self):
        for count in ("2", "many"):
            refused = subprocess.run(["sh", "-c", f'LISTEN_PID=$$ LISTEN_FDS={count} exec "$@"', "sh", BIN / "holdfast", "serve", "--schema",
                                      SCHEMA, "--memory"], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
            self.assertEqual((refused.returncode, refused.stdout), (1, ""))
            self.assertIn(f"LISTEN_FDS={count}", refused.stderr)
            self.assertIn("leave one ListenStream= in the socket unit", refused.stderr)

    def test_a_missing_schema_and_wrong_usage_say_so(self):
        code, _, error = run("check", "--schema", self.folder / "none.graphql")
        self.assertEqual(code, 1)
        self.assertIn("none.graphql", error)
        self.assertEqual(run("serve")[0], 2)
        self.assertEqual(run("mystery")[0], 2)
        self.assertEqual(run("--version")[0], 0)

    def test_models_are_rewritten_only_when_they_change(self):
        out = self.folder / "models"
        arguments = ("codegen", "models", "--schema", SCHEMA, "--out", out, "--name", "blog")
        self.assertEqual(run(*arguments)[0], 0)
        files = sorted(out.iterdir())
        self.assertEqual([path.name for path in files], ["blog.cc", "blog.h"])
        for path in files:
            os.utime(path, (1, 1))
        self.assertEqual(run(*arguments)[0], 0)
        self.assertEqual([path.stat().st_mtime for path in files], [1, 1])

    def test_models_of_other_languages_have_names_of_their_own_and_are_rewritten_only_when_they_change(self):
        names = {"javascript": ["index.d.ts", "index.js", "schema.d.ts", "schema.js"],
                 "typescript": ["index.d.ts", "index.js", "schema.d.ts", "schema.js"],
                 "introspection": ["model-introspection.json"]}
        for target, expected in names.items():
            out = self.folder / target / "models"
            arguments = ("codegen", "models", "--schema", SCHEMA, "--out", out, "--target", target)
            self.assertEqual(run(*arguments)[0], 0)
            files = sorted(out.iterdir())
            self.assertEqual([path.name for path in files], expected)
            for path in files:
                os.utime(path, (1, 1))
            self.assertEqual(run(*arguments)[0], 0)
            self.assertEqual({path.stat().st_mtime for path in files}, {1}, target)
            for option in ("--name", "--namespace"):
                code, _, error = run(*arguments, option, "blog")
                self.assertEqual(code, 2)
                self.assertIn(f"{option}: is for --target cpp only", error)

    def test_codegen_json_writes_the_schema_for_programs_without_cpp(self):
        schema = self.write("post.graphql", "type Post @model { id: ID! title: String! }")
        code, _, error = run("codegen", "models", "--target", "json", "--name", "blog", "--schema", schema, "--out", self.folder)
        self.assertEqual((code, error), (0, ""))
        made = json.loads((self.folder / "blog.json").read_text())
        self.assertEqual([model["name"] for model in made["models"]], ["Post"])
        self.assertEqual(made["models"][0]["fields"][1], {"name": "title", "type": "String", "isRequired": True})

    def test_models_that_cannot_be_written_say_where_and_why(self):
        (self.folder / "taken").write_text("a file")
        (self.folder / "out" / "index.js").mkdir(parents=True)
        for out, expected in (("taken", "taken: "), ("taken/models", "taken/models: "), ("out", "out/index.js: ")):
            code, _, error = run("codegen", "models", "--schema", SCHEMA, "--target", "javascript", "--out", self.folder / out)
            self.assertEqual(code, 1, error)
            self.assertIn(expected, error)

    def test_what_clients_cannot_hold_is_shown_with_its_place(self):
        schema = self.write("pets.graphql", "type Post @model { title: String }\ntype Cat { friend: Pet }\n"
                                            "type Dog { name: String }\nunion Pet = Cat | Dog\ntype Query { cat: Cat }\n")
        code, _, error = run("codegen", "models", "--schema", schema, "--target", "javascript", "--out", self.folder / "js")
        self.assertEqual(code, 1)
        self.assertIn(f"{schema}:2:12: error: Unknown type Pet for field friend.", error)
        self.assertFalse((self.folder / "js").exists())
        code, _, _ = run("codegen", "models", "--schema", schema, "--target", "introspection", "--out", self.folder / "js")
        self.assertEqual(code, 0, "introspection leaves the field out")

    def test_the_models_of_every_issue_schema_compile(self):
        for schema in sorted((ROOT / "tests" / "program" / "schemas").glob("*.graphql")):
            out = self.folder / schema.stem
            code, _, error = run("codegen", "models", "--schema", schema, "--out", out, "--name", "models")
            self.assertEqual((code, error.count("error")), (0, 0), schema.name + error)
            compiled = subprocess.run(["c++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
                                       f"-I{ROOT / 'include'}", out / "models.cc"], capture_output=True, text=True)
            self.assertEqual(compiled.returncode, 0, schema.name + compiled.stderr)


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
