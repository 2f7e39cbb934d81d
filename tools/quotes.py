#!/usr/bin/env python3
"""Copies marked parts of compiled files into the pages of docs/guide; with --check only compares.

A source marks a part between `// [writing.save]` and `// [/writing.save]` (`#` in CMake and GraphQL). A page names it in
a comment above the block that holds it:

    <!-- [writing.save] -->
    ```cpp
    …
    ```

A block of C++, C, CMake or GraphQL without a name, a name without a part, and a part that no page quotes are errors."""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "guide"
SOURCES = ("examples/**/*.cc", "examples/**/*.c", "examples/**/*.h", "examples/**/*.graphql",
           "examples/c/CMakeLists.txt", "tests/package/consumer/CMakeLists.txt")
MARK = re.compile(r"^\s*(?://|#|/\*) \[(/?)([a-z_]+\.[a-z_]+)\](?: \*/)?$")
BLOCK = re.compile(r"(?:^<!-- \[([a-z_]+\.[a-z_]+)\] -->\n)?^```(\w*)\n(.*?)^```$", re.M | re.S)
COMPILED = {"cpp", "c", "cmake", "graphql"}


def marked_parts(path):
    """{name: text} of one file: without the margin, and without the marks of parts inside it."""
    parts, is_open = {}, {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        mark = MARK.match(line)
        where = f"{path.relative_to(ROOT)}:{number}"
        if not mark:
            for lines in is_open.values():
                lines.append(line)
        elif mark[1]:
            if mark[2] not in is_open:
                sys.exit(f"{where}: [{mark[2]}] ends and did not begin")
            parts[mark[2]] = textwrap.dedent("\n".join(is_open.pop(mark[2])) + "\n")
        elif mark[2] in is_open or mark[2] in parts:
            sys.exit(f"{where}: there are two parts [{mark[2]}]")
        else:
            is_open[mark[2]] = []
    if is_open:
        sys.exit(f"{path.relative_to(ROOT)}: [{', '.join(is_open)}] does not end")
    return parts


def all_parts():
    parts = {}
    for path in sorted(one for pattern in SOURCES for one in ROOT.glob(pattern)):
        for name, text in marked_parts(path).items():
            if name in parts:
                sys.exit(f"{path.relative_to(ROOT)}: another file has a part [{name}], too")
            parts[name] = text
    return parts


def quoted(page, parts, used):
    """The page's text with its blocks filled in."""

    def fill(block):
        name, language, old = block.groups()
        where = f"{page.relative_to(ROOT)}:{page_text.count(chr(10), 0, block.start()) + 1}"
        if name is None:
            if language in COMPILED:
                sys.exit(f"{where}: a block of {language} that no compiled file holds; mark it there and name it here")
            return block[0]
        if name not in parts:
            sys.exit(f"{where}: no file marks a part [{name}]")
        used.add(name)
        return block[0][:len(block[0]) - len(old) - 3] + parts[name] + "```"

    page_text = page.read_text()
    return BLOCK.sub(fill, page_text)


def main():
    parts, used = all_parts(), set()
    texts = {page: quoted(page, parts, used) for page in sorted(PAGES.glob("*.md"))}
    stale = [page for page, text in texts.items() if page.read_text() != text]
    if unused := sorted(set(parts) - used):
        sys.exit(f"quotes: no page quotes {', '.join(unused)}")
    if "--check" in sys.argv[1:]:
        if stale:
            names = ", ".join(str(page.relative_to(ROOT)) for page in stale)
            sys.exit(f"quotes: {names} and the sources differ: run tools/quotes.py and commit what it writes")
    else:
        for page in stale:
            page.write_text(texts[page])
    print(f"quotes: {len(used)} parts in {len(texts)} pages" + ("" if "--check" in sys.argv[1:] else f", {len(stale)} written"))


if __name__ == "__main__":
    main()
