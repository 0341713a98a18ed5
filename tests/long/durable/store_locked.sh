#!/usr/bin/env bash
# Scenario: while readings pour in another process holds the ledger's lock (then the records' one) for a while (--rounds SECONDS). Health, metrics and log
# say that the store is away; messages wait in the journal, and in the broker when that is full. When the lock is gone all goes on by itself, and the
# ledger is that of an undisturbed run.
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
ROUNDS=8
options "$@"
undisturbed
system_at "$WORK/shaken"
INGESTOR_OPTIONS=(--journal-max-mib 8)
start_system
# lock FILE SECONDS
lock() {
    background python3 -c 'import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
time.sleep(float(sys.argv[2]))
db.execute("ROLLBACK")' "$@"
    lock_pid=$background_pid
}
send_all lines
nap_ms 200
lock "$LEDGER_DB" "$ROUNDS"
wait_for 12 "health says that the ledger is locked" says_failing
expect 1 "$(metric qw_ingestor_store_failing)" "the metric of a store that fails"
wait "$lock_pid"
lock "$DIR/records.db" "$ROUNDS"
wait "$lock_pid"
await_senders
told "the store refuses" "locked by another writer" "the store works again"
same_as_undisturbed
