#!/usr/bin/env bash
# `qw verify` derives a copy of the ledger anew and finds it the same, beside the running system, after a meter with every fault there is. When
# somebody changes a row behind the system's back (a day, a verdict, a bill, the checks or the completeness of a day; one is removed, one is added), it
# says which, with exit status 1, and `qw rebuild` puts them right. Episodes of alerts are held to what was told: altered, forged and removed ones are
# found. It works while readings pour in, and on a system that is stopped; where the records went on without the ledger it says so, with status 2.
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

grep -q '^copying' "$WORK/progress" && grep -q '^deriving anew' "$WORK/progress" || { cat "$WORK/progress"; fail "no progress is told"; }

note "changed behind its back"
meter_no=$(sqlite3 "$RECORDS_DB" "SELECT meter_no FROM point WHERE meter_id = 'torto'")
day=$(ledger "SELECT min(local_day) + 1 FROM day WHERE meter_no = $meter_no")
change "UPDATE day SET wh = wh + 1 WHERE meter_no = $meter_no AND local_day = $day"
change "DELETE FROM day WHERE meter_no = $meter_no AND local_day = $day + 1"
change "UPDATE judgement SET verdict = 45 WHERE verdict = 41 AND meter_no = $meter_no"
change "UPDATE bill SET document = replace(document, '\"total_minor\":', '\"total_minor\":9') WHERE bill_id = (SELECT min(bill_id) FROM bill WHERE state = 1)"
change "INSERT INTO day SELECT meter_no, channel, local_day - 900, start_utc_ms, slot_count, wh, measured, estimated, partial, missing, edited, slots
        FROM day WHERE meter_no = $meter_no AND local_day = $day"
change "UPDATE check_day SET found = found + 1 WHERE meter_no = $meter_no AND local_day = $day"
change "DELETE FROM check_day WHERE meter_no = $meter_no AND local_day = $day + 1"
change "UPDATE completeness SET received = received - 1 WHERE meter_no = $meter_no AND local_day = $day"
change "INSERT INTO completeness SELECT meter_no, local_day - 900, interval_s, expected, received FROM completeness WHERE meter_no = $meter_no AND local_day = $day"
verified 1
named check_day different "torto local_day=$day found: stands"
named check_day missing "torto local_day=$((day + 1))"
named completeness different "received: stands"
named completeness extra "torto local_day=$((day - 900))"
named day different "torto channel=10800 local_day=$day wh: stands"
named day missing "torto channel=10800 local_day=$((day + 1))"
named day extra "torto channel=10800 local_day=$((day - 900))"
named judgement different "verdict: stands 45, right is 41"
has_bill() { jq -e 'any(.differences[]; .table == "bill")' "$WORK/said" >/dev/null; }
for _ in 1 2 3 4 5; do # its meter sends every second: now and then it waits, and is left out
    ! has_bill || break
    verified 1
done
named bill different "document: stands"

note "put right"
"$BIN/qw" rebuild --meter torto
change "DELETE FROM day WHERE local_day = $day - 900 AND meter_no = $meter_no; DELETE FROM completeness WHERE local_day = $day - 900 AND meter_no = $meter_no"
"$BIN/qw" rebuild
wait_for 30 "everything is derived again" settled
verified 0
! "$BIN/qw" rebuild --meter nobody 2>"$WORK/err" || fail "a meter that does not exist was rebuilt"
grep -q 'no such meter' "$WORK/err" || fail "it does not say why"

note "episodes of alerts"
publish meters/torto/events "{\"event\":\"tamper\",\"ts\":$(($(now_ms) - 60000))}"
publish meters/torto/readings "{\"energy_wh\":$((1000000 + 201 * 250))}"
alarmed() { [ "$(ledger "SELECT count(*) FROM alert WHERE meter_no = $meter_no")" = 1 ]; }
wait_for 10 "the meter's tampering is an alert" alarmed
wait_for 20 "everything is derived" settled
verified 0
expect true "$(jq 'any(.tables[]; .table == "alert" and .compared >= 1 and .different == 0)' "$WORK/said")" "episodes are compared"
sqlite3 -readonly "$LEDGER_DB" ".mode insert alert" "SELECT * FROM alert WHERE meter_no = $meter_no" >"$WORK/alert.sql"
as_it_was() { change "DELETE FROM alert WHERE meter_no = $meter_no; $(cat "$WORK/alert.sql")"; }
change "UPDATE alert SET state = 2 WHERE meter_no = $meter_no"
verified 1
named alert different 'torto alert_id='
named alert different 'its document does not say what the row says'
change "UPDATE alert SET state = 2, document = replace(document, '\"active\"', '\"resolved\"') WHERE meter_no = $meter_no"
verified 1
named alert different 'torto episodes one of them is not as it was told'
as_it_was
verified 0
change "UPDATE alert SET since_utc_ms = since_utc_ms + 1 WHERE meter_no = $meter_no"
verified 1
named alert different 'it is not the identity of its subject, kind and start'
change "DELETE FROM alert WHERE meter_no = $meter_no"
verified 1
named alert missing 'torto episodes 0 stand, 1 were told'
as_it_was
change "INSERT INTO alert SELECT replace(alert_id, substr(alert_id, 1, 1), 'x'), revision, subject, subject_id, 0, kind, severity, state, since_utc_ms, until_utc_ms,
        updated_utc_ms, value, threshold, message_pt_br, message_en, published, document FROM alert WHERE meter_no = $meter_no"
verified 1
named alert extra 'episodes 1 stand, 0 were told'
change "DELETE FROM alert WHERE meter_no = 0 AND alert_id LIKE '%x%'"
verified 0

note "while readings pour in"
floods=()
for i in 1 2 3 4; do
    register "flut-$i"
    awk -v base="$base" 'BEGIN {for (i = 0; i < 40000; i++) printf "{\"energy_wh\":%d,\"ts\":%.0f}\n", 1000 + i * 3, base + i * 10000}' |
        mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/flut-$i/readings" -l &
    floods+=($!)
done
own_pids+=("${floods[@]}")
times=0
while kill -0 "${floods[0]}" 2>/dev/null; do
    verified 0
    times=$((times + 1))
done
note "verified $times times meanwhile"
[ "$times" -ge 1 ] || fail "the flood was over before it was verified"
wait "${floods[@]}" || fail "a sender was not acknowledged"
wait_for 60 "everything is derived" settled
verified 0

note "a system that is stopped"
stop_run "$run_pid"
verified 0
expect 0 "$(jq '[.tables[].waiting] | add' "$WORK/said")" "rows that wait"
"$BIN/qw" meter add tarde --tz America/Sao_Paulo >/dev/null
verified 2
grep -q 'cannot be compared: the records are at revision' "$WORK/progress" || { cat "$WORK/progress"; fail "it does not say why"; }
[ -z "$(find "$WORK" -maxdepth 1 -name 'verify-*')" ] || fail "copies were left behind"

note "cannot run"
found=0
"$BIN/qw" --ledger-db "$WORK/none.db" verify 2>"$WORK/err" || found=$?
expect 2 "$found" "status without a ledger"
[ -z "$(find "$WORK" -maxdepth 1 -name 'verify-*')" ] || fail "copies were left behind"
