#!/usr/bin/env bash
# A new meter asks for its identity with the claim login, keeps it in a file that only its owner reads, and does not ask
# again. Killed between asking and the answer, it asks again with the same serial. Refused, it leaves with 1 and the words.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/broker_lib.sh"
own_broker
listen "$WORK/heard" 'provision/requests/+' 'meters/#'

# nobody answers: it asks, and is killed
one_meter "$WORK/m1" --claim-code abc
wait_for 10 "asked" grep -q provision/requests "$WORK/heard"
kill -9 "$meter_pid"
serial=$(jq -r .serial "$WORK/m1/identity.json")
expect 600 "$(stat -c %a "$WORK/m1/identity.json")" "mode of the identity"

# answered: the same serial under another nonce
one_meter "$WORK/m1" --claim-code abc
wait_for 10 "a second request" bash -c "[ \$(grep -c provision/requests '$WORK/heard') -ge 2 ]"
line=$(grep provision/requests "$WORK/heard" | tail -n 1)
first=$(grep provision/requests "$WORK/heard" | head -n 1)
nonce=${line%% *} nonce=${nonce##*/}
expect "$serial" "$(jq -r .serial <<<"${line#* }")" "serial of the second request"
expect abc "$(jq -r .claim_code <<<"${line#* }")" "claim code"
[ "${first%% *}" != "${line%% *}" ] || fail "the nonce was used twice"
[[ $nonce =~ ^[a-z2-7]{26,}$ ]] || fail "no nonce of 128 bits: $nonce"
mosquitto_pub "${MQTT[@]}" -q 1 -t "provision/responses/$nonce" -m '{"meter_id":"casa-42","username":"casa-42","password":"secret"}'
wait_for 10 "readings under the new name" grep -q '^meters/casa-42/readings' "$WORK/heard"
expect "casa-42 secret" "$(jq -r '"\(.meter_id) \(.password)"' "$WORK/m1/identity.json")" "identity"
expect 600 "$(stat -c %a "$WORK/m1/identity.json")" "mode of the identity"
kill "$meter_pid"
wait "$meter_pid" || fail "the meter did not leave cleanly"
! grep -q secret "$WORK/m1.log" || fail "the log tells a secret"

# again: it knows who it is
requests=$(grep -c provision/requests "$WORK/heard")
one_meter "$WORK/m1" --claim-code abc
wait_for 10 "online again" bash -c "[ \$(grep -c '\"state\":\"online\"' '$WORK/heard') -ge 2 ]"
expect "$requests" "$(grep -c provision/requests "$WORK/heard")" "requests after the identity was known"
kill "$meter_pid"

# refused
one_meter "$WORK/m2" --serial S-2 --claim-code wrong
wait_for 10 "asked with S-2" grep -q S-2 "$WORK/heard"
line=$(grep S-2 "$WORK/heard" | tail -n 1) nonce=${line%% *} nonce=${nonce##*/}
mosquitto_pub "${MQTT[@]}" -q 1 -t "provision/responses/$nonce" -m '{"error":"this serial has another claim code"}'
status=0
wait "$meter_pid" || status=$?
expect 1 "$status" "exit status when refused"
grep -q 'another claim code' "$WORK/m2.log" || fail "the refusal's words are not in the log"
