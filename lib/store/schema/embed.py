#!/usr/bin/env python3
"""Turns numbered SQL files into the tables of migrations that the library carries.

usage: embed.py OUT.c --records FILE... --ledger FILE...
Files are named NNNN_word.sqlite.sql and number from 0001 without a gap; anything else stops the build.
"""
import os
import sys

SCHEMAS = {"records": "QWRC", "ledger": "QWLG"}


def migrations(files):
    files = sorted(files, key=os.path.basename)
    for place, path in enumerate(files, start=1):
        name = os.path.basename(path)
        if not name.endswith(".sqlite.sql") or not name.startswith(f"{place:04d}_"):
            sys.exit(f"embed.py: {path}: expected {place:04d}_word.sqlite.sql")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if not text.isascii():
            sys.exit(f"embed.py: {path}: plain ASCII, please (a char may be signed)")
        yield name.removesuffix(".sqlite.sql"), text


def c_bytes(text):
    """As numbers: compilers need not take long string literals."""
    numbers = [str(byte) for byte in text.encode()] + ["0"]
    return "\n".join("    " + ",".join(numbers[i : i + 32]) + "," for i in range(0, len(numbers), 32))


def main(argv):
    out, groups, group = argv[1], {name: [] for name in SCHEMAS}, None
    for word in argv[2:]:
        if word.startswith("--"):
            group = word[2:]
        else:
            groups[group].append(word)
    parts = ["/* Made by lib/store/schema/embed.py: edit the SQL files, not this. */", '#include "store/sqlite/migrate.h"', ""]
    for what, letters in SCHEMAS.items():
        items = list(migrations(groups[what]))
        parts += [f"static const char {what}_{i}[] = {{\n{c_bytes(sql)}\n}};" for i, (_, sql) in enumerate(items)]
        parts.append(f"static const struct migration {what}[] = {{")
        parts += [f'    {{"{name}", {what}_{i}}},' for i, (name, _) in enumerate(items)] or ["    {0, 0},"]
        parts.append("};")
        number = int.from_bytes(letters.encode(), "big")
        parts.append(f'const struct schema schema_{what} = {{"{what}", {number} /* {letters} */, {what}, {len(items)}}};\n')
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(parts))


main(sys.argv)
