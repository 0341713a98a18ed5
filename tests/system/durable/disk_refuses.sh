#!/usr/bin/env bash
# Scenario: while readings pour in the disk refuses every write for a while: full (ENOSPC), read-only (EROFS), broken (EIO). The ingestor says so in
# health, metrics and log, stops reading, and goes on by itself when the disk works again. A small disk (tmpfs) is filled up and freed, too, where this
# user may mount one. The ledger is that of an undisturbed run.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/durable_lib.sh"
options "$@"
undisturbed
system_at "$WORK/shaken"
disk_shim
start_system
send_all lines
for errno in 28 30 5; do
    nap_ms "$(random_ms 100 400)"
    disk_refuses "$errno"
    any_sending || { await_senders; send_all lines; }
    wait_for 15 "health says that the disk refuses (errno $errno)" journal_refuses
    expect 1 "$(metric qw_ingestor_journal_refusing)" "the metric of a journal that refuses"
    before=$(metric qw_ingestor_messages_total)
    sleep 1
    expect "$before" "$(metric qw_ingestor_messages_total)" "messages stored while the disk refuses"
    disk_works
done
await_senders
told "the journal refuses; the broker waits" "the journal takes messages again"
same_as_undisturbed
