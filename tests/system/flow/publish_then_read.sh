#!/usr/bin/env bash
# The shortest way through the whole: somebody publishes one register value with mosquitto_pub, under a name nobody has
# registered, and reads it with curl within a second. Then all other forms of a reading, each readable as what it means.
. "$(dirname "$0")/../lib.sh"
stack_shared

id=quick-$$
readable() { [ "$(api "/meters/$1/readings" | jq -c "[.items[] | select(.energy_wh == $2)] | length")" -ge 1 ]; }
publish "meters/$id/readings" '{"energy_wh":123456}'
wait_for 1 "the reading is readable" readable "$id" 123456
expect accepted "$(api "/meters/$id/readings" | jq -r '.items[0].verdict')" "its verdict"

# forms of protocol.md: name, payload, what the last reading must say
forms=0
form() { # PAYLOAD JQ-EXPRESSION
    local id
    forms=$((forms + 1)) id=form-$$-$forms
    register "$id"
    publish "meters/$id/readings" "$1"
    said() { [ "$(api "/meters/$id/readings" | jq -r ".items[0] | $2")" = true ]; }
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        if said "$1" "$2" 2>/dev/null; then return 0; fi
        sleep 0.1
    done
    fail "$1: found $(api "/meters/$id/readings" | jq -c '.items[0]')"
}
form '{"energy_kwh":12.3456}' '.energy_wh == 12345'
form '{"energy_kwh":0.29}' '.energy_wh == 290'
form '{"energy_wh":9007199254740991}' '.energy_wh == 9007199254740991'
form '{"energy_wh":0}' '.energy_wh == 0'
form '{"v":1,"energy_wh":7,"colour":"blue","nested":{"a":[1,2]}}' '.energy_wh == 7'
form '{"energy_wh":5,"export_wh":6}' '.export_wh == 6'
form '{"energy_wh":5,"export_kwh":0.006}' '.export_wh == 6'
form '{"registers":{"1.8.1":100,"1.8.2":200}}' '.registers == {"1.8.1":100,"1.8.2":200}'
form '{"interval_wh":250,"interval_s":900,"ts":"2026-11-20T10:15:00Z"}' '.interval_wh == 250 and .interval_s == 900'
form '{"energy_wh":5,"ts":"2026-11-20T07:00:00-03:00"}' '.ts[0:19] == "2026-11-20T10:00:00"'
form '{"energy_wh":5,"ts":1795168800000}' '.ts[0:19] == "2026-11-20T10:00:00"'
form '{"energy_wh":5,"power_w":-1500,"voltage_v":[229.9,230.1,231],"current_a":[1,2,3],"frequency_hz":50.01,"power_factor":-0.9}' '.power_w == -1500'
form '{"energy_wh":5,"flags":["power_fail"]}' '(.flags - ["server_time"]) == ["power_fail"]'
form '{"boot":"b1","readings":[{"energy_wh":1,"seq":0,"ts":"2026-11-20T10:00:00Z"},{"energy_wh":2,"seq":1,"ts":"2026-11-20T10:15:00Z"}]}' '.boot == "b1"'
note "$forms forms"
