#!/usr/bin/env bash
# What the running system says on MQTT, and what simulated meters say, is what docs/asyncapi.yaml describes: each message heard
# comes on a described topic, with its QoS and retain, and fits a schema of it. Heard are receipts, the refusal of everything in
# tests/contract/payloads/bad (each with the verdict in its file's name), a resend after a hole, bills, an alert from its
# beginning through acknowledgement and end to the empty retained message, an identity and its refusal.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../api/npm_lib.sh"
. "$(dirname "$0")/wire_lib.sh"
stack_shared
PAYLOADS=$ROOT/tests/contract/payloads
id=msg-$$

heard=$WORK/heard
background mosquitto_sub "${MQTT[@]}" -V mqttv5 --retain-as-published -q 1 -F '%t %q %r %x' \
    -t 'meters/+/receipt' -t 'meters/+/rejects' -t 'meters/+/commands' -t 'meters/+/bill' -t 'alerts/#' -t 'provision/responses/#' \
    -t 'meters/casa-001/readings' -t 'meters/casa-001/status' >"$heard"
text() { printf '%b\n' "$(sed 's/../\\x&/g' <<<"$1")"; } # HEX
payloads() { grep "^$1 " "$heard" | cut -d ' ' -f 4 | while read -r hex; do text "$hex"; done; } # TOPIC
on() { grep -c "^$1 $2 $3 ..*" "$heard"; } # TOPIC QOS RETAIN: how many, empty ones left out
wait_for 10 "listening" test -s "$heard"

# a hole in seq: it is asked for after 10 s, so this comes first
register "$id-hole"
for seq in 0 1 4; do publish "meters/$id-hole/readings" "{\"energy_wh\":$((1000 + seq)),\"ts\":$(($(now_ms) - 60000 + seq)),\"seq\":$seq,\"boot\":\"b1\"}"; done
wait_for 5 "a receipt" on "meters/$id-hole/receipt" 0 0

# an alert, from its beginning to its end; in a zone where it is noon, so that midnight is far
hour=$(date -u +%-H) zone=Etc/GMT$((hour - 12))
[ "$hour" -lt 12 ] || zone=Etc/GMT+$((hour - 12))
rule() { api "/meters/$id-alert/alert-rules" -X PUT -H 'Content-Type: application/json' -d "{\"excess_consumption\":$1}" >/dev/null || fail "the rule $1"; }
register "$id-alert" "tz=\"$zone\"" 'service={"phases":3,"volts":230,"amps":100}'
rule '{"day_wh":2000}'
sleep 1
publish "meters/$id-alert/readings" "{\"readings\":[{\"energy_wh\":1000,\"ts\":$(($(now_ms) - 7200000))},{\"energy_wh\":6000,\"ts\":$(($(now_ms) - 3600000))}]}"
topic=alerts/$id-alert/excess_consumption
wait_for 10 "the alert" on "$topic" 1 1
alert=$(api "/alerts?meter_id=$id-alert&state=active" | jq -r '.items[0].alert_id')
api "/alerts/$alert/acknowledge" -X POST -H 'Content-Type: application/json' -d '{"note":"seen"}' >/dev/null || fail "acknowledging"
acknowledged() { [ "$(on "$topic" 1 1)" -ge 2 ]; }
wait_for 10 "the alert, acknowledged" acknowledged
rule '{"day_wh":90000}'
wait_for 20 "the alert's end" on "$topic" 1 0
wait_for 5 "the empty retained message" grep -q "^$topic 1 1 $" "$heard"

# every good and every bad payload; what is good may still be of a time that is refused
meters=(good bad)
for meter in "${meters[@]}"; do register "$id-$meter"; done
say() { mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/$id-$1/$2" -f "$3"; }
for meter in "${meters[@]}"; do
    for file in "$PAYLOADS/$meter"/reading.*.json; do say "$meter" readings "$file"; done
    for file in "$PAYLOADS/$meter"/status.*.json; do say "$meter" status "$file"; done
    for file in "$PAYLOADS/$meter"/event.*.json; do say "$meter" events "$file"; done
done
publish "meters/$id-bad/readings" "{\"energy_wh\":1,\"ts\":$(($(now_ms) + 3600000)),\"seq\":7}"
publish "meters/$id-bad/readings" '{"energy_wh":1,"ts":5}'

# a device that asks for an identity, and one that nobody knows
claim() { # SERIAL CODE
    local nonce
    nonce=$(head -c 20 /dev/urandom | base32)
    mosquitto_rr -h "$MQTT_HOST" -p "$MQTT_PORT" -u "$CLAIM_USER" -P "$CLAIM_PASSWORD" -i "$nonce" -q 1 -W 10 \
        -t "provision/requests/$nonce" -e "provision/responses/$nonce" -m "{\"serial\":\"$1\",\"model\":\"test\",\"claim_code\":\"$2\"}" >/dev/null || fail "no answer for $1"
}
claim "$CLAIM_SERIAL" "$CLAIM_CODE"
claim "$id-unknown" no-code

wait_for 30 "a resend" on "meters/$id-hole/commands" 1 0
command=$(payloads "meters/$id-hole/commands" | head -n 1)
expect '["resend","b1",2,3]' "$(jq -c '[.command, .boot, .from_seq, .to_seq]' <<<"$command")" "the hole that is asked for"
publish "meters/$id-hole/events" "$(jq -c '{event: "command", command_id, result: "done"}' <<<"$command")"
wait_for 70 "a bill" grep -q '^meters/[^ ]*/bill 1 1 ' "$heard"

# each refusal that a file's name promises is heard: as many of each verdict, plus the two of their time
{
    find "$PAYLOADS/bad" -name '*.json' -not -name 'provision_request.*' -printf '%f\n' | cut -d . -f 2
    printf '%s\n' bad_type bad_type missing_ts # further ones of a batch of three numbers, and of two without ts
    printf '%s\n' future clock_invalid
} | sort >"$WORK/wanted"
all_refused() { [ "$(on "meters/$id-bad/rejects" 0 0)" -ge "$(wc -l <"$WORK/wanted")" ]; }
wait_for 30 "every refusal" all_refused
sleep 1 # there might be one too many
payloads "meters/$id-bad/rejects" | jq -r .verdict | sort >"$WORK/found"
diff "$WORK/wanted" "$WORK/found" || fail "refusals of the bad payloads differ (wanted <, heard >)"
others=$(payloads "meters/$id-good/rejects" | jq -r .verdict | sort -u | tr '\n' ' ')
expect "clock_invalid future " "$others" "verdicts of good payloads"

node "$HERE/messages.mjs" "$ROOT" "$heard" || fail "messages that do not fit"
