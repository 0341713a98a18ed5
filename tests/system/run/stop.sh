#!/usr/bin/env bash
# Ctrl-C ends ./run and everything it started, and says so with status 0. Even a `kill -9` of ./run leaves nothing behind:
# its parts end by themselves, and the next start in the same folder works.
. "$(dirname "$0")/../lib.sh"

# every process below PID
below() {
    local child
    for child in $(pgrep -P "$1"); do echo "$child"; below "$child"; done
}
none_alive() { local pid; for pid in $1; do ! kill -0 "$pid" 2>/dev/null || return 1; done; }
programs_of() { for pid in $1; do ps -o comm= -p "$pid" || true; done; }

stack_private --meters 3
parts=$(below "$run_pid")
for program in qw-ingestor qw-api qw-meter mosquitto; do
    programs_of "$parts" | grep -q "^$program" || fail "$program does not run"
done
kill -INT "$run_pid"
status=0
wait "$run_pid" || status=$?
expect 0 "$status" "exit status after Ctrl-C"
wait_for 2 "nothing of it runs" none_alive "$parts"
! port_busy "$MQTT_PORT" && ! port_busy "${URL##*:}" || fail "a port is still in use"

start_run "$WORK/stack" --meters 3
await_run "$WORK/stack"
read_run_env "$WORK/stack/run.env"
parts=$(below "$run_pid")
kill -KILL "$run_pid"
wait_for 30 "its parts ended by themselves" none_alive "$parts"

start_run "$WORK/stack" --meters 0
await_run "$WORK/stack"
stop_run "$run_pid"
