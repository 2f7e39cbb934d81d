#!/usr/bin/env python3
"""Starts each server of bench/peers in turn and measures the backend beside it: peers.py PEERS_BENCH FOLDER. Theirs keep
records in memory, ours on disk; `npm ci` brings them."""

import pathlib
import signal
import subprocess
import sys

PEERS = pathlib.Path(__file__).resolve().parent / "peers"
NAMES = {"mercurius": "npm `mercurius`, compiled, records in memory",
         "simulator": "the AppSync simulator, `dynalite` in memory behind it"}
# How many times the least number of requests a turn has: turns of both take tenths of a second at least.
TIMES = {"mercurius": 5, "simulator": 1}


def main():
    bench, folder = sys.argv[1:3]
    for peer, name in NAMES.items():
        subprocess.run(["npm", "ci", "--prefix", PEERS / peer, "--no-audit", "--no-fund", "--loglevel=error"], check=True,
                       stdout=subprocess.DEVNULL)
        server = subprocess.Popen(["node", PEERS / peer / "index.js"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            line = next(line for line in server.stdout if line.startswith("ready "))
            subprocess.run([bench, folder, name, line.split()[1], str(TIMES[peer])], check=True)
        finally:
            server.send_signal(signal.SIGKILL)
            server.wait()


if __name__ == "__main__":
    main()
