#!/usr/bin/env bash
# Scenario: the machine loses its power while readings pour in (--rounds times): ingestor and broker are gone, and of the ingestor's files only what was
# synchronised is left (a shim drops the rest); the broker has what it saved last. Nothing that a device had a receipt for is lost. Devices that keep
# their readings until the receipt send the rest again, and the ledger is that of an undisturbed run.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/durable_lib.sh"
ROUNDS=1 READINGS=900
options "$@"
[ "$RATE" -gt 0 ] || RATE=3000
( RATE=0; undisturbed )
system_at "$WORK/shaken"
disk_shim
start_system
devices
heard=0
told_total() { # readings that have a receipt
    sed -n 's|^meters/\([^/]*\)/receipt .*"seq":\([0-9]*\).*|\1 \2|p' "$DIR/receipts" | awk '$2 + 1 > top[$1] {top[$1] = $2 + 1} END {for (m in top) sum += top[m]; print sum + 0}'
}
grown() { [ "$(told_total)" -ge $((heard + 10 * METERS)) ] || ! any_sending; }
for ((round = 1; round <= ROUNDS; round++)); do
    wait_quietly 30 "receipts" grown
    heard=$(told_total)
    any_sending || fail "the load was over before power loss $round: more readings are needed"
    nap_ms "$(random_ms 50 1200)"
    ended "$ingestor_pid"
    kill_broker
    cp "$DIR/receipts" "$WORK/before"
    rm -rf "$DIR"/ledger.db* "$DIR"/records.db* "$DIR/journal"
    cp -r "$DIR.image/." "$DIR/"
    mkdir -p "$DIR/journal"
    # looked at in a copy: whoever opens a database may write to it
    rm -rf "$WORK/look"
    cp -r "$DIR.image" "$WORK/look"
    LEDGER_DB=$WORK/look/ledger.db
    for file in ledger records; do
        expect ok "$(sqlite3 "$WORK/look/$file.db" 'PRAGMA integrity_check' 2>&1)" "the integrity of $file.db after power loss $round"
    done
    # nothing receipted is lost
    total=0
    for ((k = 0; k < METERS; k++)); do
        seq=$(sed -n "s|^meters/dur-$k/receipt .*\"seq\":\\([0-9]*\\).*|\\1|p" "$WORK/before" | sort -n | tail -n 1)
        [ -n "$seq" ] || continue
        total=$((total + seq + 1))
        kept=$(ledger "SELECT ifnull(max(done_seq), -1) FROM receipt r JOIN (SELECT $k + 1 AS n) ON r.meter_no = n")
        [ "$kept" -ge "$seq" ] || fail "dur-$k was told that everything up to $seq is stored, and the ledger has it up to $kept"
        lacking=$(ledger "WITH RECURSIVE wanted(seq) AS (SELECT 0 UNION ALL SELECT seq + 1 FROM wanted WHERE seq < $seq)
            SELECT count(*) FROM wanted WHERE seq NOT IN (SELECT seq FROM fact WHERE meter_no = $k + 1 AND seq NOT NULL
            UNION ALL SELECT seq FROM refusal WHERE meter_no = $k + 1 AND seq NOT NULL)")
        expect 0 "$lacking" "receipted readings of dur-$k that are lost"
    done
    [ "$total" -gt 0 ] || fail "nothing was receipted before power loss $round"
    note "power loss $round: $total readings were receipted, and are there"
    start_system
done
await_senders
same_as_undisturbed 120
