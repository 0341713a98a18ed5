#!/usr/bin/env bash
# Scenario: the ingestor is killed and started again while its disk refuses (full, read-only), and while another process holds the ledger's lock. It says
# why it cannot start, and leaves the broker its messages; started again and again, as ./run does, it goes on when the cause is gone. The ledger is that of
# an undisturbed run.
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
options "$@"
undisturbed
system_at "$WORK/shaken"
disk_shim
start_system
send_all lines
again() { # until it stays; counts in vain
    while ! linked; do
        kill -0 "$ingestor_pid" 2>/dev/null || { vain=$((vain + 1)); start_ingestor; }
        sleep 0.3
    done
}
for hindrance in 28 30 lock; do
    nap_ms "$(random_ms 100 500)"
    ended "$ingestor_pid"
    vain=0
    if [ "$hindrance" = lock ]; then
        background python3 -c 'import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
time.sleep(8)' "$LEDGER_DB"
        sleep 0.5
        background sleep 8
    else
        disk_refuses "$hindrance"
        background sleep 8
    fi
    cause_pid=$background_pid
    start_ingestor
    wait "$cause_pid" || true
    linked && [ "$hindrance" != lock ] && fail "it started on a disk that refuses (errno $hindrance)"
    disk_works
    wait_for 40 "the ingestor runs again (after $hindrance)" again
    any_sending || { await_senders; send_all lines; }
done
told "cannot start"
await_senders
same_as_undisturbed
