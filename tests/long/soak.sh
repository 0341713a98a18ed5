#!/usr/bin/env bash
# A neighbourhood of 200 meters goes on for a while (QW_SOAK_MINUTES, 10) while parts of the system are killed now and then.
# At the end nothing has grown without bound: memory, write-ahead logs, journal, open files; and each meter's energy is
# still its last register minus its first, to the Wh.
. "$(dirname "$0")/../system/lib.sh"
minutes=${QW_SOAK_MINUTES:-10}
stack_private --meters 200

history_done() { [ -e "$STACK_DIR/demo/history-done-200" ]; }
wait_for 180 "the history is stored" history_done
marks_gone() { [ "$(api /fleet/summary | jq .ingest.marks)" -le 200 ]; }
wait_for 180 "the history is worked through" marks_gone

# figure PART: resident memory in MiB, open files
memory_mib() { awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$(cat "$STACK_DIR/$1.pid")/status"; }
files_open() { find "/proc/$(cat "$STACK_DIR/$1.pid")/fd" -mindepth 1 | wc -l; }
figures() {
    note "ingestor $(memory_mib ingestor) MiB, api $(memory_mib api) MiB, broker $(memory_mib broker) MiB; files $(files_open ingestor) $(files_open api) $(files_open broker);" \
        "wal $(($(stat -c %s "$LEDGER_DB-wal" 2>/dev/null || echo 0) / 1024)) KiB, journal $(du -sk "$STACK_DIR/journal" | cut -f 1) KiB, facts $(ledger 'select count(*) from fact')"
}
figures
parts=(ingestor api broker meters)
for ((minute = 1; minute <= minutes; minute++)); do
    # live streams come and go meanwhile
    for _ in 1 2 3; do background timeout 55 curl --silent --no-buffer -H "Authorization: Bearer $API_TOKEN" --output /dev/null "$URL/api/v1/live"; done
    sleep 30
    part=${parts[$((minute % ${#parts[@]}))]}
    kill -KILL "$(cat "$STACK_DIR/$part.pid")"
    sleep 30
    figures
done
expect 200 "$(api_status /me)" "the API after $minutes minutes"

for part in ingestor api broker; do
    [ "$(memory_mib "$part")" -lt 400 ] || fail "$part holds $(memory_mib "$part") MiB"
    [ "$(files_open "$part")" -lt 300 ] || fail "$part holds $(files_open "$part") open files"
done
[ "$(stat -c %s "$LEDGER_DB-wal")" -lt 268435456 ] || fail "the ledger's write-ahead log has $(stat -c %s "$LEDGER_DB-wal") bytes"
[ "$(du -sk "$STACK_DIR/journal" | cut -f 1)" -lt 200000 ] || fail "the journal keeps $(du -sk "$STACK_DIR/journal")"

# energy: the meters stop, what they said is worked through, then each one's days add up to last minus first
kill -STOP "$(cat "$STACK_DIR/meters.pid")"
all_worked() { [ "$(api /fleet/summary | jq .ingest.marks)" = 0 ]; }
wait_for 60 "nothing is left to work through" all_worked
wrong=$(ledger "
    with register as (select meter_no, max(value_wh) - min(value_wh) as wh from fact where channel = 10800 and kind = 0 group by meter_no),
         days as (select meter_no, sum(wh) as wh from day where channel = 10800 group by meter_no)
    select count(*) from register left join days using (meter_no) where days.wh is not register.wh")
expect 0 "$wrong" "meters whose days do not add up to their register"
kill -CONT "$(cat "$STACK_DIR/meters.pid")"
