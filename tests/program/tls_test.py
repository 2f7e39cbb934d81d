#!/usr/bin/env python3
"""TLS of `holdfast serve`: beside plain HTTP on one port, certificates that change at SIGHUP, files that cannot be used,
and functions at https:// addresses. Certificates are made by the openssl program. Usage: tls_test.py BIN_FOLDER"""

import http.client
import http.server
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

from processes_test import Watcher
from programs import API_KEY, PATIENCE_SECONDS, SCHEMA, Backend, Subscriber

BIN = pathlib.Path()


def certify(folder, name, serial):
    """NAME.pem and NAME.key in the folder: a certificate of 127.0.0.1 that signs itself."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-set_serial", str(serial), "-subj", f"/CN=holdfast-{serial}", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"], check=True, capture_output=True)


class Answering(http.server.BaseHTTPRequestHandler):
    """A function: answers with the argument `msg`, backwards."""

    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body = json.dumps(event["arguments"]["msg"][::-1]).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Tls(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="holdfast-tls-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.certificate, self.key = self.folder / "one.pem", self.folder / "one.key"
        certify(self.folder, "one", 1)

    def serve(self, *options, **process):
        """With what it logs among the lines that it says."""
        backend = Backend(BIN, self.folder / "data", "--tls-certificate", self.certificate, "--tls-key", self.key, "--log-level", "info",
                          *options, stderr=subprocess.STDOUT, **process)
        self.addCleanup(lambda: backend.process.poll() is None and backend.kill())
        return backend

    def connect(self, backend, trusted):
        """A kept HTTPS connection that trusts this certificate alone."""
        made = http.client.HTTPSConnection("127.0.0.1", backend.port, timeout=PATIENCE_SECONDS,
                                           context=ssl.create_default_context(cafile=trusted))
        self.addCleanup(made.close)
        made.connect()
        return made

    def ask(self, connection, document="{ __typename }"):
        connection.request("POST", "/graphql", json.dumps({"query": document}), {"x-api-key": API_KEY})
        reply = connection.getresponse()
        answer = json.loads(reply.read())
        self.assertEqual(reply.status, 200, answer)
        return answer["data"]

    def serial(self, backend):
        """Of the certificate that a new connection is shown."""
        pem = ssl.get_server_certificate(("127.0.0.1", backend.port), timeout=PATIENCE_SECONDS)
        said = subprocess.run(["openssl", "x509", "-noout", "-serial"], input=pem, text=True, check=True, capture_output=True).stdout
        return int(said.strip().removeprefix("serial="), 16)

    def replace(self, name):
        """The files of the certificate called so take the place of those that are served."""
        os.replace(self.folder / f"{name}.pem", self.certificate)
        os.replace(self.folder / f"{name}.key", self.key)

    def reload(self, backend):
        """SIGHUP; what is logged of it."""
        backend.process.send_signal(signal.SIGHUP)
        return json.loads(backend.wait_for(lambda line: '"event":"tls_' in line))

    def test_https_and_plain_http_meet_at_one_port(self):
        backend = self.serve()
        self.assertEqual(backend.endpoint, f"https://127.0.0.1:{backend.port}/graphql")
        self.assertEqual(self.ask(self.connect(backend, self.certificate)), {"__typename": "Query"})
        plain = http.client.HTTPConnection("127.0.0.1", backend.port, timeout=PATIENCE_SECONDS)
        self.assertEqual(self.ask(plain), {"__typename": "Query"})
        plain.close()
        certify(self.folder, "other", 9)
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.connect(backend, self.folder / "other.pem")
        self.assertEqual(backend.stop(), 0)

    def test_plain_http_is_refused_where_tls_is_required(self):
        backend = self.serve("--tls-required")
        self.assertEqual(self.ask(self.connect(backend, self.certificate)), {"__typename": "Query"})
        realtime = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol": "graphql-ws"}
        for method, target, headers in (("POST", "/graphql", {"x-api-key": API_KEY}), ("GET", "/graphql/realtime", realtime)):
            plain = http.client.HTTPConnection("127.0.0.1", backend.port, timeout=PATIENCE_SECONDS)
            plain.request(method, target, '{"query": "{ __typename }"}' if method == "POST" else None, headers)
            reply = plain.getresponse()
            self.assertEqual((reply.status, reply.getheader("Connection")), (426, "Upgrade, close"))
            self.assertIn("https://", reply.read().decode())
            plain.close()
        self.assertEqual(backend.stop(), 0)
        self.assertIn("TLS is required, but neither", self.refusal("--tls-required"))

    def test_verify_trusts_the_authority_that_it_is_told(self):
        backend = self.serve()
        device = Watcher(BIN, self.folder / "device.db", f"http://127.0.0.1:{backend.port}/graphql")
        device.wait_for_event("ready")
        device.stop()

        def verify(*options):
            return subprocess.run([BIN / "holdfast", "verify", "--schema", SCHEMA, "--device", self.folder / "device.db", "--endpoint",
                                   backend.endpoint, "--api-key", API_KEY, *options], capture_output=True, text=True, timeout=PATIENCE_SECONDS)

        trusting = verify("--ca-file", self.certificate)
        self.assertEqual(trusting.returncode, 0, trusting.stderr)
        self.assertIn("Post: same", trusting.stdout)
        self.assertIn("its certificate is not trusted", verify().stdout)
        missing = verify("--ca-file", self.folder / "none.pem")
        self.assertEqual((missing.returncode, missing.stdout), (1, ""))
        self.assertIn(f'"{self.folder / "none.pem"}" cannot be used', missing.stderr)
        self.assertEqual(backend.stop(), 0)

    def test_at_sighup_the_next_handshake_has_the_new_certificate_and_what_runs_lives_on(self):
        backend = self.serve()
        context = ssl.create_default_context(cafile=self.certificate)
        kept = self.connect(backend, self.certificate)
        raw = socket.create_connection(("127.0.0.1", backend.port), timeout=PATIENCE_SECONDS)
        subscriber = Subscriber(context.wrap_socket(raw, server_hostname="127.0.0.1"))
        self.addCleanup(subscriber.socket.close)
        local_port = kept.sock.getsockname()[1]
        self.assertEqual(self.serial(backend), 1)
        certify(self.folder, "two", 2)
        self.replace("two")
        self.assertEqual(self.serial(backend), 1, "not before it is told")
        self.assertEqual(self.reload(backend)["event"], "tls_reloaded")
        self.assertEqual(self.serial(backend), 2)
        create = 'mutation { createPost(input: {id: "p1", title: "t", rating: 1, status: ACTIVE}) { id } }'
        self.assertEqual(self.ask(kept, create), {"createPost": {"id": "p1"}})
        self.assertEqual(kept.sock.getsockname()[1], local_port, "http.client would have connected anew")
        self.assertEqual(subscriber.next_id(), "p1")
        self.assertEqual(self.ask(self.connect(backend, self.certificate)), {"__typename": "Query"})
        self.assertEqual(backend.stop(), 0)

    def test_files_that_are_bad_at_sighup_are_logged_and_the_old_certificate_stays(self):
        backend = self.serve()
        kept = self.connect(backend, self.certificate)
        certify(self.folder, "two", 2)
        self.certificate.write_text("no certificate")
        logged = self.reload(backend)
        self.assertEqual((logged["event"], logged["level"]), ("tls_not_reloaded", "error"))
        self.assertIn(str(self.certificate), logged["reason"])
        self.assertEqual(self.serial(backend), 1)
        self.key.unlink()
        self.certificate.write_text((self.folder / "two.pem").read_text())
        self.assertIn(str(self.key), self.reload(backend)["reason"])
        self.assertEqual(self.serial(backend), 1)
        self.assertEqual(self.ask(kept), {"__typename": "Query"})
        self.replace("two")
        self.assertEqual(self.reload(backend)["event"], "tls_reloaded", "it can be mended")
        self.assertEqual(self.serial(backend), 2)
        self.assertEqual(backend.stop(), 0)

    def test_at_sighup_keys_that_have_ended_are_warned_of_again(self):
        backend = self.serve("--set", "api_keys.old.key=da2-old", "--set", "api_keys.old.expires=2020-01-01T00:00:00Z")
        self.reload(backend)
        warned = json.loads(backend.wait_for(lambda line: '"event":"api_key_' in line))
        self.assertEqual((warned["event"], warned["key"]), ("api_key_expired", "old"))
        self.assertEqual(backend.stop(), 0)

    def refusal(self, *options):
        """What a server that does not start says last, on standard error."""
        done = subprocess.run([BIN / "holdfast", "serve", "--schema", SCHEMA, "--memory", "--port", "0", *map(str, options)],
                              capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        self.assertEqual((done.returncode, "ready " in done.stdout), (1, False), done.stderr)
        return done.stderr.splitlines()[-1]

    def test_files_that_are_bad_at_the_start_end_it_with_path_and_remedy(self):
        certify(self.folder, "other", 9)
        none, bad, other = self.folder / "none.pem", self.folder / "bad.pem", self.folder / "other.key"
        bad.write_text("-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")
        one = self.certificate
        for certificate, key, named, remedy in (
                (none, self.key, f'certificate "{none}"', "must be a readable PEM file"),
                (bad, self.key, f'certificate "{bad}"', "must be a readable PEM file"),
                (one, none, f'key "{none}"', "must be a readable PEM file"),
                (one, bad, f'key "{bad}"', "must be a readable PEM file"),
                (one, other, f'key "{other}" is not that of the certificate "{one}"', "give the one that")):
            said = self.refusal("--tls-certificate", certificate, "--tls-key", key)
            self.assertIn(named, said)
            self.assertIn(remedy, said)
        self.assertIn("the key is not given: give both", self.refusal("--tls-certificate", one))
        self.assertIn("the certificate is not given: give both", self.refusal("--tls-key", self.key))

    def test_pull_names_https_as_it_is_reached(self):
        for options, url in (((), None), (("--public-url", "https://api.example.com/graphql"), "https://api.example.com/graphql")):
            backend = self.serve(*options)
            self.assertEqual(backend.stop(), 0)
            subprocess.run([BIN / "holdfast", "pull", "--schema", SCHEMA, "--data", self.folder / "data", "--api-key", "k", "--out",
                            self.folder / "out"], check=True, capture_output=True, timeout=PATIENCE_SECONDS)
            pulled = json.loads((self.folder / "out" / "amplify_outputs.json").read_text())
            self.assertEqual(pulled["data"]["url"], url or backend.endpoint)
            self.assertIn(url or backend.endpoint, (self.folder / "out" / "aws-exports.js").read_text())

    def function_at_https(self):
        """The address of a function behind the certificate."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"https://127.0.0.1:{server.server_address[1]}/call"

    def test_functions_at_https_are_called_when_they_are_trusted(self):
        schema = self.folder / "schema.graphql"
        schema.write_text('type Note @model { id: ID! } type Query { back(msg: String): String @function(name: "back") }')
        function = ("--function", f"back={self.function_at_https()}")
        trusting = self.serve(*function, schema=schema, env={**os.environ, "SSL_CERT_FILE": str(self.certificate)})
        self.assertEqual(self.ask(self.connect(trusting, self.certificate), '{ back(msg: "abc") }'), {"back": "cba"})
        self.assertEqual(trusting.stop(), 0)
        distrusting = self.serve(*function, schema=schema, env={**os.environ, "SSL_CERT_FILE": "/dev/null"})
        connection = self.connect(distrusting, self.certificate)
        connection.request("POST", "/graphql", json.dumps({"query": '{ back(msg: "abc") }'}), {"x-api-key": API_KEY})
        [error] = json.loads(connection.getresponse().read())["errors"]
        self.assertIn("The function back cannot be called", error["message"])
        self.assertIn("its certificate is not trusted", error["message"])
        self.assertEqual(distrusting.stop(), 0)

    def test_functions_at_other_addresses_are_refused_at_the_start(self):
        self.assertIn("The function f has an address that is neither http:// nor https://.", self.refusal("--function", "f=ftp://h/x"))
        self.assertIn("The function f has an address without a host.", self.refusal("--function", "f=https:///x"))


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
