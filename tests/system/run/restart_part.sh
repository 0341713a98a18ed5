#!/usr/bin/env bash
# Each part dies in turn, as hard as it can. ./run starts it again within seconds, says so in its log, and the whole works
# as before: a reading that is published comes out at the API.
. "$(dirname "$0")/../lib.sh"
stack_private --meters 0

reading=1000
works() {
    local wanted=$reading
    mosquitto_pub "${MQTT[@]}" -q 1 -t meters/survivor/readings -m "{\"energy_wh\":$wanted}" &&
        sleep 0.3 && [ "$(api '/meters/survivor/readings?limit=100' | jq "[.items[] | select(.energy_wh == $wanted)] | length > 0")" = true ]
}
replaced() { [ -s "$STACK_DIR/$1.pid" ] && [ "$(cat "$STACK_DIR/$1.pid")" != "$2" ] && kill -0 "$(cat "$STACK_DIR/$1.pid")"; }

wait_for 10 "it works" works
for part in ingestor api broker; do
    old=$(cat "$STACK_DIR/$part.pid")
    kill -KILL "$old"
    wait_for 15 "$part has a new process" replaced "$part" "$old"
    grep -q "$part ended (.*); starting it again" "$STACK_DIR/log/run.log" || fail "no line in run.log about $part"
    reading=$((reading + 100))
    wait_for 30 "it works without its former $part" works
done
