#!/usr/bin/env bash
# `qw-ingestor --rebuild` empties what is derived, the marks and the outbox: it takes only the copy that `qw verify` made. It refuses a ledger that a
# running ingestor holds, by whatever name, and one that nobody holds but that is no copy; neither is touched. A second ingestor on one ledger is
# refused, too. A copy that somebody puts in place as a ledger is a copy no longer.
. "$(dirname "$0")/../lib.sh"
stack_private --meters 2
BIN=${BIN:-$ROOT/build/bin}

rebuild() { timeout 60 "$BIN/qw-ingestor" --rebuild true --ledger-db "$1" --records-db "$RECORDS_DB" --journal-dir "$WORK/journal" >"$WORK/out" 2>&1; }
refused() { # LEDGER WORDS
    local status=0
    rebuild "$1" || status=$?
    cat "$WORK/out"
    [ "$status" = 1 ] || fail "--rebuild $1: status $status"
    grep -q -- "$2" "$WORK/out" || fail "--rebuild $1 did not say: $2"
}
rows() { sqlite3 -readonly "$1" 'SELECT (SELECT count(*) FROM day), (SELECT count(*) FROM bill), (SELECT count(*) FROM outbox), (SELECT count(*) FROM mark)'; }

derived() { [ "$(ledger 'SELECT count(*) FROM day')" -gt 0 ]; }
wait_for 20 "something is derived" derived

note "a ledger in use"
refused "$LEDGER_DB" 'in use by process [0-9]'
ln -s "$LEDGER_DB" "$WORK/linked.db"
refused "$WORK/linked.db" 'in use by process'
derived || fail "the ledger in use was emptied"

note "a second ingestor"
status=0
timeout 20 "$BIN/qw-ingestor" --ledger-db "$LEDGER_DB" --records-db "$RECORDS_DB" --journal-dir "$WORK/journal" --mqtt-port "$MQTT_PORT" >"$WORK/out" 2>&1 || status=$?
[ "$status" = 1 ] && grep -q 'in use by process' "$WORK/out" || { cat "$WORK/out"; fail "a second ingestor ran (status $status)"; }

note "a ledger that nobody holds"
"$BIN/qw" --records-db "$RECORDS_DB" --ledger-db "$LEDGER_DB" backup "$WORK/kept" >/dev/null
sqlite3 "$WORK/kept/ledger.db" "INSERT INTO outbox (topic, payload, retained, not_before_utc_ms) VALUES ('t', 'p', 0, 0); INSERT OR REPLACE INTO mark VALUES (1, 0, 0, 1, 1)"
before=$(rows "$WORK/kept/ledger.db")
refused "$WORK/kept/ledger.db" 'no copy that .qw verify. made'
expect "$before" "$(rows "$WORK/kept/ledger.db")" "the rows of a ledger that is no copy"

note "a copy is derived anew, and is none once it is in use"
kept=$("$BIN/qw" --records-db "$RECORDS_DB" --ledger-db "$LEDGER_DB" verify --keep --work-dir "$WORK" 2>&1 | sed -n 's/^the copies are in //p')
[ -n "$kept" ] || fail "no copies were kept"
rebuild "$kept/ledger.db" || { cat "$WORK/out"; fail "a copy was refused"; }
grep -q '^progress ' "$WORK/out" || fail "no progress"
"$BIN/qw-ingestor" --ledger-db "$kept/ledger.db" --records-db "$kept/records.db" --journal-dir "$WORK/journal2" --mqtt-port "$(free_port)" >"$WORK/second" 2>&1 &
second=$!
own_pids+=("$second")
no_copy() { [ "$(sqlite3 -readonly "$kept/ledger.db" "SELECT value FROM number WHERE name = 'copy'")" = 0 ]; }
wait_for 20 "a copy in use is a ledger" no_copy
kill -9 "$second"
wait "$second" 2>/dev/null || true
refused "$kept/ledger.db" 'no copy that .qw verify. made'
