#!/usr/bin/env python3
"""The public API as Markdown, one page a header: every declaration of include/holdfast with the comment above it.

    reference.py DIR     writes the pages
    reference.py --check writes nothing; fails when a declaration has no comment

A declaration without a comment belongs to the one above it when no empty line parts them, as overloads and accessors do.
Fields need none, nor does a struct or enum whose members have theirs; nor special members, operators and friends."""

import pathlib
import re
import sys
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADERS = ROOT / "include" / "holdfast"
TEMPLATE = r"(?:template\s*<[^{;]*>\s*(?:requires[^{;]*?)?)?"
SCOPE = re.compile(rf"^{TEMPLATE}(class|struct|union|enum class|enum|namespace|extern \"C\"|typedef struct)\b\s*([\w:]*)[^;=(]*$", re.S)
UNNEEDED = re.compile(r"\boperator\b|= default|= delete|^friend\b|^using\b|^~|^\[\[nodiscard\]\] (?:begin|end)\b", re.S)


@dataclass
class Declaration:
    line: int
    text: str
    doc: str = ""
    is_grouped: bool = False  # Without a comment, directly below the one before.
    kind: str = ""            # Of a scope: "class", "enum class"...; empty for others.
    name: str = ""
    members: list = field(default_factory=list)


class Reader:
    """Reads a header of this house: formatted, comments above, no preprocessor tricks but guards."""

    def __init__(self, path):
        self.path = path
        self.lines = path.read_text().splitlines()
        self.at = 0

    def intro(self):
        taken = []
        while self.at < len(self.lines) and (self.lines[self.at].startswith(("//", "/*", " *"))):
            taken.append(re.sub(r"^(//|/\*| \*/?)\s?", "", self.lines[self.at]).rstrip())
            self.at += 1
        return "\n".join(taken).strip()

    def declarations(self, ends_with=None):
        """Those of one scope; `is_public` follows the access words of a class."""
        found, doc, is_public, is_apart = [], [], ends_with != "class", True
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            if line.startswith("}") and ends_with:
                self.at += 1
                return found
            self.at += 1
            if access := re.match(r"(public|private|protected):$", line):
                is_public = access[1] == "public"
            elif line.startswith("///"):
                doc.append(line[3:].strip())
            elif line.startswith("/**"):
                doc = self.block_comment(line)
            elif not line:
                doc, is_apart = [], True
            elif line.startswith("#"):
                if macro := re.match(r"#define (\w+)\(.*", line):
                    found.append(Declaration(self.at, "#define " + line[8:].rstrip("\\ "), " ".join(doc), name=macro[1]))
                while self.lines[self.at - 1].endswith("\\"):
                    self.at += 1
                doc = []
            elif line.startswith("//") and not line.startswith("// ---"):
                doc.append(line[2:].strip())
            elif line.startswith("//") or line.startswith("/*") or line == "*/":
                if line.startswith("/*") and "*/" not in line:
                    self.block_comment(line)
                doc, is_apart = [], True
            else:
                self.at -= 1
                one = self.declaration(" ".join(doc))
                one.is_grouped = not one.doc and not is_apart
                if is_public:
                    found.append(one)
                doc, is_apart = [], False
        return found

    def block_comment(self, line):
        text = [line]
        while "*/" not in text[-1]:
            text.append(self.lines[self.at])
            self.at += 1
        return [re.sub(r"^\s*(/\*\*?|\*)\s?|\s*\*/$", "", one).strip() for one in text]

    def declaration(self, doc):
        start, text, depth = self.at + 1, [], 0
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            code, _, note = re.sub(r"/\*\*<(.*?)\*/", r"///<\1", line).partition("///<")
            doc = (doc + " " + note.strip()).strip() if note else doc
            code = re.sub(r"(?<!:)//.*|\"(?:[^\"\\]|\\.)*\"", lambda one: "" if one[0].startswith("//") else one[0], code)
            before = depth
            text.append(code.rstrip())
            depth += sum(code.count(c) for c in "({[") - sum(code.count(c) for c in ")}]")
            whole = "\n".join(text).strip()
            if depth > before and code.rstrip().endswith("{") and before == 0:
                if scope := SCOPE.match(whole[:-1].strip()):
                    return self.scope(start, whole, doc, scope)
            if depth == 0 and re.search(r"[;}]$", code.strip()) and not re.search(r"[,(:]$|concept \w+ = [^;]*$", whole):
                return Declaration(start, whole, doc)
        sys.exit(f"{self.path}:{start}: the declaration does not end")

    def scope(self, start, whole, doc, scope):
        one = Declaration(start, whole[:-1].strip(), doc, kind=scope[1], name=scope[2])
        if scope[1] in ("enum", "enum class"):
            body = []
            while not self.lines[self.at].strip().startswith("}"):
                body.append(self.lines[self.at])
                self.at += 1
            self.at += 1
            one.text += " {\n" + "\n".join(body) + "\n};"
            one.members = [Declaration(start, line, "documented") for line in body if "///" in line or "/**" in line]
        else:
            one.members = self.declarations("class" if scope[1] == "class" else "scope")
        return one


def signature(text):
    """Without the body of a function and the initialisers of a constructor."""
    depth = 0
    for at, letter in enumerate(text):
        if letter == "{" and depth == 0 and re.search(r"[)\w>]\s*$", text[:at]) and "concept" not in text and "=" not in text[:at].split(")")[-1]:
            head = text[:at].rstrip()
            return re.sub(r"\)\s*(noexcept)?\s*:\s.*$", lambda one: ")" + (" noexcept" if one[1] else ""), head, flags=re.S) + ";"
        depth += (letter in "([") - (letter in ")]")
    return text


def flat(declarations):
    """Namespaces have no page of their own."""
    for one in declarations:
        if one.kind in ("namespace", 'extern "C"'):
            yield from flat(one.members)
        else:
            yield one


def lacking(declarations, owner=None):
    is_covered = False  # By the comment of a group above.
    for one in flat(declarations):
        is_forward = re.fullmatch(r"(class|struct) \w+;", one.text)
        is_field = owner and owner.kind in ("struct", "typedef struct") and "(" not in re.sub(r"<[^;]*>", "", one.text)
        is_special = owner and re.match(rf"(explicit |constexpr )*{owner.name}\(", one.text)
        is_definition = "::" in one.text.split("(")[0].split()[-1] if "(" in one.text else False
        is_free = UNNEEDED.search(one.text) or is_forward or is_field or is_special or is_definition
        has_told_members = one.kind not in ("", "class") and any(member.doc for member in one.members)
        is_covered = bool(one.doc) or has_told_members or (one.is_grouped and is_covered)
        if not is_covered and not is_free:
            yield one
        if one.kind in ("class", "struct"):
            yield from lacking(one.members, one)


def page(name, intro, declarations):
    out = [f"# {name}", "", intro, ""]

    def show(all_of_them, level):
        group = []
        for one in all_of_them:
            is_scope = one.kind in ("class", "struct", "typedef struct", "union")
            if is_scope and "(" not in "".join(member.text for member in one.members):
                fields = "\n".join("  " + member.text + (f"  ///< {member.doc}" if member.doc else "") for member in one.members)
                one = Declaration(one.line, f"{one.text} {{\n{fields}\n}};", one.doc)
                is_scope = False
            if group and not one.is_grouped:
                flush(group)
            if is_scope:
                flush(group)
                out.extend([f"{'#' * level} {one.name}", "", "```cpp", one.text + ";", "```", "", one.doc, ""])
                show(flat(one.members), level + 1)
            else:
                group.append(one)
        flush(group)

    def flush(group):
        if group:
            text = "\n".join(signature(one.text) for one in group)
            out.extend(["```cpp", text, "```", "", " ".join(one.doc for one in group if one.doc), ""])
            group.clear()

    show(list(flat(declarations)), 2)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip() + "\n"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    pages, count, missing = {}, 0, []
    for path in sorted(HEADERS.rglob("*.h")):
        reader = Reader(path)
        intro, declarations = reader.intro(), reader.declarations()
        name = path.relative_to(HEADERS.parent).as_posix()
        missing += [f"include/{name}:{one.line}: {one.text.splitlines()[0]}" for one in lacking(declarations)]
        pages[name] = page(name, intro, declarations)
        count += sum(1 for _ in flat(declarations))
    if missing:
        sys.exit("\n".join(missing) + f"\nreference: {len(missing)} public declarations have no comment")
    if sys.argv[1] == "--check":
        return print(f"reference: {count} declarations in {len(pages)} headers have their comments")
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: re.sub(r"\W", "_", name.removeprefix("holdfast/").removesuffix(".h")) + ".md" for name in pages}
    for name, text in pages.items():
        (folder / files[name]).write_text(text)
    links = [f"- [{name}]({files[name]}): {pages[name].splitlines()[2]}" for name in pages]
    (folder / "README.md").write_text("# Reference\n\nOne page a public header.\n\n" + "\n".join(links) + "\n")
    return print(f"reference: {folder / 'README.md'} is written")


if __name__ == "__main__":
    main()
