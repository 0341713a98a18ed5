#!/usr/bin/env bash
# Scenario: readings pour in as fast as they go; the ingestor is killed (-9) at random moments, again and again, and started again at once. Each sender
# is acknowledged by the broker and sends nothing twice. The ledger is that of an undisturbed run: facts, what is derived, bills, alerts.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/durable_lib.sh"
options "$@"
undisturbed
system_at "$WORK/shaken"
start_system
send_all lines
kills=0
while [ "$kills" -lt "$ROUNDS" ]; do
    nap_ms "$(random_ms 20 700)"
    ended "$ingestor_pid"
    kills=$((kills + 1))
    start_ingestor
    # each round under load: what is sent is sent again (repetitions change nothing)
    if ! any_sending; then await_senders; send_all lines; fi
done
await_senders
note "killed $kills times"
same_as_undisturbed
