#!/usr/bin/env python3
"""A program in C syncs with `holdfast serve`: what the other client writes arrives, a conflict and a refusal are told.
Usage: syncing_test.py BIN_FOLDER SCHEMA_JSON"""

import json
import pathlib
import socket
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "program"))
from programs import API_KEY, Backend, Program  # noqa: E402

BIN = pathlib.Path(sys.argv[1]).resolve()
SCHEMA = pathlib.Path(__file__).resolve().parent / "schema.graphql"


class Rival:
    """Stands between a device and the backend, and writes just before each of the device's updates."""

    def __init__(self, backend):
        self.backend = backend
        self.count = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.listener.getsockname()[1]}/graphql"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.backend.port))
            for taker, giver, watch in ((near, far, self._write_first), (far, near, lambda bytes_: None)):
                threading.Thread(target=self._pass_on, args=(taker, giver, watch), daemon=True).start()

    @staticmethod
    def _pass_on(taker, giver, watch):
        try:
            while bytes_ := taker.recv(65536):
                watch(bytes_)
                giver.sendall(bytes_)
            giver.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _write_first(self, bytes_):
        # The second sending of an update is the device's answer to a conflict, and the last.
        if b"updatePost" not in bytes_ or b"\"rating\":8" in bytes_ and self.count == 2:
            return
        self.count += 1
        version = self.backend.query('{getPost(id:"s1"){_version}}')["data"]["getPost"]["_version"]
        done = self.backend.query(f'mutation{{updatePost(input:{{id:"s1",title:"rival {self.count}",_version:{version}}}){{id}}}}')
        assert "errors" not in done, done

    def close(self):
        self.listener.close()


def conflicts_and_changes(folder):
    backend = Backend(BIN, folder / "backend.db", "--conflict", "optimistic", schema=SCHEMA)
    rival = Rival(backend)
    program = Program([BIN / "capi_sync_test", sys.argv[2], rival.endpoint, API_KEY])
    try:
        assert program.next_line() == "saved"
        done = backend.query('mutation{createPost(input:{id:"s2",title:"from elsewhere",rating:2}){id}}')
        assert "errors" not in done, done
        assert program.next_line() == "heard"
        assert program.next_line() == "settled"
        assert program.process.wait(timeout=20) == 0
        kept = backend.query('{getPost(id:"s1"){title rating}}')["data"]["getPost"]
        assert kept == {"title": "rival 2", "rating": 8}, kept
    finally:
        program.kill()
        rival.close()
        backend.stop()


def a_refusal(folder):
    backend = Backend(BIN, folder / "refusing.db", schema=SCHEMA)
    program = Program([BIN / "capi_sync_test", sys.argv[2], backend.endpoint, "wrong"])
    try:
        told = json.loads(program.next_line())
        assert program.process.wait(timeout=20) == 0
        assert "message" in told and "code" in told, told
    finally:
        program.kill()
        backend.stop()


def a_part(folder):
    """S34, S35 in C, and hf_verify()."""
    backend = Backend(BIN, folder / "part.db", schema=SCHEMA)
    for key, rating in (("low", 1), ("high", 9)):
        done = backend.query(f'mutation{{createPost(input:{{id:"{key}",title:"{key}",rating:{rating}}}){{id}}}}')
        assert "errors" not in done, done
    program = Program([BIN / "capi_sync_test", sys.argv[2], backend.endpoint, API_KEY, "keep"])
    try:
        assert program.next_line() == "kept"
        done = backend.query('mutation{updatePost(input:{id:"low",rating:7,_version:1}){id}}')
        assert "errors" not in done, done
        assert program.next_line() == "done"
        assert program.process.wait(timeout=20) == 0
    finally:
        program.kill()
        backend.stop()


with tempfile.TemporaryDirectory(prefix="holdfast-c-sync-") as made:
    conflicts_and_changes(pathlib.Path(made))
    a_refusal(pathlib.Path(made))
    a_part(pathlib.Path(made))
print("sync in C does what its header says")
