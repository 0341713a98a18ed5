#!/usr/bin/env bash
# Operators decide on readings, over REST and with `qw`: a day is edited, a read refused, a gap estimated. The usage, the verdicts and the bill follow within
# seconds; beyond the threshold a second person approves; withdrawn, everything is as it was. Everything of it is in the audit.
. "$(dirname "$0")/../lib.sh"
stack_private
export QW_RECORDS_DB=$RECORDS_DB QW_LEDGER_DB=$LEDGER_DB
qw() { "$BIN/qw" "$@"; }
id=decided-$$
register "$id" 'reading_interval_s=3600'
second=$(qw user add bia --role operator --generate >/dev/null && qw token add --user bia --name second 2>/dev/null | grep -o 'qw_[a-z2-7]*' | head -n 1)
post() { api "$1" -X POST -H 'Content-Type: application/json' -d "$2" "${@:3}"; }

# Ten whole days of hourly reads, 400 Wh each, up to the midnight before last.
midnight=$(TZ=America/Sao_Paulo date -d "$(TZ=America/Sao_Paulo date -d '2 days ago' +%F)" +%s)
for ((hour = 0; hour <= 240; hour++)); do
    echo "{\"energy_wh\":$((5000000 + hour * 400)),\"ts\":$(((midnight - (240 - hour) * 3600) * 1000))}"
done | mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/$id/readings" -l
date_of() { TZ=America/Sao_Paulo date -d "@$((midnight - $1 * 86400 + 43200))" +%F; }
day() { api "/meters/$id/usage?bucket=day&from=$1&to=$(date -d "$1 + 1 day" +%F)" | jq -r '[.import_wh[0], .quality[0]] | join(" ")'; }
is() { [ "$(day "$1")" = "$2" ]; }
whole() { api "/meters/$id/usage?bucket=quarter_hour&from=$(date_of 10)&to=$(date_of -1)" | jq -c '[.import_wh, .quality]'; }
wait_for 10 "the days are there" is "$(date_of 1)" '9600 measured'
before=$(whole)

note "an edit"
edited=$(date_of 3)
made=$(post /estimates "{\"meter_id\":\"$id\",\"action\":\"edit\",\"from\":\"$edited\",\"to\":\"$(date_of 2)\",\"energy_wh\":12345,\"reason\":\"read by hand\"}")
expect '9600 12345 approved' "$(jq -r '"\(.before_wh) \(.after_wh) \(.state)"' <<<"$made")" "the edit"
wait_for 5 "the day is edited" is "$edited" '12345 edited'
post "/estimates/$(jq -r .estimate_id <<<"$made")/withdraw" '{}' >/dev/null
wait_for 5 "it is withdrawn" is "$edited" '9600 measured'
expect "$before" "$(whole)" "the quarter-hours after a withdrawal"

note "a second person"
made=$(post /estimates "{\"meter_id\":\"$id\",\"action\":\"edit\",\"from\":\"$edited\",\"to\":\"$(date_of 2)\",\"energy_wh\":500000,\"reason\":\"a new oven\"}")
great=$(jq -r .estimate_id <<<"$made")
expect proposed "$(jq -r .state <<<"$made")" "a great edit"
expect 403 "$(api_status "/estimates/$great/approve" -X POST)" "approving one's own"
expect '9600 measured' "$(day "$edited")" "the day while it is proposed"
API_TOKEN=$second api "/estimates/$great/approve" -X POST -H 'Content-Type: application/json' -d '{"note":"seen"}' >/dev/null
wait_for 5 "it is approved" is "$edited" '500000 edited'
qw estimate withdraw "$great" --note "no oven there" | grep -q 'is withdrawn' || fail "qw estimate withdraw"
wait_for 5 "it is withdrawn with qw" is "$edited" '9600 measured'

note "a read"
ts=$(date -u -d "@$((midnight - 30 * 3600))" +%FT%TZ)
value=$((5000000 + 210 * 400))
qw estimate add "$id" refuse --ts "$ts" --value-wh $value --reason "a photograph shows another number" | grep -q '800 Wh become 800 Wh, approved' || fail "qw estimate add"
set_aside() { [ "$(api "/verdicts?meter_id=$id&verdict=set_aside" | jq -r '.items | map(.value_wh) | join(" ")')" = $value ]; }
wait_for 5 "it is set aside" set_aside
expect 9600 "$(day "$(date_of 2)" | cut -d ' ' -f 1)" "the energy of its day"
post /estimates "{\"meter_id\":\"$id\",\"action\":\"accept\",\"ts\":\"$ts\",\"value_wh\":$value,\"reason\":\"it was right\"}" >/dev/null
chosen() { [ "$(api "/verdicts?meter_id=$id&verdict=chosen" | jq '.items | length')" = 1 ]; }
wait_for 5 "it is chosen" chosen
expect "$before" "$(whole)" "the quarter-hours after both"

note "a gap"
gap=$(date_of -1)
post /estimates "{\"meter_id\":\"$id\",\"action\":\"estimate\",\"from\":\"$(date_of 0)\",\"to\":\"$gap\",\"reason\":\"the modem is broken\"}" >/dev/null
wait_for 5 "the day without a read is estimated" is "$(date_of 0)" '9600 estimated'

note "the fleet's completeness is that of /quality, corrected energy and all"
post /estimates "{\"meter_id\":\"$id\",\"action\":\"edit\",\"from\":\"$gap\",\"to\":\"$(date_of -2)\",\"energy_wh\":9000,\"reason\":\"read at the door\"}" >/dev/null
wait_for 5 "yesterday is edited" is "$gap" '9000 edited'
agree() {
    [ "$(api /fleet/summary | jq -c '.completeness.yesterday | [.slots_expected, .slots_present, .present_permille]')" = \
        "$(api /quality | jq -c '.totals | [.slots_expected, .slots_measured + .slots_partial + .slots_edited, .present_permille]')" ]
}
wait_for 10 "both tell the same of yesterday" agree
expect 96 "$(api /fleet/summary | jq .completeness.yesterday.slots_present)" "quarter-hours of yesterday, all of them edited"

expect '{"approved":4,"withdrawn":2}' "$(qw estimate list --meter "$id" --json | jq -c 'group_by(.state) | map({(.[0].state): length}) | add')" "the list"
expect 9 "$(sqlite3 "file:$RECORDS_DB?mode=ro" "select count(*) from audit where action like 'decision.%'")" "rows of the audit"

note "made anew from facts and decisions"
settled() { [ "$(ledger 'SELECT count(*) FROM mark')" = 0 ]; }
wait_for 10 "nothing waits to be derived" settled
qw verify >"$WORK/verified" 2>&1 || { cat "$WORK/verified"; fail "what is derived is not what facts and decisions say"; }
