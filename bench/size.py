#!/usr/bin/env python3
"""What a client weighs: builds bench/size with the settings of cmake/small.cmake and prints a line of bench/RESULTS.md.
Limit: 1.5 MB with SQLite and without TLS. The method: the program is linked statically with Holdfast and SQLite and
stripped, and its code and initialised data are counted, unwind tables and relocations included (`text` and `data` of
size(1)). simdjson stays a shared library, as Debian has it; so do the C and C++ runtimes.

size.py PROGRAM FOLDER [SQLITE]: the `holdfast` that makes the models, a folder to build in, and one with SQLite's
amalgamation (bench/run.sh fetches one). Without it Debian's libsqlite3.a, which has all its extensions and is built for
speed, is weighed."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIMIT_BYTES = 1_500_000
LARGEST = 12


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout


def build(program, folder, sqlite):
    settings = ["-C", ROOT / "cmake" / "small.cmake", f"-DHOLDFAST_PROGRAM={program}", "-DHOLDFAST_TLS=OFF"]
    if sqlite:
        settings.append(f"-DSQLITE_SOURCE={sqlite}")
    else:
        settings.append("-DSQLite3_LIBRARY=" + run("g++", "-print-file-name=libsqlite3.a").strip())
    run("cmake", "-G", "Ninja", "-S", ROOT / "bench" / "size", "-B", folder, *settings)
    run("cmake", "--build", folder, "--target", "client", "-j2")


def bytes_of(binary):
    """Code and initialised data, which is what is loaded and shipped."""
    text, data = run("size", binary).splitlines()[1].split()[:2]
    return int(text) + int(data)


def main():
    program, folder = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    sqlite = pathlib.Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else None
    build(program, folder, sqlite)
    [binary] = [path for path in (folder / "client", folder / "bin" / "client") if path.is_file()]
    for line in run("nm", "--size-sort", "--reverse-sort", "--demangle", "--print-size", "--radix=d", binary).splitlines()[:LARGEST]:
        print(re.sub(r"^\d+ 0*(\d+) .", r"  \1", line)[:110], file=sys.stderr)
    stripped = folder / "client-stripped"
    run("strip", "-o", stripped, binary)
    weight = bytes_of(stripped)
    kind = "tuned" if sqlite else "Debian's"
    print(f"| a stripped client with {kind} SQLite, without TLS | {weight / 1e6:.2f} MB | aim: at most {LIMIT_BYTES / 1e6} MB | "
          f"linked against {', '.join(re.findall(r'NEEDED +lib([a-z+]+)', run('objdump', '-p', binary)))} | |")


main()
