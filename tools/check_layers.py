#!/usr/bin/env python3
"""Checks who includes whom, as DESIGN part two section 2 allows it. Prints each breach as file:line; exits 1 if any."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

ALLOWED = {
    "base": set(),
    "graphql": {"base"},
    "model": {"base"},
    "schema": {"base", "graphql", "model"},
    "api": {"base", "graphql", "model", "schema"},
    "protocol": {"base", "model"},
    "sqlite": {"base"},
    "client": {"base", "model", "protocol"},
    "server": {"base", "graphql", "model", "schema", "api", "protocol"},
    "net": {"base"},
    "codegen": {"base", "graphql", "model", "schema", "api"},
    "capi": {"base", "model"},
}

# Folders or files that may include more than their room: (prefix, rooms). docs/decisions/0001 gives the reasons.
EXCEPTIONS = [
    ("src/client/storage/sqlite/", {"sqlite"}),
    ("src/server/store/sqlite/", {"sqlite"}),
    ("src/client/open.cc", {"sqlite", "net"}),
]

# Third-party headers and the only places that may include them.
STRANGERS = {
    r"boost/beast": ["src/net/", "bench/"],
    r"boost/asio": ["src/net/", "examples/asio/", "bench/"],
    r"boost/": ["src/net/", "src/base/", "bench/"],
    r"openssl/": ["src/base/", "src/net/"],
    r"simdjson": ["src/base/", "src/protocol/", "bench/"],
    r"sqlite3\.h": ["src/sqlite/", "bench/", "tests/"],
    r"toml\+\+/": ["apps/"],
    r"expat\.h": ["src/server/resolve/"],
    r"CLI/": ["apps/", "bench/", "tests/"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def sources():
    for folder in ("include", "src", "apps", "examples", "tests", "bench", "fuzz"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".h", ".cc") and "testdata" not in path.parts and "node_modules" not in path.parts:
                yield path


def breaches_of(path):
    name = path.relative_to(ROOT).as_posix()
    room = name.split("/")[1] if name.startswith("src/") else None
    extra = set().union(*(rooms for prefix, rooms in EXCEPTIONS if name.startswith(prefix)))
    # A unit test may stand on any room below the one it tests; it must not reach up.
    is_test = name.endswith(("_test.cc", "/testing.h"))
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, target = match.groups()
        where = f"{name}:{number}"
        if target.startswith("."):
            yield f"{where}: relative include {target}; write paths from a root"
        for pattern, homes in STRANGERS.items():
            if re.match(pattern, target):
                if not name.startswith(tuple(homes)):
                    yield f"{where}: {target} may be included only in {', '.join(homes)}"
                break
        first = target.split("/")[0]
        if name.startswith("include/") and quote == '"' and first != "holdfast":
            yield f"{where}: a public header includes {target}"
        if room and quote == '"' and first in ALLOWED and first != room and not is_test:
            if first not in ALLOWED[room] | extra:
                yield f"{where}: {room} may not include {first} ({target})"
        if room and is_test and {room, first} == {"client", "server"}:
            yield f"{where}: client and server never meet in a unit test"


def main():
    breaches = [breach for path in sources() for breach in breaches_of(path)]
    print("\n".join(breaches) or "layers: every include is allowed")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
