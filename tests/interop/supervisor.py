"""What systemd's socket activation does: keeps a listening socket, runs `holdfast serve` on it, and starts it anew on every
line of standard input. The end of the input ends both. supervisor.py PROGRAM ARGUMENTS…"""

import ctypes
import os
import signal
import socket
import subprocess
import sys

listener = socket.create_server(("127.0.0.1", 0))
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def make_ready():
    """In the child: the socket, and the end when the supervisor is killed, as an aborted test does."""
    os.set_inheritable(os.dup2(listener.fileno(), 3), True)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start():
    return subprocess.Popen(["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", *sys.argv[1:]], close_fds=False,
                            stdin=subprocess.DEVNULL, preexec_fn=make_ready)


server = start()
for _ in sys.stdin:
    server.terminate()
    server.wait(30)
    server = start()
server.terminate()
sys.exit(server.wait(30))
