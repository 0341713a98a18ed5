#!/usr/bin/env bash
# Scenario: the ingestor's clock is set back an hour, then forward a day, then right again, while readings pour in (libfaketime; the machine's clock is
# left alone). Readings say their own time: the ledger is that of an undisturbed run, holes in sequences are not given up early, and no bill moves.
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
fake=$(find /usr/lib /usr/local/lib -name libfaketimeMT.so.1 -print -quit 2>/dev/null)
[ -n "$fake" ] || skip "libfaketime is not here"
READINGS=1200
options "$@"
[ "$RATE" -gt 0 ] || RATE=3000
( RATE=0; undisturbed )
system_at "$WORK/shaken"
echo "+0" >"$WORK/offset"
INGESTOR_WRAP=("LD_PRELOAD=$fake" "FAKETIME_TIMESTAMP_FILE=$WORK/offset" FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_CACHE_DURATION=1)
start_system
# a device whose reading 1 is missing: asked for after 10 s, 1 min and 10 min, and not at once because a clock leapt
sed '2d' "$WORK/load/dur-0.lines" >"$WORK/holey"
sed '2!d' "$WORK/load/dur-0.lines" >"$WORK/missing"
cp "$WORK/load/dur-0.lines" "$WORK/whole"
cp "$WORK/holey" "$WORK/load/dur-0.lines"
send_all lines
for offset in -3600 +86400 +0; do
    sleep 2
    echo "$offset" >"$WORK/offset"
    note "clock $offset s"
    leapt() { s=$(($(ledger "SELECT value FROM number WHERE name = 'heartbeat_utc_ms'") / 1000 - $(date +%s) - offset)); [ "${s#-}" -lt 30 ]; }
    wait_for 10 "the ingestor's clock is $offset" leapt
done
sleep 2
await_senders
waits() { [ "$(ledger "SELECT done_seq || ' ' || given_up FROM receipt WHERE meter_no = 1")" = "0 0" ]; }
wait_for 10 "the number that is missing is waited for, and not given up because the clock leapt" waits
publish meters/dur-0/readings "$(cat "$WORK/missing")"
same_as_undisturbed
