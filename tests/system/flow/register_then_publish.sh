#!/usr/bin/env bash
# Somebody registers a meter with the API and publishes a reading in the very next moment: 201 means that the meter exists, so
# the reading is accepted, and so is every one of the thousands that follow at once.
. "$(dirname "$0")/../lib.sh"
stack_private --meters 0

for round in 1 2 3 4 5; do
    id=fresh-$round
    api /meters -X POST -H 'Content-Type: application/json' -d "{\"meter_id\":\"$id\",\"tz\":\"UTC\"}" >/dev/null
    awk -v base="$((($(date +%s) - 86400) * 1000))" 'BEGIN {for (i = 0; i < 3000; i++) printf "{\"energy_wh\":%d,\"ts\":%.0f}\n", i, base + i * 1000}' |
        mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/$id/readings" -l
done
all() { [ "$(ledger 'select count(*) from fact')" = 15000 ]; }
for _ in $(seq 100); do ! all || break; sleep 0.1; done
expect 0 "$(metric qw_ingestor_readings_refused_total)" "readings that were refused"
expect 15000 "$(ledger 'select count(*) from fact')" "facts"
