#!/usr/bin/env bash
# The devices of a meter: entered with it, said anew (what its register showed before is judged by its maximum then), and exchanged by an event that the
# meter sends; one line of them is served.
. "$(dirname "$0")/../lib.sh"
stack_shared
id=device-$$
now=$(date +%s)
at() { date -u -d "@$((now - $1))" +%FT%TZ; }
say() { api "$1" -X "$2" -H 'Content-Type: application/json' -d "$3"; }
say /meters POST "{\"meter_id\":\"$id\",\"tz\":\"America/Sao_Paulo\",\"device\":{\"serial\":\"S-1\",\"model\":\"M1\",\"installed_from\":\"$(at 90000)\"}}" >/dev/null
devices() { api "/meters/$id" | jq -r '[.device[] | "\(.serial) \(.model // "-") \(.register_max_wh // "-") \(if .installed_until then "gone" else "here" end)"] | join("; ")'; }
expect 'S-1 M1 - here' "$(devices)" "the device that was entered with the meter"
# the register turns over behind 99999, and nobody said so
for ((i = 0; i <= 20; i++)); do
    echo "{\"ts\":\"$(at $((3600 - i * 60)))\",\"energy_wh\":$((i < 5 ? 99955 + i * 10 : i * 10 - 45))}"
done | mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/$id/readings" -l
judged_as() { [ "$(api "/verdicts?meter_id=$id" | jq -r '[.items[].verdict] | join(" ")')" = "$1" ]; }
wait_for 10 "a new beginning, as far as is known" judged_as reset
say "/meters/$id" PATCH '{"device":{"serial":"S-1","register_max_wh":99999}}' >/dev/null
wait_for 10 "a register that turned over" judged_as rollover
expect 'S-1 M1 99999 here' "$(devices)" "the device that was said anew"
mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/$id/events" -m "{\"event\":\"exchange\",\"ts\":\"$(at 1800)\",\"old\":{\"serial\":\"S-1\",\"final_wh\":160},\"new\":{\"serial\":\"S-2\",\"start_wh\":3,\"register_max_wh\":999999}}"
line() { [ "$(devices)" = "$1" ]; }
wait_for 10 "the exchange in the line" line 'S-1 M1 99999 gone; S-2 - 999999 here'
refused() { # BODY POINTER
    [ "$(api_status "/meters/$id" -X PATCH -H 'Content-Type: application/json' -d "$1")" = 400 ] || fail "not refused: $1"
    curl -sS -H "Authorization: Bearer $API_TOKEN" -X PATCH -H 'Content-Type: application/json' -d "$1" "$URL/api/v1/meters/$id" | jq -e --arg at "$2" '.errors[0].pointer == $at' >/dev/null || fail "not told where: $1"
}
refused '{"device":{"model":"M2"}}' /device/serial
refused '{"device":{"serial":"S-1","register_max_wh":0}}' /device/register_max_wh
refused '{"device":{"serial":"S-1","installed_from":"yesterday"}}' /device/installed_from
refused '{"device":{"serial":"S-1","colour":"red"}}' /device/colour
