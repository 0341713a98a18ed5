#!/usr/bin/env bash
# Who may say what at the broker. Nobody comes in without the right password. A new device claims its identity with the one
# claim login and gets a login of its own; with it, it publishes its own readings and nobody else's. A household's login
# reads its own meters and hears nothing of its neighbours.
. "$(dirname "$0")/../lib.sh"
stack_private --meters 3

expect_refused() { # WHAT COMMAND…
    local what=$1
    shift
    ! "$@" >"$WORK/out" 2>&1 || fail "$what was let in"
    grep -q -i 'not authori[sz]ed' "$WORK/out" || { cat "$WORK/out"; fail "$what: refused for another reason"; }
}
at=(-h "$MQTT_HOST" -p "$MQTT_PORT")
expect_refused "no login" mosquitto_pub "${at[@]}" -t meters/x/readings -m '{"energy_wh":1}' -q 1
expect_refused "a wrong password" mosquitto_pub "${at[@]}" -u "$MQTT_USER" -P "${MQTT_PASSWORD}x" -t meters/x/readings -m '{"energy_wh":1}' -q 1
expect_refused "an empty password" mosquitto_pub "${at[@]}" -u "$MQTT_USER" -P '' -t meters/x/readings -m '{"energy_wh":1}' -q 1
expect_refused "the ingestor without a password" mosquitto_pub "${at[@]}" -u ingestor -t meters/x/readings -m '{"energy_wh":1}' -q 1

# a device claims its identity: the same serial and code give the same meter, with a fresh password
claim() { # NONCE CODE
    mosquitto_rr "${at[@]}" -u "$CLAIM_USER" -P "$CLAIM_PASSWORD" -i "$1" -q 1 -W 10 -t "provision/requests/$1" -e "provision/responses/$1" \
        -m "{\"serial\":\"$CLAIM_SERIAL\",\"model\":\"test\",\"claim_code\":\"$2\"}"
}
nonce() { head -c 20 /dev/urandom | base32; }
answer=$(claim "$(nonce)" "$CLAIM_CODE")
meter=$(jq -er .meter_id <<<"$answer") || fail "no identity: $answer"
user=$(jq -r .username <<<"$answer") password=$(jq -r .password <<<"$answer")
expect "$meter" "$user" "a meter's user name"

# the broker reads the new login within its second
as_meter() { mosquitto_pub "${at[@]}" -u "$user" -P "$password" -q 1 "$@"; }
wait_for 5 "the new login is good" as_meter -t "meters/$meter/readings" -m '{"energy_wh":4242}'
stored() { [ "$(api "/meters/$1/readings" | jq "[.items[].energy_wh] | index($2) != null")" = true ]; }
wait_for 5 "its reading is stored" stored "$meter" 4242

# under another's name nobody hears it
as_meter -t meters/casa-001/readings -m '{"energy_wh":1}'
as_meter -t meters/somebody-new/readings -m '{"energy_wh":1}'
as_meter -t "meters/$meter/readings" -m '{"energy_wh":4243}'
wait_for 5 "what it says of itself still arrives" stored "$meter" 4243
expect 404 "$(api_status /meters/somebody-new)" "a meter that another one's login made up"
expect false "$(api '/meters/casa-001/readings?limit=1000' | jq '[.items[].energy_wh] | index(1) != null')" "a reading under another's name"

# another code for a serial that is taken is refused
expect null "$(claim "$(nonce)" wrong-code | jq -c .password)" "a password for a wrong claim code"
# and another device's answer cannot be read, whatever one subscribes to
background mosquitto_sub "${at[@]}" -u "$CLAIM_USER" -P "$CLAIM_PASSWORD" -i spy -q 1 -t 'provision/#' -t '#' >"$WORK/spied" 2>&1
sleep 0.5
claim "$(nonce)" "$CLAIM_CODE" >/dev/null
sleep 1
[ ! -s "$WORK/spied" ] || fail "the claim login read another's answer: $(head -c 300 "$WORK/spied")"

# a household: its own meter, not the neighbour's
own=$(curl -sS -c "$WORK/jar" -H 'Content-Type: application/json' -d "{\"username\":\"$CUSTOMER_USER\",\"password\":\"$CUSTOMER_PASSWORD\"}" \
    "$URL/api/v1/session" >/dev/null && curl -sS -b "$WORK/jar" "$URL/api/v1/meters" | jq -r '.items[].meter_id')
[ -n "$own" ] || fail "the household has no meter"
background mosquitto_sub "${at[@]}" -u "$CUSTOMER_USER" -P "$CUSTOMER_PASSWORD" -v -q 1 -t 'meters/#' -t 'alerts/#' >"$WORK/heard" 2>&1
sleep 0.5
for meter in casa-001 casa-002 casa-003; do
    publish "meters/$meter/status" "{\"state\":\"online\",\"serial\":\"$meter\"}"
    publish "meters/$meter/rejects" '{"verdict":"test"}'
done
sleep 1
for meter in casa-001 casa-002 casa-003; do
    if grep -qx "$meter" <<<"$own"; then
        grep -q "^meters/$meter/" "$WORK/heard" || fail "the household hears nothing of its own $meter"
    else
        ! grep -q "^meters/$meter/" "$WORK/heard" || fail "the household hears of $meter: $(grep -m 3 "^meters/$meter/" "$WORK/heard")"
    fi
done
