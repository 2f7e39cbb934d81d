"""What systemd's socket activation does: keeps a listening socket, runs `holdfast serve` on it, and starts it anew on every
line of standard input. The end of the input ends both. supervisor.py PROGRAM ARGUMENTS…"""

import os
import socket
import subprocess
import sys

listener = socket.create_server(("127.0.0.1", 0))


def start():
    return subprocess.Popen(["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", *sys.argv[1:]], close_fds=False,
                            stdin=subprocess.DEVNULL, preexec_fn=lambda: os.set_inheritable(os.dup2(listener.fileno(), 3), True))


server = start()
for _ in sys.stdin:
    server.terminate()
    server.wait(30)
    server = start()
server.terminate()
sys.exit(server.wait(30))
