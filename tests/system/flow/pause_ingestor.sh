#!/usr/bin/env bash
# The ingestor stands still for 30 s (SIGSTOP) while readings pour in at full speed, each acknowledged by the broker. When it
# goes on it catches up by itself: nothing is lost, nothing is doubled, and the broker dropped nothing.
. "$(dirname "$0")/../lib.sh"
stack_private --meters 0
for i in 0 1 2 3; do register "pause-$i"; done

ingestor=$(cat "$STACK_DIR/ingestor.pid")
base=$(($(date +%s) / 86400 * 86400000 - 172800000)) # a midnight (UTC) two days ago
send() {
    awk -v base="$base" 'BEGIN {for (i = 0; i < 25000; i++) printf "{\"energy_wh\":%d,\"ts\":%.0f}\n", 5 + i, base + i * 100}' |
        mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/pause-$1/readings" -l
}
senders=()
for i in 0 1 2 3; do
    send "$i" &
    senders+=($!)
done
own_pids+=("${senders[@]}")
sleep 0.5
kill -STOP "$ingestor"
note "stopped"
sleep 30
kill -CONT "$ingestor"
for pid in "${senders[@]}"; do wait "$pid" || fail "a sender was not acknowledged"; done

count() { ledger "select count(*) from fact where channel = 10800"; }
for _ in $(seq 900); do [ "$(count)" -lt 100000 ] || break; sleep 0.1; done
expect 100000 "$(count)" "facts"
expect "$ingestor" "$(cat "$STACK_DIR/ingestor.pid")" "the ingestor's process (it was stopped, not restarted)"
expect 0 "$(mosquitto_sub "${MQTT[@]}" -t '$SYS/broker/publish/messages/dropped' -C 1 -W 15)" "messages that the broker dropped"
publish meters/pause-0/readings '{"energy_wh":999999}'
readable() { [ "$(api "/meters/pause-0/readings?limit=5" | jq '[.items[] | select(.energy_wh == 999999)] | length')" = 1 ]; }
wait_for 2 "it is up to date again" readable
