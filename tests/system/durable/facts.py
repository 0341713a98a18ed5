#!/usr/bin/env python3
"""The facts of a ledger as messages again, in order of time.

  facts.py DIR OUT_DIR      DIR holds ledger.db and records.db; OUT_DIR gets <meter>.batches, up to 500 readings per message

Registers only, with what stands on a reading's first channel but its electrical values.
"""
import json
import sqlite3
import sys

BATCH = 500


def main():
    db = sqlite3.connect(f"file:{sys.argv[1]}/ledger.db?mode=ro", uri=True)
    db.execute("ATTACH ? AS r", (f"file:{sys.argv[1]}/records.db?mode=ro",))
    readings = {}
    query = """SELECT meter_id, ts_utc_ms, channel, value_wh, boot, seq, power_w FROM fact JOIN r.point USING (meter_no) LEFT JOIN boot USING (boot_no)
               WHERE kind = 0 ORDER BY meter_id, ts_utc_ms, boot_no, seq, channel"""
    for meter, ts, channel, wh, boot, seq, power_w in db.execute(query):
        one = readings.setdefault(meter, {}).setdefault((ts, boot, seq), {"ts": ts})
        one[{10800: "energy_wh", 20800: "export_wh"}[channel]] = wh
        one.update({k: v for k, v in (("boot", boot), ("seq", seq), ("power_w", power_w)) if v is not None})
    for meter, ones in readings.items():
        rows = list(ones.values())
        with open(f"{sys.argv[2]}/{meter}.batches", "w") as out:
            for at in range(0, len(rows), BATCH):
                out.write(json.dumps({"readings": rows[at : at + BATCH]}, separators=(",", ":")) + "\n")


main()
