#!/usr/bin/env bash
# Bad readings are refused one by one, each with the name of what is wrong, told on the meter's `rejects` topic and counted;
# their neighbours in the same batch are stored. received = accepted + repeated + refused holds at every moment it is read.
. "$(dirname "$0")/../lib.sh"
stack_shared
id=verdict-$$
register "$id"
background mosquitto_sub "${MQTT[@]}" -q 1 -t "meters/$id/rejects" >"$WORK/rejects"
sleep 0.5

refused() { # VERDICT PAYLOAD
    local before
    before=$(wc -l <"$WORK/rejects")
    publish "meters/$id/readings" "$2"
    told() { [ "$(tail -n +$((before + 1)) "$WORK/rejects" | jq -r .verdict | head -n 1)" = "$1" ]; }
    for _ in $(seq 30); do ! told "$1" || return 0; sleep 0.1; done
    fail "wanted $1 for $(cut -c 1-100 <<<"$2"), told: $(tail -n +$((before + 1)) "$WORK/rejects" | head -n 1)"
}
refused bad_json 'not json'
refused bad_json '{"energy_wh":1'
refused bad_type '{"energy_wh":"123"}'
refused bad_type '{"energy_wh":true}'
refused out_of_range '{"energy_wh":-1}'
refused out_of_range '{"energy_wh":9007199254740992}'
refused unsupported_version '{"v":2,"energy_wh":1}'
refused missing_ts '{"readings":[{"energy_wh":1},{"energy_wh":2,"ts":"2026-11-20T10:00:00Z"}]}'
refused future "{\"energy_wh\":1,\"ts\":$((($(date +%s) + 3600) * 1000))}"
refused clock_invalid '{"energy_wh":1,"ts":"1999-12-31T23:00:00Z"}'
refused clock_invalid '{"energy_wh":1,"flags":["clock_invalid"]}'

# one bad one between two good ones
publish "meters/$id/readings" '{"readings":[{"energy_wh":10,"ts":"2026-11-19T10:00:00Z"},{"energy_wh":-5,"ts":"2026-11-19T10:15:00Z"},{"energy_wh":30,"ts":"2026-11-19T10:30:00Z"}]}'
both() { [ "$(api "/meters/$id/readings?limit=100" | jq -c '[.items[] | select(.verdict == "accepted" and (.ts[0:10] == "2026-11-19")) | .energy_wh] | sort')" = '[10,30]' ]; }
wait_for 2 "the neighbours of a bad reading are stored" both

# one look at the counters of the store, which change in one transaction
counters=$(ledger "select name, value from number where name like 'readings.%'")
of() { awk -F '|' -v name="$1" 'index($1, name) == 1 {sum += $2} END {print sum + 0}' <<<"$counters"; }
received=$(of readings.received) accepted=$(of readings.accepted) repeated=$(of readings.repeated) refused=$(of readings.refused)
note "received $received = accepted $accepted + repeated $repeated + refused $refused"
expect "$received" "$((accepted + repeated + refused))" "received"
for verdict in bad_json bad_type out_of_range unsupported_version missing_ts future clock_invalid; do
    [ "$(metric qw_ingestor_readings_refused_total "verdict=\"$verdict\"")" -ge 1 ] || fail "$verdict is not counted in /metrics"
done
