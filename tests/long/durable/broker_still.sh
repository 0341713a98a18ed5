#!/usr/bin/env bash
# Scenario: large batches (1,000 readings, some 50 KB) are sent while the broker stands still (SIGSTOP) again and again (--rounds): the sockets fill up, and what
# is written to them is written in parts. No byte of a message is lost or doubled: every reading of the file is in the ledger, no message was malformed,
# and what is derived is what an undisturbed system derives of the same facts.
#
# In a network of its own (namespace) the sockets' buffers are small, so that writes are really cut; without the right to one they may be or not.
if [ -z "${QW_SMALL_SOCKETS-}" ] && unshare -n true 2>/dev/null; then exec env QW_SMALL_SOCKETS=1 unshare -n bash "$0" "$@"; fi
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
METERS=8 READINGS=12000 ROUNDS=4
options "$@"
if [ -n "${QW_SMALL_SOCKETS-}" ]; then
    ip link set lo up
    for kind in rmem wmem; do echo "4096 8192 16384" >"/proc/sys/net/ipv4/tcp_$kind"; done
fi
system_at "$WORK/shaken"
start_system
first=$(($(date +%s) / 900 * 900 - READINGS * 60))
awk -v first="$first" -v meters="$METERS" -v readings="$READINGS" 'BEGIN {
    print "ts,meter,wh"
    for (i = 0; i < readings; i++) for (k = 0; k < meters; k++) printf "%d,dur-%d,%d\n", first + i * 60, k, 1000 + i * 3 + k}' >"$WORK/readings.csv"
stops() {
    local round
    for ((round = 1; round <= ROUNDS; round++)); do
        nap_ms "$(random_ms 100 400)"
        kill -STOP "$(cat "$DIR/broker.pid")"
        nap_ms "$(random_ms 300 3000)"
        kill -CONT "$(cat "$DIR/broker.pid")"
    done
}
background stops
stops_pid=$background_pid
cleanups+=("kill -CONT \$(cat '$DIR/broker.pid')")
export MQTT_C_CLIENT_TRACE=$WORK/trace MQTT_C_CLIENT_TRACE_LEVEL=MINIMUM MQTT_C_CLIENT_TRACE_MAX_LINES=1000000 # Paho's own: it tells of writes that were cut
"$BIN/qw-meter" --replay "$WORK/readings.csv" --time ts --time-format epoch_s --meter-column meter --prefix '' --column wh --batch 1000 --wait-receipt true \
    --broker-port "$MQTT_PORT" --username operator --password-file "$DIR/secrets/operator" >"$DIR/log/replay.log" 2>&1 || { tail -n 5 "$DIR/log/replay.log"; fail "the replay failed"; }
unset MQTT_C_CLIENT_TRACE
wait "$stops_pid"
cut=$(cat "$WORK/trace"* | grep -c 'Partial write' || true)
[ -z "${QW_SMALL_SOCKETS-}" ] || [ "$cut" -gt 0 ] || fail "no write was cut"
! grep -iE 'malformed|protocol error' "$DIR/log/broker.log" || fail "a message reached the broker malformed"
worked() { [ "$(ledger 'SELECT count(*) FROM mark')" = 0 ]; }
wait_quietly 120 "everything is derived" worked
sleep 1.2
wait_quietly 60 "everything is derived" worked
sqlite3 -separator , "file:$LEDGER_DB?mode=ro" "ATTACH 'file:$DIR/records.db?mode=ro' AS r; SELECT ts_utc_ms / 1000, meter_id, value_wh FROM fact JOIN r.point USING (meter_no) ORDER BY 1, 2" >"$WORK/found.csv"
tail -n +2 "$WORK/readings.csv" | sort -t , -k 1,1n -k 2,2 | cmp - "$WORK/found.csv" || fail "the facts are not the readings of the file"
note "$(wc -l <"$WORK/found.csv") readings, as they were sent; $cut writes were cut; links lost meanwhile: $(grep -c 'not connected' "$DIR/log/replay.log")"
expect 0 "$(ledger 'SELECT count(*) FROM refusal')" "refused readings"
stop_system
same_as_its_facts
