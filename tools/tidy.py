#!/usr/bin/env python3
"""Tests the house rules that a compiler does not. Prints each breach and the size distributions; exits 1 on a breach."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

HEADER_LINES_MAX = 400
SOURCE_LINES_MAX = 800
FUNCTION_LINES_MAX = 70

# Words that must not appear in rooms that are passive: the world comes in through ports.
PASSIVE_ROOMS = ("model", "schema", "graphql", "protocol", "client", "server", "codegen")
PASSIVE_WORDS = [
    (r"std::thread\b|std::jthread\b", "no threads here; net owns them"),
    (r"\bsleep(_for|_until)?\s*\(", "no sleeping here"),
    (r"_clock::now\s*\(", "take the time from Clock"),
    (r"std::random_device|\brand\s*\(\)|mt19937", "take randomness from Random"),
    (r"\bgetenv\s*\(", "configuration is passed in"),
    (r"std::(cout|cerr)\b", "write to Log"),
]
EVERYWHERE_WORDS = [
    (r"\b(FIXME|XXX|HACK)\b", "say it in an issue"),
    (r"\bTODO\b(?!\(\d+\))", "TODO needs an issue number"),
    (r"#include\s+\"\.\.", "paths are written from a root"),
]
BAD_NAMES = re.compile(r"(^|_)(manager|helper|helpers|util|utils|data|info|processor|impl|common|misc)(_|\.|$)")
FUNCTION_START = re.compile(r"^(?!\s|namespace\b|struct\b|class\b|enum\b|union\b|#|//|using\b|typedef\b|extern\b|constexpr std::array|const\b.*=)[^;=]*\)[^;]*\{\s*$")


def tracked(*patterns):
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT, capture_output=True,
                         text=True, check=True).stdout.split("\n")
    return [ROOT / line for line in out if line and (ROOT / line).is_file()]


def is_ours(path):
    return "testdata" not in path.parts and "node_modules" not in path.parts


def function_sizes(lines):
    """Lines of each function whose body starts at column 0, which clang-format gives for all but inline members."""
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and FUNCTION_START.match(line):
            start = number
        elif start is not None and line.startswith("}"):
            yield start, number - start + 1
            start = None


def check_words(name, lines, is_test):
    room = name.split("/")[1] if name.startswith("src/") else ""
    words = list(EVERYWHERE_WORDS)
    if room in PASSIVE_ROOMS and not is_test:
        words += PASSIVE_WORDS
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0] if "://" not in line else line
        for pattern, reason in words:
            if re.search(pattern, code if pattern != EVERYWHERE_WORDS[1][0] else line):
                yield f"{name}:{number}: {line.strip()[:60]}: {reason}"
        if re.search(r"std::shared_ptr<.*>\s+\w+_;", code) and room in ("client", "server") and not is_test:
            near = "\n".join(lines[max(0, number - 4):number + 1])
            if "//" not in near:
                yield f"{name}:{number}: shared_ptr without its reason in a comment beside it"
        if "co_await" in code and re.search(r"\{\s*\.", code):
            yield f"{name}:{number}: an aggregate beside co_await; GCC 12 destroys it twice"


def check_source(path, functions):
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text()
    lines = text.splitlines()
    is_test = name.endswith(("_test.cc", "testing.h")) or name.startswith(("tests/", "bench/", "fuzz/"))
    limit = HEADER_LINES_MAX if path.suffix == ".h" else SOURCE_LINES_MAX
    if len(lines) > limit:
        yield f"{name}: {len(lines)} lines; at most {limit}"
    if path.suffix == ".h" and "#pragma once" not in text:
        yield f"{name}: no #pragma once"
    if BAD_NAMES.search(path.name):
        yield f"{name}: a name that says nothing"
    for start, size in function_sizes(lines):
        functions.append(size)
        if size > FUNCTION_LINES_MAX:
            yield f"{name}:{start}: a function of {size} lines; at most {FUNCTION_LINES_MAX}"
    yield from check_words(name, lines, is_test)


def listed_files():
    text = "\n".join(path.read_text() for path in tracked("*CMakeLists.txt", "*.cmake"))
    made = {f"{word}.cc" for word in re.findall(r"\w+_bench\b", text)}
    made |= {f"{word}_fuzz.cc" for word in re.findall(r"holdfast_fuzz\((\w+)", text)}
    return set(re.findall(r"[\w./-]+\.cc\b", text)) | made


def check_dead_files(sources):
    listed = {pathlib.PurePosixPath(entry).name for entry in listed_files()}
    for path in sources:
        is_globbed = path.parent.name == "compile_fail"
        if path.suffix == ".cc" and path.name not in listed and not is_globbed:
            yield f"{path.relative_to(ROOT)}: no CMake list names it"


def check_architecture():
    """Every file that the walk names is there: under src/, or from the root."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    for name in sorted(set(re.findall(r"`([a-z_]+(?:/[a-z_]+)+\.(?:h|cc|py))`", text))):
        if not (ROOT / name).is_file() and not (ROOT / "src" / name).is_file():
            yield f"ARCHITECTURE.md: names {name}, which is not there"


def check_changelog():
    text = (ROOT / "CHANGELOG.md").read_text()
    if not re.search(r"^## (Unreleased|\d+\.\d+\.\d+)", text, re.M):
        yield "CHANGELOG.md: needs a section `## Unreleased` or a version"


def check_blobs():
    for path in tracked():
        if path.stat().st_size > 1_000_000:
            yield f"{path.relative_to(ROOT)}: larger than 1 MB"


def distribution(title, values):
    values = sorted(values)
    at = lambda share: values[min(len(values) - 1, int(len(values) * share))] if values else 0
    print(f"{title}: {len(values)}, median {at(0.5)}, p90 {at(0.9)}, p99 {at(0.99)}, max {at(1)}")


def main():
    sources = [path for path in tracked("*.h", "*.cc") if is_ours(path)]
    functions = []
    breaches = [breach for path in sources for breach in check_source(path, functions)]
    breaches += [*check_dead_files(sources), *check_architecture(), *check_changelog(), *check_blobs()]
    distribution("lines a file", [len(path.read_text().splitlines()) for path in sources])
    distribution("lines a function", functions)
    print("\n".join(breaches) or "tidy: the house is in order")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
