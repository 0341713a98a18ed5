#!/usr/bin/env bash
# Scenario: while nothing can be written to the ledger messages wait in the journal; then the ingestor is killed and the journal is damaged: cut in the
# middle of the last record, one bit flipped in the middle, a whole segment gone. It starts, skips what is damaged and nothing else, says so in metrics
# and log; devices without a receipt send again, and the ledger is that of an undisturbed run.
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
READINGS=2000
options "$@"
undisturbed
for damage in cut flip gone; do
    system_at "$WORK/$damage"
    INGESTOR_OPTIONS=(--journal-segment-mib 1)
    start_system
    # the ledger is locked, so that all stays in the journal
    background python3 -c 'import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
time.sleep(60)' "$LEDGER_DB"
    lock_pid=$background_pid
    sleep 0.3
    send_all lines
    await_senders
    # every message of the load is in the journal: the broker has none under way
    in_journal() { [ "$(cat "$DIR"/journal/* | grep -ao '"seq":' | wc -l)" -ge $((METERS * READINGS)) ]; }
    wait_quietly 20 "all messages in the journal" in_journal
    ended "$ingestor_pid"
    ended "$lock_pid"
    first=$(find "$DIR/journal" -name '*.journal' -size +0 | sort | head -n 1)
    last=$(find "$DIR/journal" -name '*.journal' -size +0 | sort | tail -n 1)
    case $damage in
    cut) truncate -s -20 "$last" ;;
    flip) printf '\377' | dd of="$first" bs=1 seek=$(($(stat -c %s "$first") / 2)) conv=notrunc 2>/dev/null ;;
    gone) [ "$(find "$DIR/journal" -name "*.journal" -size +0 | wc -l)" -ge 3 ] || fail "the missing one would be the last: more readings are needed"; rm "$(find "$DIR/journal" -name '*.journal' -size +0 | sort | sed -n 2p)" ;;
    esac
    start_ingestor
    drained() { [ "$(health | jq '.journal_waiting_bytes == 0 and .link_up')" = true ]; }
    wait_quietly 30 "the journal worked through" drained
    sleep 0.3
    # what the broker had no acknowledgement for when the ingestor was killed comes twice: count what is there, not what came
    lost=$((METERS * READINGS - $(ledger "SELECT count(*) FROM (SELECT meter_no, seq FROM fact UNION SELECT meter_no, seq FROM refusal)")))
    case $damage in
    cut) [ "$lost" -le 1 ] || fail "$lost readings lost with the cut record"; [ "$(metric qw_ingestor_journal_torn_bytes_total)" -gt 0 ] || fail "no metric of torn bytes" ;;
    flip) [ "$lost" -le 2 ] || fail "$lost readings lost with one flipped bit"; [ "$(metric qw_ingestor_journal_bad_records_total)" -ge 1 ] || fail "no metric of bad records" ;;
    gone) [ "$lost" -gt 100 ] || fail "only $lost readings lost with a whole segment"; expect 1 "$(metric qw_ingestor_journal_gaps_total)" "the metric of gaps" ;;
    esac
    told "the journal was damaged"
    note "$damage: $lost readings were lost with it; their devices have no receipt and send again"
    send_all lines
    await_senders
    same_as_undisturbed
done
