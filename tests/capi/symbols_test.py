#!/usr/bin/env python3
"""The shared library shows what the header declares, and nothing else. Usage: symbols_test.py HEADER LIBRARY"""

import pathlib
import re
import subprocess
import sys

declared = set(re.findall(r"^HF_API [^;]*?\b(hf_\w+)\(", pathlib.Path(sys.argv[1]).read_text(), re.M))
listed = subprocess.run(["nm", "-D", "--defined-only", "--format=posix", sys.argv[2]], capture_output=True, text=True, check=True)
shown = {line.split(" ", 1)[0].split("@")[0] for line in listed.stdout.splitlines()}
assert declared, "the header declares nothing"
assert shown == declared, f"shown and not declared: {sorted(shown - declared)}; declared and not shown: {sorted(declared - shown)}"
print(f"{len(shown)} functions are shown")
