"""The real programs as subprocesses, for tests: bounded in time, stopped by their pids."""

import atexit
import base64
import json
import pathlib
import queue
import signal
import struct
import subprocess
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCHEMA = ROOT / "tests" / "interop" / "schema.graphql"
API_KEY = "da2-programs"
PATIENCE_SECONDS = 60


def need(bin_folder, *names):
    """Ends the test at once when these programs are not in the folder."""
    for name in names:
        if not (bin_folder / name).exists():
            raise SystemExit(f"{bin_folder} has no {name}: build it first (--target {name})")


class Program:
    """A process whose standard output is read line by line. It does not outlive the test, however that ends: whoever
    runs the test would wait for the pipes that it holds."""

    def __init__(self, command, **process):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, bufsize=1, **process)
        atexit.register(self._end)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def next_line(self, patience=PATIENCE_SECONDS):
        """The next line; None when the program has closed its output."""
        try:
            return self.lines.get(timeout=patience)
        except queue.Empty:
            raise AssertionError(f"nothing was said in {patience} s") from None

    def wait_for(self, check):
        while (line := self.next_line()) is not None:
            if check(line):
                return line
        raise AssertionError("the program ended before it said what was waited for")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()

    def stop(self, patience=20):
        """SIGTERM; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the program did not stop on SIGTERM") from None
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()
        return code


class Backend(Program):
    def __init__(self, bin_folder, data, *options, schema=SCHEMA, port=0, **process):
        super().__init__([bin_folder / "holdfast", "serve", "--schema", schema, "--data", data, "--port", port,
                          "--api-key", API_KEY, *options], **process)
        self.endpoint = self.wait_for(lambda line: line.startswith("ready ")).split(" ", 1)[1]
        self.port = int(self.endpoint.rsplit(":", 1)[1].split("/")[0])

    def post(self, body, headers=None):
        """(status, headers, decoded body) of a POST of raw bytes."""
        request = urllib.request.Request(self.endpoint, data=body, method="POST", headers={
            "content-type": "application/json", **({"x-api-key": API_KEY} if headers is None else headers)})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as reply:
                return reply.status, reply.headers, json.loads(reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, json.loads(error.read())

    def query(self, document, variables=None):
        status, _, body = self.post(json.dumps({"query": document, "variables": variables or {}}).encode())
        assert status == 200, (status, body)
        return body


def all_items(ask, document):
    """The items of every page of a document's one field, which takes `$token`. `ask(document, variables)` gives the answer."""
    token, items = None, []
    while True:
        answer = ask(document, {"token": token})
        assert "errors" not in answer, answer
        [page] = answer["data"].values()
        items += page["items"]
        token = page["nextToken"]
        if token is None:
            return items


class Subscriber:
    """A WebSocket over a connected socket that hears of created posts, or of what another document says."""

    def __init__(self, connected, document="subscription { onCreatePost { id } }", is_started=True):
        header = base64.urlsafe_b64encode(json.dumps({"x-api-key": API_KEY}).encode()).decode().rstrip("=")
        self.socket = connected
        self.socket.sendall((f"GET /graphql/realtime HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                             f"Sec-WebSocket-Protocol: graphql-ws, header-{header}\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        while self.file.readline() not in (b"\r\n", b""):
            pass
        self.send({"type": "connection_init"})
        self.start("s", document)
        if is_started:
            self.next_message("start_ack")

    def start(self, name, document):
        self.send({"id": name, "type": "start", "payload": {
            "data": json.dumps({"query": document, "variables": {}}),
            "extensions": {"authorization": {"x-api-key": API_KEY}}}})

    def send(self, message):
        data = json.dumps(message).encode()
        size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0xFE]) + struct.pack(">H", len(data))
        self.socket.sendall(b"\x81" + size + bytes(4) + data)

    def frame(self):
        """(opcode, payload)"""
        head = self.file.read(2)
        size = head[1] & 127
        if size == 126:
            size = struct.unpack(">H", self.file.read(2))[0]
        return head[0] & 15, self.file.read(size)

    def next_message(self, *types):
        """The next one of these types."""
        while (message := json.loads(self.frame()[1]))["type"] not in types:
            pass
        return message

    def next_payload(self):
        """What it is told next."""
        return self.next_message("data")["payload"]

    def next_id(self):
        """The id of the next post that it is told of."""
        return self.next_payload()["data"]["onCreatePost"]["id"]

    def close_code(self):
        """Reads to the end: how many posts were told of, and the code of the close."""
        told = 0
        while True:
            opcode, payload = self.frame()
            if opcode == 8:
                return told, struct.unpack(">H", payload[:2])[0]
            told += b'"data"' in payload


class Device(Program):
    def __init__(self, bin_folder, path, endpoint=None, schema=SCHEMA):
        sync = ["--endpoint", endpoint, "--key", API_KEY] if endpoint else []
        super().__init__([bin_folder / "test_device", "--schema", schema, "--path", path, "--quiet", *sync])
        self.count = 0

    def tell(self, command):
        """Sends a command without waiting; returns its number."""
        self.count += 1
        self.process.stdin.write(json.dumps({**command, "n": self.count}) + "\n")
        self.process.stdin.flush()
        return self.count

    def ask(self, command):
        number = self.tell(command)
        answer = json.loads(self.wait_for(lambda line: json.loads(line).get("n") == number))
        assert "error" not in answer, answer
        return answer["ok"]

    def wait_until_sent(self):
        end = time.monotonic() + PATIENCE_SECONDS
        while self.ask({"do": "pending"}) != 0:
            assert time.monotonic() < end, "the outbox did not empty"
            time.sleep(0.02)
