#!/usr/bin/env python3
"""Every diagnostic has a test: lists what the readers and generators say of a schema (messages, remedies, notices: each
text of theirs that reads as prose), and fails when no test holds it. Texts are compared in pieces, as they stand in the
source between the names that are put in. With --list it prints them all."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAYS = ("src/schema/*.cc", "src/graphql/lexer*.cc", "src/graphql/parse*.cc", "src/graphql/type_system*.cc",
        "src/codegen/metadata*.cc", "src/codegen/conversation.cc")
TESTS = ("src/**/*_test.cc", "src/*/testdata/**/*.json", "tests/**/*_test.py", "tests/parity/*.js")
# Not said of a schema: words of English plurals, definitions that are parsed, and reports of changes (compare_test.cc).
SILENT = re.compile(r"plural\.cc|/directives\.cc|compare\w*\.cc|_test\.cc")
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
COMMENTS = re.compile(rf"({LITERAL}|'(?:[^'\\]|\\.)')|//[^\n]*|/\*.*?\*/", re.DOTALL)
WORDS_MIN = 3


def plain(literals):
    return "".join(re.sub(r"\\(.)", r"\1", part[1:-1]) for part in re.findall(LITERAL, literals))


def source_texts():
    """(path, line, text) of each piece of prose, adjacent literals joined."""
    for pattern in SAYS:
        for path in sorted(ROOT.glob(pattern)):
            if SILENT.search(str(path)):
                continue
            source = COMMENTS.sub(lambda found: found.group(1) or "", path.read_text())
            for found in re.finditer(rf"{LITERAL}(?:\s*{LITERAL})*", source):
                text = plain(found.group(0)).strip()
                before = source[:found.start()]
                is_ours = before.rstrip().endswith(("HOLDFAST_ASSERT(", "#include")) or "ASSERT" in before.split(";")[-1]
                if len(re.findall(r"[A-Za-z]{2,}", text)) >= WORDS_MIN and not is_ours:
                    yield path.relative_to(ROOT), text


def tested_text():
    parts = []
    for pattern in TESTS:
        for path in ROOT.glob(pattern):
            if "node_modules" not in path.parts:
                text = path.read_text(errors="replace").replace('\\"', '"').replace("\\\\", "\\")
                parts.append(re.sub(r'"\s*\n\s*"', "", text))
    # What the published transformers were recorded to say is compared word for word by problems_test.cc.
    for above in (ROOT.parent, ROOT.parent.parent):
        recorded = above / "shared" / "golden" / "transformer" / "errors.json"
        if recorded.is_file():
            parts.append(recorded.read_text().replace('\\"', '"'))
    return "\n".join(parts)


def main():
    texts = list(source_texts())
    tested = tested_text().casefold()
    missing = [(path, text) for path, text in texts if text.casefold() not in tested]
    if "--list" in sys.argv:
        for path, text in texts:
            print(f"{path}: {text}")
    for path, text in missing:
        print(f"diagnostics: no test holds what {path} says: {text!r}", file=sys.stderr)
    print(f"diagnostics: {len(texts)} texts, {len(missing)} without a test")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
