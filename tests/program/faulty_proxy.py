"""A TCP proxy on loopback that does to connections what bad networks do: it delays, throttles, cuts, truncates, and leaves
them open on one side only. The seed decides what happens to which connection."""

import random
import socket
import threading
import time

FAULTS = ("none", "delay", "throttle", "cut", "truncate", "half_open")
CHUNK = 4096


class FaultyProxy:
    """Listens on a free port at once; `heal()` ends every fault and every connection that had one."""

    def __init__(self, target_port, seed):
        self.target_port = target_port
        self.random = random.Random(seed)
        self.is_healed = False
        self.met = dict.fromkeys(FAULTS, 0)
        self.lock = threading.Lock()
        self.open = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def heal(self):
        with self.lock:
            self.is_healed = True
            connections = list(self.open)
        for one in connections:
            _close(one)

    def close(self):
        _close(self.listener)
        self.heal()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target_port))
            except OSError:
                client.close()
                continue
            with self.lock:
                fault = "none" if self.is_healed else self.random.choice(FAULTS)
                plan = random.Random(self.random.getrandbits(64))
                self.met[fault] += 1
                self.open |= {client, server}
            # One of the two directions has the fault.
            sick = plan.choice(("up", "down"))
            for way, source, sink in (("up", client, server), ("down", server, client)):
                pipe = Pipe(fault if way == sick else "none", random.Random(plan.getrandbits(64)), source, sink)
                threading.Thread(target=self._run, args=(pipe,), daemon=True).start()

    def _run(self, pipe):
        pipe.run()
        with self.lock:
            self.open -= {pipe.source, pipe.sink}


class Pipe:
    """One direction of a connection."""

    def __init__(self, fault, plan, source, sink):
        self.fault, self.plan, self.source, self.sink = fault, plan, source, sink
        self.left = plan.randint(1, 20_000)  # Bytes until it is cut, truncated or goes silent.
        self.is_silent = False

    def run(self):
        try:
            while data := self.source.recv(CHUNK):
                self._pass(data)
        except OSError:
            pass
        _close(self.source)
        _close(self.sink)

    def _pass(self, data):
        if self.fault == "delay":
            time.sleep(self.plan.uniform(0, 0.3))  # The fault itself, not a wait for somebody.
        if self.fault == "throttle":
            time.sleep(len(data) / self.plan.uniform(5_000, 50_000))
        if self.fault in ("cut", "truncate", "half_open"):
            self.left -= len(data)
        if self.left > 0:
            return self.sink.sendall(data)
        if self.fault == "half_open":
            return  # Whatever comes from now on is swallowed; both sockets stay open.
        if self.fault == "truncate":
            self.sink.sendall(data[:self.plan.randrange(len(data))])
        raise OSError(self.fault)


def _close(connected):
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connected.close()
