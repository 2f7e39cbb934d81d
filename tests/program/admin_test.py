#!/usr/bin/env python3
"""The admin listener: health, metrics, configuration, backup; and that nobody reaches it who should not.
Usage: admin_test.py BIN_FOLDER"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

from programs import API_KEY, Backend, PATIENCE_SECONDS, Program

BIN = pathlib.Path()
CREATE = 'mutation { createPost(input: {title: "t", rating: 1, status: ACTIVE}) { id _version } }'


class Served(Backend):
    """A backend whose admin address is read, too."""

    def wait_for(self, check):
        def noting(line):
            if line.startswith("admin "):
                self.admin = line.split()[1]
            return check(line)
        return super().wait_for(noting)

    def ask(self, path, body=None, headers=None):
        """(status, text)."""
        request = urllib.request.Request(self.admin + path, data=body, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def sample(self, name):
        text = self.ask("/metrics")[1]
        [value] = re.findall(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(value)


class Admin(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="holdfast-admin-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def serve(self, *options):
        backend = Served(BIN, self.folder / "data", *options)
        self.addCleanup(lambda: backend.process.poll() is None and backend.kill())
        return backend

    def test_it_tells_its_health_and_counts_what_it_does(self):
        backend = self.serve()
        self.assertEqual(backend.ask("/livez"), (200, "ok\n"))
        self.assertEqual(backend.ask("/readyz"), (200, "ok\n"))
        for _ in range(2):
            self.assertNotIn("errors", backend.query(CREATE))
        backend.query('query { getPost(id: "none") { id } }')
        backend.post(b'{"query": "query { nonsense }"}')
        backend.post(b"{", headers={"x-api-key": API_KEY})
        backend.post(b"{}", headers={"x-api-key": "wrong"})
        requests = {(operation, outcome): backend.sample(f'holdfast_requests_total{{operation="{operation}",outcome="{outcome}"}}')
                    for operation, outcome in (("mutation", "ok"), ("query", "ok"), ("none", "invalid"), ("none", "refused"),
                                               ("none", "unauthorized"), ("none", "failed"))}
        self.assertEqual(requests, {("mutation", "ok"): 2, ("query", "ok"): 1, ("none", "invalid"): 1, ("none", "refused"): 1,
                                    ("none", "unauthorized"): 1, ("none", "failed"): 0})
        self.assertEqual(backend.sample("holdfast_store_writes_total"), 2)
        self.assertEqual(backend.sample('holdfast_documents_total{cache="hit"}'), 1)
        self.assertEqual(backend.sample('holdfast_request_seconds_count{operation="mutation"}'), 2)
        self.assertGreater(backend.sample('holdfast_request_seconds_sum{operation="mutation"}'), 0)
        self.assertGreater(backend.sample("process_resident_memory_bytes"), 1 << 20)
        self.assertGreaterEqual(backend.sample("holdfast_connections"), 0)
        self.assertEqual(backend.sample("holdfast_sockets"), 0)
        self.assertEqual(backend.stop(), 0)

    def test_a_conflict_is_counted(self):
        backend = self.serve()
        made = backend.query(CREATE)["data"]["createPost"]
        edit = 'mutation { updatePost(input: {id: "%s", rating: %d, _version: 1}) { _version } }'
        backend.query(edit % (made["id"], 2))
        self.assertEqual(backend.sample("holdfast_conflicts_total"), 0)
        backend.query(edit % (made["id"], 3))
        self.assertEqual(backend.sample("holdfast_conflicts_total"), 1)
        self.assertEqual(backend.stop(), 0)

    def test_every_line_of_the_metrics_is_in_the_format(self):
        backend = self.serve()
        for line in backend.ask("/metrics")[1].splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-+0-9.e]+)$')
        self.assertEqual(backend.stop(), 0)

    def test_the_metrics_hold_together_as_a_scraper_reads_them(self):
        backend = self.serve()
        backend.query("{ listPosts { items { id } } }")
        types, family, seen, buckets, counts = {}, None, set(), {}, {}
        for line in backend.ask("/metrics")[1].splitlines():
            if line.startswith("#"):
                family = line.split(" ")[2]
                if line.startswith("# TYPE"):
                    self.assertNotIn(family, types, "described once")
                    types[family] = line.split(" ")[3]
                continue
            name, labels, value = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line).groups()
            part = name.removeprefix(family)
            self.assertIn(part, ("_bucket", "_sum", "_count") if types[family] == "histogram" else ("",), "stands with its family")
            self.assertEqual(types[family] == "counter", name.endswith("_total"), name)
            self.assertNotIn((name, labels), seen)
            seen.add((name, labels))
            if part == "_bucket":
                of, bound = re.fullmatch(r'(.*),le="(.*)"', labels).groups()
                buckets.setdefault((family, of), []).append((float(bound), float(value)))
            if part == "_count":
                counts[family, labels] = float(value)
        self.assertGreater(sum(counts.values()), 0)
        self.assertEqual(set(buckets), set(counts))
        for series, steps in buckets.items():
            self.assertEqual(steps, sorted(steps), series)
            self.assertEqual([value for _, value in steps], sorted(value for _, value in steps), series)
            self.assertEqual(steps[-1], (float("inf"), counts[series]))
        self.assertEqual(backend.stop(), 0)

    def test_the_settings_are_shown_without_secrets(self):
        backend = self.serve("--limits-page-rows", "7")
        status, text = backend.ask("/config")
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(text)["limits.page_rows"], {"value": "7", "from": "--limits-page-rows"})
        self.assertNotIn(API_KEY, text)
        self.assertEqual(backend.stop(), 0)

    def test_a_page_in_a_browser_is_refused_and_what_is_not_there_is_said(self):
        backend = self.serve()
        to = str(self.folder / "stolen.db")
        page = {"origin": "https://example.com"}
        self.assertEqual(backend.ask("/backup", json.dumps({"to": to}).encode(), page)[0], 403)
        self.assertEqual(backend.ask("/metrics", headers=page)[0], 403)
        self.assertFalse(pathlib.Path(to).exists())
        self.assertEqual(backend.ask("/nothing")[0], 404)
        self.assertEqual(backend.ask("/backup")[0], 405)
        self.assertEqual(backend.ask("/livez", b"")[0], 405)
        for body in (b"", b"{}", b'{"to": "relative.db"}', b'{"to": 3}'):
            self.assertEqual(backend.ask("/backup", body)[0], 400, body)
        self.assertEqual(backend.stop(), 0)

    def test_a_page_that_calls_this_machine_by_a_name_of_its_own_is_refused(self):
        backend = self.serve()
        port = backend.admin.rsplit(":", 1)[1]
        for name in ("example.com", f"example.com:{port}", "127.0.0.1.example.com", "localhost.example.com", "[::2]"):
            for path in ("/config", "/metrics", "/livez"):
                self.assertEqual(backend.ask(path, headers={"host": name})[0], 403, name)
        for name in (f"localhost:{port}", "LOCALHOST", "127.0.0.1", f"127.1.2.3:{port}", "[::1]", f"[::1]:{port}"):
            self.assertEqual(backend.ask("/config", headers={"host": name})[0], 200, name)
        self.assertEqual(backend.stop(), 0)

    def test_requests_are_short(self):
        backend = self.serve()
        status, _ = backend.ask("/backup", b" " * (64 << 10) + b"{}")
        self.assertEqual(status, 413)
        self.assertEqual(backend.stop(), 0)

    def test_a_name_that_begins_as_a_loopback_address_does_is_none(self):
        for host in ("127.example.com", "127.0.0.1.example.com"):
            done = subprocess.run([BIN / "holdfast", "serve", "--schema", self.schema(), "--memory", "--port", "0", "--admin-host", host],
                                  capture_output=True, text=True, timeout=PATIENCE_SECONDS)
            self.assertEqual(done.returncode, 1)
            self.assertIn("where other machines may reach it: set admin.key", done.stderr)

    def test_other_addresses_want_a_key_and_so_do_then_configuration_and_backup(self):
        refused = Program([BIN / "holdfast", "serve", "--schema", self.schema(), "--memory", "--port", 0,
                                      "--admin-host", "0.0.0.0"])
        self.assertIsNone(refused.next_line(), "nothing is served")
        self.assertEqual(refused.stop(), 1)
        backend = self.serve("--admin-key", "k1")
        self.assertEqual(backend.ask("/livez")[0], 200)
        self.assertEqual(backend.ask("/metrics")[0], 200)
        self.assertEqual(backend.ask("/config")[0], 401)
        self.assertEqual(backend.ask("/config", headers={"authorization": "Bearer k2"})[0], 401)
        self.assertEqual(backend.ask("/backup", b"{}")[0], 401)
        self.assertEqual(backend.ask("/config", headers={"authorization": "k1"})[0], 401)
        self.assertEqual(backend.ask("/config", headers={"authorization": "bearer k1"})[0], 200)
        status, text = backend.ask("/config", headers={"authorization": "Bearer k1"})
        self.assertEqual((status, '"k1"' in text), (200, False))
        self.assertEqual(backend.ask("/livez", headers={"host": "ops.example.com"})[0], 200, "with a key, names are free")
        self.assertEqual(backend.stop(), 0)

    def schema(self):
        path = self.folder / "schema.graphql"
        path.write_text("type Note @model { id: ID! }\n")
        return path

    def test_it_can_be_switched_off(self):
        backend = self.serve("--admin-enabled=false")
        self.assertFalse(hasattr(backend, "admin"))
        self.assertEqual(backend.stop(), 0)


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
