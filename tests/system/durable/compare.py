#!/usr/bin/env python3
"""Row by row: the ledger of an undisturbed run and that of a disturbed one.

  compare.py [--without NAME,…] UNDISTURBED_DIR DISTURBED_DIR      each holds ledger.db and records.db; exits 1 and prints what differs

Meters are compared by their names. Left out is only what tells when something was looked at: receipt times, the clock of a bill so far and its
forecast, the instant and value at which an alert was noticed, episodes that are over (a register that seemed to fail until the rest came). Refused readings are not idempotent by contract (a repetition is counted again): they are compared as a set.
"""
import json
import sqlite3
import sys

SHOWN = 15
TIMES_IN_BILL = ("as_of", "forecast", "bill_id", "account_id", "revision", "issued", "computed", "account", "customer")


def bill_document(text):
    document = json.loads(text)
    return json.dumps({k: v for k, v in document.items() if k not in TIMES_IN_BILL}, sort_keys=True)


def rows_of(folder):
    db = sqlite3.connect(f"file:{folder}/ledger.db?mode=ro", uri=True, timeout=10)
    db.execute("ATTACH ? AS r", (f"file:{folder}/records.db?mode=ro",))
    db.create_function("plain_bill", 1, bill_document)
    meter = "(SELECT meter_id FROM r.point WHERE point.meter_no = t.meter_no)"
    queries = {
        "facts": f"""SELECT {meter}, ts_utc_ms, channel, kind, length_s, value_wh, flags, seq, power_w, hex(electrical),
                     (SELECT boot FROM boot WHERE boot.boot_no = t.boot_no) FROM fact t""",
        "events": f"SELECT {meter}, event, document FROM event t",
        "refusals": f"SELECT DISTINCT meter_id, verdict, detail, ts_utc_ms, seq FROM refusal t",
        "receipts": f"SELECT {meter}, boot, done_seq, top_seq, given_up, holes FROM receipt t",
        "quarter-hours": f"""SELECT {meter}, channel, local_day, start_utc_ms, slot_count, wh, measured, estimated, partial, missing, edited, hex(slots)
                             FROM day t""",
        "verdicts": f"SELECT {meter}, ts_utc_ms, channel, kind, length_s, value_wh, verdict FROM judgement t",
        "checks": f"SELECT {meter}, local_day, found, hex(results) FROM check_day t",
        "completeness": f"SELECT {meter}, local_day, interval_s, expected, received FROM completeness t",
        "bills": f"SELECT {meter}, from_day, until_day, state, total_minor, complete, plain_bill(document) FROM bill t",
        "alerts": f"""SELECT {meter}, kind, severity, state, threshold FROM alert t WHERE meter_no > 0 AND state < 2""",
    }
    return {name: sorted(map(repr, db.execute(sql))) for name, sql in queries.items()}


def main():
    without = sys.argv[2].split(",") if sys.argv[1] == "--without" else []
    calm, found = map(rows_of, sys.argv[-2:])
    bad = 0
    for name, wanted in calm.items():
        if name in without:
            continue
        lacking, more = [], []
        a, b, i, j = wanted, found[name], 0, 0
        while i < len(a) or j < len(b):
            if j == len(b) or (i < len(a) and a[i] < b[j]):
                lacking.append(a[i])
                i += 1
            elif i == len(a) or b[j] < a[i]:
                more.append(b[j])
                j += 1
            else:
                i, j = i + 1, j + 1
        print(f"{name:14} {len(wanted):8} rows, {len(lacking)} missing, {len(more)} that should not be there")
        for sign, rows in (("<", lacking), (">", more)):
            for row in rows[:SHOWN]:
                print(f"  {sign} {row[:400]}")
            if len(rows) > SHOWN:
                print(f"  {sign} … and {len(rows) - SHOWN} more")
        bad += len(lacking) + len(more)
    if not calm["facts"]:
        print("there was nothing to compare")
        bad = 1
    sys.exit(1 if bad else 0)


main()
