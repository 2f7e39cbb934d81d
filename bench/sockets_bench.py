#!/usr/bin/env python3
"""The memory of idle sockets: opens SOCKETS connections with 27 subscriptions each, as a DataStore app of nine models
does, and prints what the backend's process holds. Usage: sockets_bench.py HOLDFAST [SOCKETS]."""

import json
import pathlib
import re
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile

MODELS = 9
GOAL_MIB = 2000
LATER = 50  # Sockets opened before one is waited for.
FIELDS = ["id: ID!", "title: String!", "text: String", "rating: Int", "weight: Float", "isOpen: Boolean", "day: AWSDate",
          "tags: [String]"]
SELECTION = "id title text rating weight isOpen day tags createdAt updatedAt _version _lastChangedAt _deleted"


def masked(message):
    data = json.dumps(message).encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0xFE]) + struct.pack(">H", len(data))
    return b"\x81" + size + bytes(4) + data


def starts():
    """The frames that DataStore sends after the handshake."""
    frames = masked({"type": "connection_init"})
    for model in range(MODELS):
        for at, kind in enumerate(["Create", "Update", "Delete"]):
            query = f"subscription operation {{ on{kind}M{model} {{ {SELECTION} }} }}"
            frames += masked({"id": f"0f8fad5b-d9cb-469f-a165-7086772{model:02d}{at:03d}", "type": "start",
                              "payload": {"data": json.dumps({"query": query, "variables": {}}),
                                          "extensions": {"authorization": {"x-api-key": "da2-bench"}}}})
    return frames


def connected(port, words):
    made = socket.create_connection(("127.0.0.1", port), timeout=60)
    made.sendall(b"GET /graphql/realtime?header=eyJ4LWFwaS1rZXkiOiJkYTItYmVuY2gifQ== HTTP/1.1\r\nHost: h\r\n"
                 b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                 b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-ws\r\n\r\n")
    read_until(made, lambda received: b"\r\n\r\n" in received)  # No frame may leave before the handshake is answered.
    made.sendall(words)
    return made


def read_until(made, is_enough):
    received = b""
    while not is_enough(received):
        piece = made.recv(65536)
        if not piece:
            sys.exit("sockets_bench: the backend closed a socket")
        received += piece


def wait_for_acks(made):
    read_until(made, lambda received: received.count(b"start_ack") >= 3 * MODELS)


def resident_mib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # The backend inherits it.
    with tempfile.TemporaryDirectory() as folder:
        schema = pathlib.Path(folder) / "schema.graphql"
        schema.write_text("\n".join(f"type M{model} @model {{ {' '.join(FIELDS)} }}" for model in range(MODELS)))
        backend = subprocess.Popen([program, "serve", "--schema", schema, "--memory", "--port", "0", "--api-key", "da2-bench",
                                    "--limits-connections", str(count + 100)], stdout=subprocess.PIPE, text=True)
        try:
            line = next(line for line in backend.stdout if line.startswith("ready "))
            port = int(line.rsplit(":", 1)[1].split("/")[0])
            empty = resident_mib(backend.pid)
            words, sockets = starts(), []
            for _ in range(count):
                sockets.append(connected(port, words))
                if len(sockets) > LATER:
                    wait_for_acks(sockets[-LATER - 1])  # Others are on their way meanwhile.
            for made in sockets[-LATER:]:
                wait_for_acks(made)
            full = resident_mib(backend.pid)
        finally:
            backend.send_signal(signal.SIGKILL)
            backend.wait()
    print(f"| {count} idle sockets with {3 * MODELS} subscriptions each | {full:.0f} MiB | aim: under {GOAL_MIB} MiB | "
          f"{(full - empty) * 1024 / count:.1f} KiB a socket | |")


if __name__ == "__main__":
    main()
