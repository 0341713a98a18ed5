#!/usr/bin/env python3
"""What the durability scripts send: the same readings at every run with the same arguments.

  load.py DIR METERS READINGS UNTIL_UTC_S

writes DIR/<meter>.lines (one reading per message) and DIR/<meter>.batches (the same, up to 500 per message) for meters dur-0 …, one reading per
quarter-hour until UNTIL_UTC_S. Every eighth meter is plain; the others each do one thing wrong that the ledger has a rule for.
"""
import json
import os
import sys

STEP_MS = 900_000
BATCH = 500


def register_at(i, k):
    """Wh: a day's rise and fall, without floating point."""
    slot = i % 96
    return 1_000_000 + k * 1000 + (i // 96) * 96 * 120 + slot * 60 + max(0, slot - 48) * 120


def readings(k, count, first_ms):
    offset = 0
    for i in range(count):
        wh = register_at(i, k)
        one = {"ts": first_ms + i * STEP_MS, "seq": i, "boot": "b1", "energy_wh": wh}
        kind = k % 8
        if kind == 1 and i % 97 == 40:
            one["energy_wh"] = 0  # a transient zero
        elif kind == 2:
            offset = -wh if i == count // 2 else offset  # a register that begins anew, unannounced
            one["energy_wh"] = wh + offset
        elif kind == 3:
            one["energy_wh"] = wh + (400_000 if i >= count // 2 else 0)  # a leap that stays
        elif kind == 4 and i % 61 == 30:
            one["ts"] -= STEP_MS  # another value for the instant before
        elif kind == 5:
            one["export_wh"] = 500 + i * 7
        elif kind == 6 and 30 <= i % 200 < 50:
            one = dict(one, energy_wh=-1)  # refused at the door: a hole of five hours
        elif kind == 7:
            one.update(power_w=240 + i % 50, voltage_v=[215 + i % 30], flags=["tamper"] if i == 17 else [])
        yield one


def main():
    folder, meters, count, until_s = sys.argv[1], *map(int, sys.argv[2:5])
    first_ms = (until_s * 1000 // STEP_MS - count) * STEP_MS
    os.makedirs(folder, exist_ok=True)
    for k in range(meters):
        lines = [json.dumps(one, separators=(",", ":")) for one in readings(k, count, first_ms)]
        with open(f"{folder}/dur-{k}.lines", "w") as out:
            out.writelines(line + "\n" for line in lines)
        with open(f"{folder}/dur-{k}.batches", "w") as out:
            for at in range(0, count, BATCH):
                out.write('{"readings":[' + ",".join(lines[at : at + BATCH]) + "]}\n")


main()
