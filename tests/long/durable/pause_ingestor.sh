#!/usr/bin/env bash
# Scenario: the ingestor stands still (SIGSTOP) for 30 s while readings pour in as fast as they go, each acknowledged by the broker. It goes on by itself, the
# broker dropped nothing, and the ledger is that of an undisturbed run.
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
READINGS=4000
options "$@"
undisturbed
system_at "$WORK/shaken"
start_system
send_all lines
nap_ms "$(random_ms 50 500)"
kill -STOP "$ingestor_pid"
sleep 30
kill -CONT "$ingestor_pid"
await_senders
await_settled 120
expect 0 "$(mosquitto_sub "${MQTT[@]}" -t '$SYS/broker/publish/messages/dropped' -C 1 -W 15)" "messages that the broker dropped"
same_as_undisturbed
