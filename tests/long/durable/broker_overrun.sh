#!/usr/bin/env bash
# Scenario: the ingestor stands still and the broker's queue (made small for this) runs over: what is dropped was acknowledged, so an operator must hear of
# it: the alert broker_dropping is active and retained. Devices that keep readings until their receipt send the rest again: the ledger is that of an
# undisturbed run.
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
options "$@"
undisturbed
system_at "$WORK/shaken"
mkdir -p "$WORK/broker"
cp "$ROOT/broker/supervise.sh" "$WORK/broker/"
sed -e 's/^max_queued_messages .*/max_queued_messages 500/' -e 's/^max_inflight_messages .*/max_inflight_messages 20/' -e 's/^sys_interval .*/sys_interval 1/' \
    "$ROOT/broker/mosquitto.conf" >"$WORK/broker/mosquitto.conf"
SUPERVISE=$WORK/broker/supervise.sh
start_system
kill -STOP "$ingestor_pid"
send_all lines
await_senders
kill -CONT "$ingestor_pid"
alerted() { [ -n "$(mosquitto_sub "${MQTT[@]}" -t alerts/system/broker_dropping -C 1 -W 2 2>/dev/null | grep '"active"')" ]; }
wait_for 30 "the alert that the broker drops messages" alerted
mosquitto_sub "${MQTT[@]}" -t alerts/system/broker_dropping -C 1 -W 2 -F '%r %p' | grep -q '^1 ' || fail "the alert is not retained"
[ "$(ledger "SELECT ifnull(sum(done_seq + 1), 0) FROM receipt")" -lt $((METERS * READINGS)) ] || fail "nothing was dropped"
RATE=1500
devices
await_senders
same_as_undisturbed
