#!/usr/bin/env python3
"""Counts what a run of `meson test` did: prints "PASSED FAILED SKIPPED", then a line for each test that failed.

    tests/meson_tally.py build/release/meson-logs/testlog.json
    tests/meson_tally.py build/release/meson-logs/testlog.json NAME      what the test NAME printed

A cmocka program counts as many as it ran cases ("[  PASSED  ] 12 test(s)."); any other program counts as one. A
program that ended badly counts at least one failure, whatever it printed before: a crash is not a pass.
"""
import json
import re
import sys

PASSED = re.compile(r"^\[  PASSED  \] (\d+) test", re.M)
FAILED = re.compile(r"^\[  FAILED  \] (\d+) test", re.M)
SKIPPED = re.compile(r"^\[  SKIPPED \] (\d+) test", re.M)


def tally(entry):
    text = (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or "")
    result = entry["result"]
    if result in ("SKIP", "EXPECTEDFAIL"):
        return 0, 0, 1
    passed = sum(map(int, PASSED.findall(text)))
    failed = sum(map(int, FAILED.findall(text)))
    skipped = sum(map(int, SKIPPED.findall(text)))
    if result == "OK":
        return (passed or 1, 0, skipped) if not failed else (passed, failed, skipped)
    return passed, max(failed, 1), skipped


def entries(path):
    with open(path, encoding="utf-8", errors="replace") as log:
        for line in log:
            yield json.loads(line)


def show(path, name):
    for entry in entries(path):
        if entry["name"] == name:
            print(entry.get("stdout") or "", entry.get("stderr") or "", sep="")


def main(path):
    total = [0, 0, 0]
    bad = []
    for entry in entries(path):
        counts = tally(entry)
        total = [a + b for a, b in zip(total, counts)]
        if counts[1]:
            bad.append(f"{entry['name']}: {entry['result']}, exit status {entry.get('returncode')}")
    print(*total)
    for line in bad:
        print(line)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        show(sys.argv[1], sys.argv[2])
    else:
        main(sys.argv[1])
