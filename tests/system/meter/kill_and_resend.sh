#!/usr/bin/env bash
# A meter keeps every reading until its receipt: killed with -9 in the middle, with receipts missing and with the broker
# killed too, each reading that it ever took arrives, the register never goes back, and with receipts the spool empties.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/broker_lib.sh"
own_broker
options=(--meter-id casa-1 --username casa-1 --rate-w 60000 --receipt-wait-ms 1000)
listen "$WORK/heard" 'meters/casa-1/readings' 'meters/casa-1/status'

one_meter "$WORK/m" "${options[@]}"
wait_for 10 "the first readings" bash -c "[ \$(grep -c /readings '$WORK/heard') -ge 10 ]"
kill -9 "$meter_pid"
wait "$meter_pid" 2>/dev/null || true # its spool is free when it is gone
wait_for 40 "the last will" grep -q '"state":"offline"' "$WORK/heard"

# the broker is away: readings are kept
kill -9 "$broker_pid"
one_meter "$WORK/m" "${options[@]}"
sleep 2
kill -9 "$meter_pid"
wait "$meter_pid" 2>/dev/null || true # its spool is free when it is gone
one_meter "$WORK/m" "${options[@]}"
sleep 1
kill -STOP "$meter_pid" # until somebody listens: what it sends before, and has a receipt for, is not sent again
: >"$WORK/heard2"
start_broker
listen "$WORK/heard2" 'meters/casa-1/readings' 'meters/casa-1/events'
kill -CONT "$meter_pid"
three_boots() { [ "$(readings "$WORK/heard2" | cut -d' ' -f2 | sort -u | wc -l)" -ge 3 ]; }
wait_for 60 "three boots" three_boots

# every boot is whole from 0 on, and the register never goes back from reading to reading
readings "$WORK/heard2" | sort -u -k5,5n -k3,3n >"$WORK/all"
awk '{ if (!($2 in next_seq)) next_seq[$2] = 0
       if ($3 > next_seq[$2]) {print "hole before", $0; exit 1}
       if ($3 == next_seq[$2]) next_seq[$2]++
       if ($4 < last) {print "goes back at", $0; exit 1}
       last = $4 }' "$WORK/all" || fail "readings are missing"

# with receipts nothing is left but what it took in the last moments
listen "$WORK/receipts" meters/casa-1/receipt
receipts casa-1
three_receipts() { [ "$(jq -rR 'sub("^[^ ]* "; "") | fromjson | .boot' "$WORK/receipts" | sort -u | wc -l)" -ge 3 ]; }
wait_for 60 "receipts for three boots" three_receipts
sleep 1
kill "$meter_pid"
ended() { ! kill -0 "$meter_pid"; }
wait_for 20 "the end of the meter" ended
wait "$meter_pid" || fail "the meter did not leave cleanly"
grep 'meter ends' "$WORK/m.log" | tail -n 1 | grep -q 'kept=1\?[0-9] ' || fail "the spool is not empty: $(tail -n 1 "$WORK/m.log")"
expect '{"state":"offline"}' "$(mosquitto_sub "${MQTT[@]}" -t meters/casa-1/status -C 1 -W 5)" "the status when it left"
