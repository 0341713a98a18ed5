#!/usr/bin/env bash
# Scenario: a fleet of 10,000 meters (--meters) sends live over at most 16 connections, and each of its meters is heard.
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
METERS=10000
options "$@"
. "$(dirname "$0")/../../system/meter/broker_lib.sh" # its start_broker, not the other
own_broker
listen "$WORK/heard" 'meters/+/readings'
background "$BIN/qw-meter" --fleet "$METERS" --broker-port "$PORT" --interval-ms 20000 2>"$WORK/fleet.log"
all_heard() { [ "$(grep -o '^meters/[^/]*' "$WORK/heard" | sort -u | wc -l)" = "$METERS" ]; }
wait_for 60 "each meter is heard" all_heard
links=$(grep -c 'New client connected.* as qw-fleet' "$WORK/broker.log")
[ "$links" -le 16 ] || fail "$links connections"
note "$METERS meters over $links connections, $(awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$background_pid/status") MiB"
kill -TERM "$background_pid"
wait "$background_pid" || fail "the fleet did not leave cleanly"
