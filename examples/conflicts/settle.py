#!/usr/bin/env python3
"""A conflict handler as a program: the event of an AppSync conflict Lambda on standard input, its answer on standard output.

    holdfast serve ... --conflict custom --conflict-function settle --function "settle=python3 examples/conflicts/settle.py"

The models have a text `title` and a number `rating`. The later title holds; the higher rating does, whoever was first. What
somebody has edited meanwhile is not deleted."""

import json
import sys


def settle(event):
    mine, theirs = event["newItem"], event["existingItem"]
    if event["resolver"]["field"].startswith("delete") or theirs.get("_deleted"):
        return {"action": "REJECT"}
    ratings = [side["rating"] for side in (mine, theirs) if side.get("rating") is not None]
    return {"action": "RESOLVE", "item": {**mine, "rating": max(ratings, default=None)}}


if __name__ == "__main__":
    json.dump(settle(json.load(sys.stdin)), sys.stdout)
