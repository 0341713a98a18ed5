#!/usr/bin/env bash
# `qw verify` derives a copy of the ledger anew and finds it the same, beside the running system, after a meter with every fault there is. When
# somebody changes a row behind the system's back (a day, a verdict, a bill; one is removed, one is added), it says which, with exit status 1, and
# `qw rebuild` puts them right.
. "$(dirname "$0")/../lib.sh"
stack_private --meters 3
BIN=${BIN:-$ROOT/build/bin}
export QW_RECORDS_DB=$RECORDS_DB QW_LEDGER_DB=$LEDGER_DB

# verified STATUS: runs it, keeps what it says in $WORK/said.
verified() {
    local found=0
    "$BIN/qw" verify --json --work-dir "$WORK" >"$WORK/said" 2>"$WORK/progress" || found=$?
    [ "$1" = "$found" ] || { cat "$WORK/said" "$WORK/progress"; fail "qw verify: expected status $1, found $found"; }
}
# named TABLE DIFFERENCE TEXT: one of the differences is that, and its key or words hold TEXT.
named() {
    jq -e --arg table "$1" --arg kind "$2" --arg text "$3" \
        'any(.differences[]; .table == $table and .difference == $kind and ((.meter_id + " " + .key + " " + .detail) | contains($text)))' \
        "$WORK/said" >/dev/null || { cat "$WORK/said"; fail "not named: $2 $1 $3"; }
}
change() { sqlite3 -cmd '.timeout 5000' "$LEDGER_DB" "$1"; }
settled() { [ "$(ledger 'SELECT count(*) FROM mark')" = 0 ]; }

note "a meter with a transient zero, a leap, a wrong order and a hole"
register torto
base=$(($(now_ms) / 900000 * 900000 - 5 * 86400000))
readings=()
for i in $(seq 0 200); do
    wh=$((1000000 + i * 250))
    case $i in 40) wh=0 ;; 80) wh=900000000 ;; 100 | 101 | 102 | 103 | 104 | 105 | 106 | 107 | 108 | 109 | 110 | 111 | 112) continue ;; esac
    readings+=("{\"ts\":$((base + i * 900000)),\"energy_wh\":$wh}")
done
publish meters/torto/readings "{\"readings\":[$(printf '%s\n' "${readings[@]}" | shuf --random-source=<(yes) | paste -sd,)]}"
judged() { [ "$(ledger "SELECT count(*) FROM judgement")" -ge 2 ]; }
wait_for 10 "both verdicts stand" judged
wait_for 20 "everything is derived" settled
verified 0
expect true "$(jq .same "$WORK/said")" "the ledger is what its facts say"
[ "$(jq '[.tables[].compared] | add' "$WORK/said")" -gt 100 ] || fail "hardly anything was compared"

note "changed behind its back"
meter_no=$(ledger "SELECT meter_no FROM judgement LIMIT 1")
day=$(ledger "SELECT min(local_day) + 1 FROM day WHERE meter_no = $meter_no")
change "UPDATE day SET wh = wh + 1 WHERE meter_no = $meter_no AND local_day = $day"
change "DELETE FROM day WHERE meter_no = $meter_no AND local_day = $day + 1"
change "UPDATE judgement SET verdict = 45 WHERE verdict = 41 AND meter_no = $meter_no"
change "UPDATE bill SET document = replace(document, '\"total_minor\":', '\"total_minor\":9') WHERE bill_id = (SELECT min(bill_id) FROM bill WHERE state = 1)"
change "INSERT INTO day SELECT meter_no, channel, local_day - 900, start_utc_ms, slot_count, wh, measured, estimated, partial, missing, edited, slots
        FROM day WHERE meter_no = $meter_no AND local_day = $day"
verified 1
named day different "torto channel=10800 local_day=$day wh: stands"
named day missing "torto channel=10800 local_day=$((day + 1))"
named day extra "torto channel=10800 local_day=$((day - 900))"
named judgement different "verdict: stands 45, right is 41"
named bill different "document: stands"

note "put right"
"$BIN/qw" rebuild --meter torto
change "DELETE FROM day WHERE local_day = $day - 900 AND meter_no = $meter_no"
"$BIN/qw" rebuild
wait_for 30 "everything is derived again" settled
verified 0
! "$BIN/qw" rebuild --meter nobody 2>"$WORK/err" || fail "a meter that does not exist was rebuilt"
grep -q 'no such meter' "$WORK/err" || fail "it does not say why"

note "cannot run"
found=0
"$BIN/qw" --ledger-db "$WORK/none.db" verify 2>"$WORK/err" || found=$?
expect 2 "$found" "status without a ledger"
[ -z "$(find "$WORK" -maxdepth 1 -name 'verify-*')" ] || fail "copies were left behind"
