#!/usr/bin/env bash
# Scenario: the disk of ledger and journal is small, and something else fills it up while readings pour in. The ingestor stops reading (the broker keeps
# what comes), says so in health, metrics and log, and goes on by itself when the space is free again. The ledger is that of an undisturbed run.
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
options "$@"
undisturbed
system_at "$WORK/shaken"
small_disk 64
start_system
send_all lines
for ((round = 1; round <= ROUNDS; round++)); do
    nap_ms "$(random_ms 50 500)"
    dd if=/dev/zero of="$STORE/filler" bs=64k 2>/dev/null || true
    dd if=/dev/zero of="$STORE/filler" bs=1 count=65536 oflag=append conv=notrunc 2>/dev/null || true
    any_sending || { await_senders; send_all lines; }
    wait_for 20 "health says that the disk is full" journal_refuses
    expect 1 "$(metric qw_ingestor_journal_refusing)" "the metric of a journal that refuses"
    nap_ms "$(random_ms 500 1500)"
    rm "$STORE/filler"
done
await_senders
told "the journal refuses; the broker waits" "the journal takes messages again"
same_as_undisturbed
