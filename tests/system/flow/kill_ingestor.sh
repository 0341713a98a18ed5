#!/usr/bin/env bash
# The ingestor is killed (-9) again and again while readings pour in; the broker has acknowledged each of them to its sender,
# who sends nothing twice. After the last start every one of them is in the ledger, once, and the days of the month are right.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/uci_lib.sh"
stack_private --meters 0

# 100,000 readings of ten meters, one per message; value and time tell each from all others
for i in 0 1 2 3 4 5 6 7 8 9; do register "kill-$i"; done
base=$(($(date +%s) / 86400 * 86400000 - 172800000)) # a midnight (UTC) two days ago
send() { # METER-NUMBER
    awk -v base="$base" 'BEGIN {for (i = 0; i < 10000; i++) printf "{\"energy_wh\":%d,\"ts\":%.0f}\n", 1000 + i * 3, base + i * 1000}' |
        mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/kill-$1/readings" -l
}
senders=()
for i in 0 1 2 3 4 5 6 7 8 9; do
    send "$i" &
    senders+=($!)
done
own_pids+=("${senders[@]}")

# kills the ingestor and waits until ./run has put another in its place
kill_it() {
    local old
    old=$(cat "$STACK_DIR/ingestor.pid")
    kill -KILL "$old"
    replaced() { [ "$(cat "$STACK_DIR/ingestor.pid")" != "$old" ]; }
    wait_for 20 "another ingestor" replaced
}
for pause in 0.5 0.3 0.7; do
    sleep "$pause"
    kill_it
done
for pid in "${senders[@]}"; do wait "$pid" || fail "a sender was not acknowledged"; done

count() { ledger "select count(*) from fact where channel = 10800"; }
complete() { [ "$(count)" -ge 100000 ]; }
for _ in $(seq 600); do ! complete || break; sleep 0.1; done
expect 100000 "$(count)" "facts"
expect "10|1000|30997" "$(ledger "select count(distinct meter_no), min(value_wh), max(value_wh) from fact")" "meters, smallest, greatest register"
expect 100000 "$(ledger "select count(*) from (select distinct meter_no, ts_utc_ms, value_wh from fact)")" "different readings"

from=$(date -u -d '4 days ago' +%F) until=$(date -u -d tomorrow +%F)
# the derived follows: each meter's energy is last minus first
for i in 0 5 9; do
    total() { [ "$(api "/meters/kill-$1/usage?bucket=day&from=$from&to=$until" | jq '[.import_wh[] | values] | add')" = 29997 ]; }
    wait_for 30 "kill-$i has its energy" total "$i"
done

# and the real month, with a kill in the middle of its replay
[ -e "${QW_SHARED:-$ROOT/../shared}/data/uci_household_1min" ] || { note "without the real month: the data is not here"; exit 0; }
shared_data data/uci_household_1min/household_power_consumption_34d.csv.gz
register uci 'tz="Europe/Paris"'
uci_days >"$WORK/wanted"
background uci_replay --batch 20
replay=$background_pid
sleep 0.2
kill_it
wait "$replay" || fail "the replay ended with $?"
right() { days uci 2006-12-16 2007-01-20 Europe/Paris >"$WORK/found" 2>/dev/null && cmp -s "$WORK/wanted" "$WORK/found"; }
for _ in $(seq 600); do ! right || break; sleep 0.1; done
diff "$WORK/wanted" "$WORK/found" || fail "days differ after the kills (wanted <, found >)"
