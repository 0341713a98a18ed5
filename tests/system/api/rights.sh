#!/usr/bin/env bash
# Who may see and do what. For a customer another's meter does not exist, nor does what the tenant before used; a write by
# cookie needs the session's token; a scope narrows a token; what is disabled or revoked ends at once.
. "$(dirname "$0")/api_lib.sh"
api_start
seed history casa-42 20
seed history casa-43 20
seed history casa-44 300

as() { curl -sS -b "$WORK/$1.jar" "${@:3}" "$URL/api/v1$2"; }
code() { status GET "/api/v1$2" -b "$WORK/$1.jar" "${@:3}"; }
login joao
login maria

expect 'casa-42 casa-44' "$(as maria /meters | jq -r '[.items[].meter_id] | join(" ")')" "maria's meters"
expect casa-43 "$(as joao /meters | jq -r '[.items[].meter_id] | join(" ")')" "joao's meters"
for path in '' /readings /usage /events /bill /alert-rules /live; do
    expect 404 "$(code maria "/meters/casa-43$path" -m 3)" "another's meter$path"
    expect "$(as maria "/meters/casa-43$path" | jq -r .detail)" "$(as maria "/meters/none$path" | jq -r .detail)" "another's meter reads like none$path"
done
expect 404 "$(code maria '/bills?meter_id=casa-43')" "another's bills"
expect 404 "$(code maria '/alerts?meter_id=casa-43')" "another's alerts"
expect casa-42 "$(as maria /bills | jq -r '[.items[].meter_id] | unique | join(" ")')" "maria's bills"
expect 'casa-43 casa-44' "$(as joao /bills | jq -r '[.items[].meter_id] | unique | join(" ")')" "joao's bills: those of the account that he left too"
expect 200 "$(code joao '/bills?meter_id=casa-44')" "bills of a meter that one left"
expect 404 "$(code maria /meters/casa-44/bill)" "the open bill of another's account"
expect 'casa-42 casa-44' "$(as maria /alerts | jq -r '[.items[].subject.meter_id] | unique | join(" ")')" "maria's alerts"
bill=$(curl -sS -H "Authorization: Bearer $TOKEN" "$URL/api/v1/bills?meter_id=casa-43&state=draft" | jq -r '.items[0].bill_id')
expect 404 "$(code maria "/bills/$bill")" "another's bill"
expect 200 "$(code joao "/bills/$bill")" "one's own bill"
expect 200 "$(code maria /tariffs/seeded)" "a tariff that anybody may read"
expect 403 "$(status PUT /api/v1/tariffs/seeded -b "$WORK/maria.jar" -H 'Content-Type: application/json' -d '{}')" "a customer's tariff document"
simulate() { status POST /api/v1/tariffs/seeded/simulate -b "$WORK/maria.jar" -H "X-CSRF-Token: $CSRF" -H 'Content-Type: application/json' -d "{\"meter_id\":\"$1\",\"from\":\"2020-01-01\"}"; }
expect 404 "$(simulate casa-43)" "another's meter under another tariff"
expect 422 "$(simulate casa-42)" "one's own, of which too little is known"
expect 404 "$(code maria "/bills/$bill/explain")" "what another's bill is made of"
expect 200 "$(code joao "/bills/$bill/explain")" "what one's own bill is made of"
alert=$(as joao /alerts | jq -r '.items[0].alert_id')
expect 404 "$(status POST "/api/v1/alerts/$alert/acknowledge" -b "$WORK/maria.jar" -H "X-CSRF-Token: $CSRF")" "acknowledging another's alert"
expect 403 "$(code maria /fleet/summary)" "the fleet"
expect 403 "$(code maria /estimates)" "decisions on readings"
expect 403 "$(code maria /estimates/estimate-1)" "one decision"
for verb in '' /preview /estimate-1/approve /estimate-1/reject /estimate-1/withdraw; do
    expect 403 "$(status POST "/api/v1/estimates$verb" -b "$WORK/maria.jar" -H "X-CSRF-Token: $CSRF" -H 'Content-Type: application/json' -d '{}')" "deciding on readings: $verb"
done
expect 403 "$(status POST /api/v1/meters -b "$WORK/maria.jar" -H "X-CSRF-Token: $CSRF" -H 'Content-Type: application/json' -d '{"meter_id":"x","tz":"UTC"}')" "registering a meter"

# casa-44 was joao's until 2026-06-01: what was used then is not maria's to see, and joao sees nothing of now
before='/meters/casa-44/usage?bucket=day&from=2026-05-20&to=2026-06-10'
expect 2026-06-01T03:00:00Z "$(as maria "$before" | jq -r '[.t, .import_wh] | transpose | map(select(.[1] != null)) | .[0][0]')" "the first day that maria sees"
expect 21 "$(curl -sS -H "Authorization: Bearer $TOKEN" "$URL/api/v1$before" | jq '[.import_wh[] | values] | length')" "the days that an operator sees"
expect 404 "$(code joao /meters/casa-44)" "a meter that one left"

# the same of verdicts and completeness; what was refused at the door is an operator's
seed exceptions casa-43 0
seed judged casa-42 10
seed judged casa-44 300
expect 'casa-42 casa-44' "$(as maria '/verdicts?limit=1000' | jq -r '[.items[].meter_id] | unique | join(" ")')" "maria's verdicts"
expect '4 2' "$(as maria '/verdicts?limit=1000' | jq -r '[(.items | group_by(.meter_id)[] | length)] | join(" ")')" "those of her accounts alone"
expect 2 "$(as maria '/verdicts?meter_id=casa-44' | jq '.items | length')" "those of her account of one meter"
expect neighbours "$(as joao '/verdicts?limit=1000' | jq -r '[.items[].place] | unique | join(" ")')" "joao's verdicts"
expect 403 "$(code joao '/verdicts?place=door')" "what was refused at the door"
expect 404 "$(code maria '/verdicts?meter_id=casa-43')" "another's verdicts"
seed found casa-42 2
seed found casa-43 2
seed found casa-44 300
expect 'casa-42 casa-44' "$(as maria '/verdicts?limit=1000&place=over_time' | jq -r '[.items[].meter_id] | unique | join(" ")')" "what was found of maria's meters"
expect 2026-06-01 "$(as maria '/verdicts?limit=1000&place=over_time' | jq -r '[.items[].day] | min')" "the first day of which maria is told"
expect over_time,neighbours "$(as joao '/verdicts?limit=1000&place=any' | jq -r '[.items[].place] | unique | reverse | join(",")')" "all that joao is told"
expect 0 "$(as maria '/verdicts?limit=1000&place=any&district=norte' | jq '.items | length')" "another's district"
expect 403 "$(code maria '/checks?meter_id=casa-42')" "the list over all meters"
expect 404 "$(code maria '/quality?meter_id=casa-43')" "another's completeness"
expect 'casa-42 casa-44' "$(as maria /quality | jq -r '[.items[].meter_id] | unique | join(" ")')" "maria's completeness"
expect 2 "$(as maria /quality | jq .totals.meters)" "maria's totals"
expect 2026-06-01 "$(as maria '/quality?meter_id=casa-44&from=2026-05-20&to=2026-06-10' | jq -r '.items[0].day')" "the first day that maria sees"
expect 8 "$(as joao '/meters/casa-43/events' | jq '.items | length')" "joao's events"
expect 200 "$(code joao /meters/casa-43/outages)" "joao's outages"
expect 404 "$(code joao /meters/casa-42/outages)" "somebody else's outages"

# writes by cookie
rules=(-X PUT -b "$WORK/maria.jar" -H 'Content-Type: application/json' -d '{}')
expect 403 "$(status PUT /api/v1/meters/casa-42/alert-rules "${rules[@]}")" "a write without the token"
expect 403 "$(status PUT /api/v1/meters/casa-42/alert-rules "${rules[@]}" -H 'X-CSRF-Token: wrong')" "a write with a wrong token"
expect 200 "$(status PUT /api/v1/meters/casa-42/alert-rules "${rules[@]}" -H "X-CSRF-Token: $CSRF")" "a write with the token"
maria_csrf=$CSRF
login joao
expect 403 "$(status PUT /api/v1/meters/casa-42/alert-rules "${rules[@]}" -H "X-CSRF-Token: $CSRF")" "a write with another session's token"

# tokens
for scheme in Basic bearerx ''; do expect 401 "$(status GET /api/v1/me -H "Authorization: $scheme $TOKEN")" "scheme '$scheme'"; done
said=$("$QW" token add --user op --name narrow --scopes bills:read 2>&1)
narrow=$(grep -o 'qw_[a-z2-7]*' <<<"$said")
expect 200 "$(status GET /api/v1/bills -H "Authorization: Bearer $narrow")" "what the scope allows"
expect 403 "$(status GET /api/v1/meters -H "Authorization: Bearer $narrow")" "what the scope does not allow"
expect 403 "$(status DELETE /api/v1/session -H "Authorization: Bearer $narrow")" "a token is no session"
"$QW" token revoke "$(grep -o 'token [0-9a-f]*' <<<"$said" | cut -d' ' -f2)" >/dev/null
expect 401 "$(status GET /api/v1/bills -H "Authorization: Bearer $narrow")" "a revoked token"

# ends of sessions
expect 204 "$(status DELETE /api/v1/session -b "$WORK/maria.jar" -H "X-CSRF-Token: $maria_csrf")" "logging out"
expect 401 "$(code maria /me)" "a session that was ended"
"$QW" user disable joao >/dev/null
expect 401 "$(code joao /me)" "a disabled login's session"

# guesses are slowed down, by name, whoever asks; the answer's text does not tell who exists
guess() { status POST /api/v1/session -H 'Content-Type: application/json' -d "{\"username\":\"$1\",\"password\":\"$2\"}"; }
for _ in 1 2 3; do expect 401 "$(guess op wrong-password)" "a wrong password"; done
expect 429 "$(guess op op-password)" "even the right password, too soon"
curl -sS -D - -o /dev/null -H 'Content-Type: application/json' -d '{"username":"op","password":"x"}' "$URL/api/v1/session" | grep -qi '^retry-after: [1-9]' || fail "429 has no Retry-After"
if grep -q -e op-password -e wrong-password -e "$TOKEN" "$WORK/api.log"; then fail "a secret is in the log"; fi
