#!/usr/bin/env bash
# What became of readings is told twice and alike, for a real household's registers and for faults made in them: by the reading itself
# (verdict and quality) and by the exception queue. Readings refused at the door stand in the queue with what was sent, events
# in the meter's own list, and the days that were read are complete.
. "$(dirname "$0")/../lib.sh"
shared_data data/nl_toon_hourly_registers/toon_registers_2018-2023.csv.gz
stack_shared

# rows FROM UNTIL COLUMN: readings as NDJSON, hour by hour, of one column of the file
rows() {
    zcat "$SHARED_FILE" | awk -F, -v from="$(date -u -d "$1" +%s)" -v until="$(date -u -d "$2" +%s)" -v column="$3" \
        'NR > 1 && $1 >= from && $1 < until && $column != "" {printf "{\"ts\":%d000,\"energy_wh\":%d}\n", $1, $column}'
}
# send METER: a batch of the NDJSON on the input
send() { jq -sc '{readings: .}' | mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/$1/readings" -s; }
readings() { api "/meters/$1/readings?limit=1000&order=asc"; }
# odd METER: "ts verdict" of each reading that is not plainly accepted
odd() { readings "$1" | jq -r '.items[] | select(.verdict != "accepted") | "\(.ts) \(.verdict) \(.quality)"'; }
queue() { api "/verdicts?limit=1000&place=neighbours&meter_id=$1" | jq -r '.items | reverse | .[] | "\(.ts) \(.verdict) \(if .counts then "estimated" else "missing" end)"'; }
alike() { # METER VERDICT…: each of these verdicts is there, and both tell the same
    local verdict
    [ "$(odd "$1" | sort -u)" = "$(queue "$1" | sort -u)" ] || return 1
    for verdict in "${@:2}"; do odd "$1" | grep -q " $verdict " || return 1; done
}
told() { # METER VERDICT…
    for _ in $(seq 150); do ! alike "$@" || return 0; sleep 0.1; done
    diff <(odd "$1") <(queue "$1") || true
    fail "$1: wanted ${*:2}, and the same from readings and queue"
}

# the leap of 122.9 kWh that stays; the solar counter that began anew, and went back a little later
leap=leap-$$ solar=solar-$$ made=made-$$
for meter in $leap $solar $made; do register "$meter" 'tz="Europe/Amsterdam"'; done
rows 2018-05-29T00:00Z 2018-06-02T00:00Z 2 | send $leap
rows 2020-01-05T00:00Z 2020-01-25T00:00Z 6 | send $solar
told $leap catch_up
expect '2018-05-31T20:00:00Z catch_up estimated' "$(odd $leap)" "the leap that stays"
told $solar reset transient
expect '2020-01-10T08:00:00Z reset estimated' "$(odd $solar | grep reset)" "the counter that began anew"
expect '2020-01-20 2020-01-21' "$(odd $solar | grep transient | cut -c 1-10 | sort -u | paste -sd' ')" "the night that lay 16 Wh below the evening"
expect missing "$(odd $solar | grep transient | cut -d' ' -f3 | sort -u)" "the quality of a read that was set aside"

# faults made in real rows, by row: a zero, a spike, a sentinel, a test read, two values at once
rows 2018-04-10T00:00Z 2018-04-14T00:00Z 2 | jq -c '
    if input_line_number == 20 then .energy_wh = 0
    elif input_line_number == 40 then .energy_wh += 5000000
    elif input_line_number == 60 then .energy_wh = 4294967295
    elif input_line_number == 70 then .flags = ["test"]
    elif input_line_number == 80 then (., .energy_wh += 900000)
    else . end' >"$WORK/made"
send $made <"$WORK/made"
told $made transient implausible sentinel test conflict
truth=$(($(rows 2018-04-13T23:00Z 2018-04-14T00:00Z 2 | jq .energy_wh) - $(rows 2018-04-10T00:00Z 2018-04-10T01:00Z 2 | jq .energy_wh)))
served() { [ "$(days $made 2018-04-09 2018-04-15 Europe/Amsterdam | awk '{sum += $2} END {print sum}')" = "$truth" ]; }
wait_for 10 "the energy between the first and the last read, $truth Wh" served
expect 5 "$(queue $made | cut -d' ' -f2 | sort -u | wc -l)" "kinds of verdicts"
expect 'false' "$(api "/verdicts?meter_id=$made&verdict=implausible" | jq -c '[.items[].counts] | unique[]')" "a spike does not count"

# completeness of a whole local day in it, and of one that nobody read
day=$(api "/quality?meter_id=$made&from=2018-04-11&to=2018-04-12" | jq -c '.items[0] | [.slots_expected, .slots_missing, .present_permille, .import_wh > 0]')
[[ $day == '[96,0,'*',true]' ]] || fail "completeness of a whole day: $day"
expect '[0,null]' "$(api "/quality?meter_id=$made&from=2018-03-01&to=2018-03-02" | jq -c '.items[0] | [.slots_expected, .import_wh]')" "a day before everything"

# at the door: what was sent can be read, whatever it is
publish "meters/$made/readings" '{"energy_wh":-5,"note":"<b>"}'
publish "meters/$made/readings" $'not "json\t'
refused() { [ "$(api "/verdicts?place=door&meter_id=$made" | jq -r '[.items[].verdict] | sort | join(" ")')" = 'bad_json out_of_range' ]; }
wait_for 5 "two refusals in the queue" refused
expect $'not "json\t' "$(api "/verdicts?verdict=bad_json&meter_id=$made" | jq -r '.items[0].payload')" "a payload as it was sent"

# events as they were received, newest first
publish "meters/$made/events" '{"event":"tamper","ts":"2018-04-12T10:00:00Z","cover":"open"}'
publish "meters/$made/events" '{"event":"power_fail","ts":"2018-04-12T11:00:00Z"}'
events() { [ "$(api "/meters/$made/events" | jq -c '[.items[] | [.event, .ts, .document.cover]]')" = '[["power_fail","2018-04-12T11:00:00Z",null],["tamper","2018-04-12T10:00:00Z","open"]]' ]; }
wait_for 5 "two events" events
