#!/usr/bin/env python3
"""Accounts for every client behaviour of the specification (spec/behaviours.md beside the repository): which test cites
its id, or why it does not apply, or that it is open. Writes docs/behaviours.md; with --check only compares.

Likewise for every upstream defect that must not be here: the last column of docs/upstream-defects.md names the tests that
cite `defect-N`, and the scenarios with N among their "defects". One that nothing cites is an error.

A test cites an id in the comment above it (C++, Python, JavaScript), in the name of a row of a table of tests
(`{"P04_eq_of_a_string", ...}`, several ids side by side), or in a scenario's "behaviours". Behaviours that do not apply
stand in docs/behaviours-exempt.txt with their reason, one `ID reason` a line; those of the sections LOCAL that are still
open stand in docs/behaviours-open.txt with what is missing, so that none comes open again unnoticed."""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "behaviours.md"
DEFECTS = ROOT / "docs" / "upstream-defects.md"
EXEMPT = ROOT / "docs" / "behaviours-exempt.txt"
OPEN = ROOT / "docs" / "behaviours-open.txt"
# What a device does by itself. The other sections are about syncing and authorization: counted, but not yet closed.
LOCAL = {"V", "T", "P", "Q", "R", "D", "G", "ST", "OB", "OQ", "L", "H"}
ID = r"[A-Z]{1,2}[0-9]{2}[a-z]?"
DEFECT = r"defect-[0-9]+"
DEFECT_ROW = re.compile(r"\| ([0-9]+) \| (.+?) \| (.+?) \| .* \|")
DEFECT_COUNT = 23  # Of the specification, datastore-api.md section 6.
ROW = re.compile(rf'\{{"((?:{ID}_)+\w+)"')
TEST_NAME = re.compile(r'^(?:TEST(?:_[FP])?\((\w+), (\w+)\)|\s*def (test_\w+)|void (test_\w+)\(void\) \{$|\s*(?:test|it)\(["\'`](.+?)["\'`],)')


def specification():
    """The lines of the specification; of our own table when the folder is not there: it has every id."""
    for above in (ROOT.parent, ROOT.parent.parent):
        path = above / "shared" / "spec" / "behaviours.md"
        if path.is_file():
            return path.read_text().splitlines()
    row = re.compile(rf"\| ({ID}) \| (.*?) \| .*")
    return [row.sub(r"\1 \2", line).replace("\\|", "|") for line in TABLE.read_text().splitlines()]


def read_sections():
    """[(title, [(id, text)])], in the order of the specification."""
    sections = []
    for line in specification():
        if line.startswith("## "):
            sections.append((line[3:], []))
        found = re.match(rf"({ID}) (.*)", line)
        if found and sections:
            sections[-1][1].append(found.groups())
    return [section for section in sections if section[1]]


def test_files():
    patterns = ("src/**/*_test.cc", "tests/**/*_test.cc", "tests/**/*_test.py", "tests/**/*.test.js", "tests/compile_fail/*.cc",
                "tests/capi/*.c")
    for pattern in patterns:
        yield from (path for path in sorted(ROOT.glob(pattern)) if "node_modules" not in path.parts)


def citations(known):
    """{id: [where]}: `path: Test.Name`, or the path of a scenario."""
    cited = {}

    def cite(text, where):
        for found in re.findall(rf"\b(?:{ID}|{DEFECT})\b", text):
            if found not in known:
                sys.exit(f"{where}: there is no behaviour {found}" if found[0].isupper() else f"{where}: there is no {found}")
            if where not in cited.setdefault(found, []):
                cited[found].append(where)

    for path in test_files():
        waiting = ""
        for line in path.read_text().splitlines():
            name = TEST_NAME.match(line)
            if re.match(r"\s*(//|#|/\*)", line):
                waiting += line + " "
                continue
            for row in ROW.findall(line):
                cite(f'{waiting} {row.replace("_", " ")}', f"{path.relative_to(ROOT).as_posix()}: {row}")
            if name:
                title = ".".join(part for part in name.groups() if part)
                cite(waiting, f"{path.relative_to(ROOT).as_posix()}: {title}")
                waiting = ""
            elif path.parent.name == "compile_fail" and waiting:
                cite(waiting, path.relative_to(ROOT).as_posix())
                waiting = ""
            else:
                waiting = ""
    for path in sorted(ROOT.glob("tests/spec/scenarios/*.json")):
        scenario = json.loads(path.read_text())
        ids = scenario.get("behaviours", []) + [f"defect-{number}" for number in scenario.get("defects", [])]
        cite(" ".join(ids), path.relative_to(ROOT).as_posix())
    return cited


def read_reasons(path, known, cited):
    """{id: reason} of a file with one `ID reason` a line; an id that a test cites has no place there."""
    reasons = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        found = re.match(rf"({ID}) (\S.*)", line)
        if not found or found[1] not in known or found[1] in reasons:
            sys.exit(f"{path.name}:{number}: write a known id, once, and the reason")
        if found[1] in cited:
            sys.exit(f"{path.name}:{number}: {found[1]} is tested by {cited[found[1]][0]}; remove the line or the citation")
        reasons[found[1]] = found[2]
    return reasons


def check_open(is_open, missing, exempt):
    both = sorted(set(missing) & set(exempt))
    if both:
        sys.exit(f"{OPEN.name}: {', '.join(both)} cannot be open and not applicable")
    local = {one for one in is_open if one.rstrip("0123456789abc") in LOCAL}
    unsaid = sorted(local - set(missing))
    if unsaid:
        sys.exit(f"behaviours: no test cites {', '.join(unsaid)} any more, and neither {EXEMPT.name} nor {OPEN.name} says why")


def shown(where):
    return "; ".join(f"`{one}`" for one in where[:2]) + (f" and {len(where) - 2} more" if len(where) > 2 else "")


def defects(cited):
    """The page of upstream's defects with its last column filled in. Under its first heading each needs a scenario."""
    lines, numbers, headings = [], [], 0
    for line in DEFECTS.read_text().splitlines():
        headings += line.startswith("## ")
        if row := DEFECT_ROW.fullmatch(line):
            number, theirs, ours = row.groups()
            where = sorted(cited.get(f"defect-{number}", []), key=lambda one: not one.endswith(".json"))
            if not where or (headings == 1 and not where[0].endswith(".json")):
                sys.exit(f"{DEFECTS.name}: no {'scenario' if headings == 1 else 'test'} shows defect {number}")
            numbers.append(int(number))
            line = f"| {number} | {theirs} | {ours} | {'; '.join(f'`{one}`' for one in where)} |"
        lines.append(line)
    if sorted(numbers) != list(range(1, DEFECT_COUNT + 1)):
        sys.exit(f"{DEFECTS.name}: each of the defects 1 to {DEFECT_COUNT} has one row")
    return "\n".join(lines) + "\n"


def table(sections, known, cited):
    exempt = read_reasons(EXEMPT, known, cited)
    missing = read_reasons(OPEN, known, cited)
    is_open = known - set(cited) - set(exempt)
    check_open(is_open, missing, exempt)

    def state_of(one):
        if one in cited:
            return shown(cited[one])
        if one in exempt:
            return f"not applicable: {exempt[one]}"
        return f"**open**: {missing[one]}" if one in missing else "**open**"

    out = ["# Behaviours of the published clients, and where ours are tested", "",
           "Generated by `tools/behaviours.py`; a test compares it. The ids are those of the specification.", "",
           f"{len(known)} behaviours: {len(cited)} tested, {len(exempt)} not applicable, {len(is_open)} open.", "",
           "What a platform's own API, language or storage makes impossible here does not apply; the reason is said. An open one",
           "says what is missing where it is a device's own; the rest belongs to syncing and authorization. What the clients do",
           "wrong stands in [upstream-defects.md](upstream-defects.md).", ""]
    for title, rows in sections:
        out += [f"## {title}", "", "| id | behaviour | here |", "|---|---|---|"]
        for one, text in rows:
            text = text.replace("|", "\\|")
            text = text if len(text) <= 110 else text[:107].rsplit(" ", 1)[0] + " …"
            out.append(f"| {one} | {text} | {state_of(one)} |")
        out.append("")
    return "\n".join(out)


def main():
    sections = read_sections()
    known = {one for _, rows in sections for one, _ in rows}
    every = citations(known | {f"defect-{number}" for number in range(1, DEFECT_COUNT + 1)})
    behaviours = {one: where for one, where in every.items() if one in known}
    texts = {TABLE: table(sections, known, behaviours), DEFECTS: defects(every)}
    for path, text in texts.items():
        if "--check" not in sys.argv[1:]:
            path.write_text(text)
            print(f"{path.relative_to(ROOT)} is written")
        elif not path.is_file() or path.read_text() != text:
            sys.exit(f"{path.relative_to(ROOT)} is not what the tests say: run tools/behaviours.py and commit it")
    print("behaviours: " + texts[TABLE].splitlines()[4])


main()
