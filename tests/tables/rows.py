#!/usr/bin/env python3
"""Every row of the ledger's truth table has a file that proves it: a line "# row: WHAT ARRIVES" in a table of this folder, or in a system test where
more than the ingestor is needed. Reads ../shared/design/ledger.md (or QW_SHARED); without it this is skipped (77)."""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
CONTRACT = pathlib.Path(os.environ.get("QW_SHARED", HERE.parents[2] / "shared")) / "design" / "ledger.md"


def rows_of(text):
    """The first column of the one table of the contract, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [line.split("|")[1].strip() for line in lines[2:]]


def proven_in(files):
    proven = {}
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        for at, line in enumerate(lines):
            if line.startswith("# row: "):
                if file.suffix != ".sh" and not any("<-" in later for later in lines[at + 1 :]):
                    print(f"[  FAILED  ] {file.name}: nothing follows \"{line}\"")
                    sys.exit(1)
                proven.setdefault(line[7:].strip(), []).append(file.name)
    return proven


def main():
    if not CONTRACT.exists():
        print("SKIP: there is no ../shared/design/ledger.md (QW_SHARED names another ../shared)")
        return 77
    rows = rows_of(CONTRACT.read_text(encoding="utf-8"))
    tables = [file for file in HERE.iterdir() if file.suffix in (".ledger", ".doors", ".splits")]
    proven = proven_in(sorted(tables) + sorted((HERE.parent / "system").glob("*/*.sh")))
    missing = [row for row in rows if row not in proven]
    strange = [row for row in proven if row not in rows]
    for row in missing:
        print(f'no file has the line "# row: {row}"')
    for row in strange:
        print(f'{", ".join(proven[row])}: the contract has no row "{row}"')
    print(f"[  PASSED  ] {len(rows) - len(missing)} test(s).")
    if missing or strange or not rows:
        print(f"[  FAILED  ] {len(missing) + len(strange) or 1} test(s).")
    return 1 if missing or strange or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
