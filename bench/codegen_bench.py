#!/usr/bin/env python3
"""What generating C++ models costs: 200 models to generate; and what the header of 50 models adds to the compilation of a
file that includes it, beside the same file with the library's header alone.

codegen_bench.py HOLDFAST FOLDER"""

import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TURNS = 9
PARENT = '''"Thing {0}: a model with a field of every common kind."
type Thing{0} @model {{
  id: ID!
  title: String!
  rating: Int
  score: Float
  done: Boolean!
  due: AWSDateTime
  tags: [String!]
  status: Status!
  place: Place
  parts: [Part{0}] @hasMany
}}
'''
CHILD = '''type Part{0} @model {{
  id: ID!
  name: String!
  count: Int!
  note: AWSJSON
  thing: Thing{0} @belongsTo
}}
'''


def schema(models):
    pairs = "".join(PARENT.format(number) + CHILD.format(number) for number in range(models // 2))
    return "enum Status { DRAFT PUBLISHED ARCHIVED }\ntype Place { street: String! city: String }\n" + pairs


def milliseconds(words):
    begun = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return (time.monotonic() - begun) * 1000


def generate(holdfast, folder, models):
    path = folder / f"models_{models}.graphql"
    path.write_text(schema(models))
    times = []
    for turn in range(TURNS):
        out = folder / f"out_{models}_{turn}"
        times.append(milliseconds([holdfast, "codegen", "models", "--schema", path, "--out", out]))
    return statistics.median(times), out


def compile_time(source, folders, level):
    words = ["g++", "-std=c++20", level, "-c", source, "-o", "/dev/null", *(f"-I{one}" for one in folders)]
    return statistics.median(milliseconds(words) for _ in range(TURNS))


def main(holdfast, folder):
    took, _ = generate(holdfast, folder, 200)
    print(f"| `holdfast codegen models`, 200 models, process and files included | {took:.0f} ms | aim: under 100 ms | | |")
    _, out = generate(holdfast, folder, 50)
    bare, full = folder / "bare.cc", folder / "full.cc"
    bare.write_text("#include <holdfast/datastore.h>\n")
    full.write_text('#include <holdfast/datastore.h>\n#include "models.h"\n')
    for level in ("-O0", "-O2"):
        without = compile_time(bare, [ROOT / "include"], level)
        added = compile_time(full, [ROOT / "include", out], level) - without
        print(f"| what the header of 50 models adds to a compilation at {level} | {added:.0f} ms | aim: under 2000 ms; the "
              f"library's header alone | {without:.0f} ms | |")


main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve())
