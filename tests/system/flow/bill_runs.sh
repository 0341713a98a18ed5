#!/usr/bin/env bash
# The life of a bill: a draft at the end of its cycle, previewed, issued with a number, paid; then a reading that comes late makes another bill of it, and the
# next run corrects it: the lines of the first edition taken back, the new ones in their place, and the reading named. The first edition stays as it was.
#
# row: after the bill was issued
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../api/npm_lib.sh"
stack_private
export QW_RECORDS_DB=$RECORDS_DB QW_LEDGER_DB=$LEDGER_DB
qw() { "$BIN/qw" "$@"; }
post() { api "$1" -X POST -H 'Content-Type: application/json' -d "${2-{\}}"; }
id=billed-$$
qw tariff load "$ROOT/deploy/demo/residential.json" --default >/dev/null
qw customer add ana --name Ana >/dev/null
register "$id" 'reading_interval_s=3600'
qw account add --customer ana --meter "$id" --from 2025-01-01 >/dev/null

# Hourly reads of 400 Wh from two months before the present one to the present one's second day; one is held back.
export TZ=America/Sao_Paulo # dates are the meter's, also when it is tomorrow already in UTC
first=$(date -d "$(date +%Y-%m-01) - 2 months" +%F)
begin=$(date -d "$first" +%s)
now=$(date +%s)
hours=$(((now - begin) / 3600))
for ((hour = 0; hour <= hours; hour++)); do
    [ $hour -ne 100 ] || continue
    echo "{\"energy_wh\":$((5000000 + hour * 400)),\"ts\":$(((begin + hour * 3600) * 1000))}"
done | mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/$id/readings" -l
draft() { api "/bills?state=draft&meter_id=$id" | jq -r --arg from "$first" '.items[] | select(.cycle_from == $from) | .total_minor'; }
there() { [ -n "$(draft)" ] && [ "$(sqlite3 "$LEDGER_DB" 'SELECT count(*) FROM mark')" = 0 ]; }
wait_for 15 "the draft of the first cycle" there

note "a preview"
qw setting set bill_grace_days 45 >/dev/null
run=$(post /bill-runs)
items() { api "/bill-runs/$(jq -r .run_id <<<"$run")/items?state=$1" | jq -r '.items[] | [.cycle_from, (.gates | join("+")), .number // "-", .negates // "-"] | join(" ")'; }
expect "$(date -d "$(date +%Y-%m-01) - 1 month" +%F) grace - -" "$(items held)" "what the days of grace hold"
expect "$first  - -" "$(items ready)" "what is ready: the hole of an hour is no gap"

note "issued"
done=$(post "/bill-runs/$(jq -r .run_id <<<"$run")/issue")
expect 'issued 1' "$(jq -r '"\(.state) \(.counts.issued)"' <<<"$done")" "the run"
bill=$(api "/bills?state=issued&meter_id=$id" | jq '.items[0]')
bill_id=$(jq -r .bill_id <<<"$bill")
expect "1 1 issued open $(TZ=America/Sao_Paulo date -d '+10 days' +%F)" "$(TZ=UTC jq -r '"\(.number) \(.edition) \(.state) \(.payment.state) \(.due_date)"' <<<"$bill")" "the issued bill"
before=$(jq .total_minor <<<"$bill")
api "/bills/$bill_id/payment" -X PUT -H 'Content-Type: application/json' -d '{"state":"paid","reference":"PIX E1"}' >/dev/null
expect paid "$(api "/bills/$bill_id" | jq -r .payment.state)" "its payment"
expect 0 "$(post /bill-runs | jq .counts.corrections)" "corrections while nothing changed"

# each line, down to the intervals that made it: by days they add up to the quantity, one by one too
adds_up() { # QUERY NUMBER STATE
    api "/bills/$bill_id/explain$1" | jq -r '"\(.number) \(.state) \(.inputs) \(.as_billed) " + ([.lines[] | select(.energy) |
        ((.intervals.wh | add) == .energy.quantity_wh and .energy.quantity_wh == ((.quantity | tonumber) * 1000 | round)
        and (.intervals.metered_wh | add) == .energy.metered_wh)] | "\(length > 0 and all)")'
}
expect "1 issued recorded true true" "$(adds_up '')" "the issued bill explained"
expect "1 issued recorded true true" "$(adds_up '?line=0')" "one line of it"
expect "$(jq -c '[.lines[] | [.id, .amount_minor, .exact_minor, .rule, .act]]' <<<"$bill")" \
    "$(api "/bills/$bill_id/explain" | jq -c '[.lines[] | [.id, .amount_minor, .exact_minor, .rule, .act]]')" "its lines, fractions, clauses and acts"
first_day() { api "/bills/$bill_id/explain$1" | jq -c '.lines[0].intervals | [.t[9], .metered_wh[9]]'; }
was=$(first_day '')
open_id=$(api "/meters/$id/bill" | jq -r .bill_id)
expect 'open ledger true' "$(api "/bills/$open_id/explain" | jq -r '"\(.state) \(.inputs) \(.as_billed)"')" "the bill so far explained"

simulated=$(post /tariffs/br.cpfl-piratininga.b1/simulate "{\"meter_id\":\"$id\",\"from\":\"$first\",\"to\":\"$(date -d "$first + 1 month" +%F)\"}")
expect "$before $before 0 true" "$(jq -r '.totals as $t | "\($t.total_minor) \($t.own_total_minor) \($t.difference_minor) \(.completeness.days_asked == .completeness.days_covered)"' <<<"$simulated")" \
    "its own tariff once more: $(head -c 300 <<<"$simulated")"

note "a reading comes late"
# the one held back: it says that 350 Wh of the two hours fell into the first; the quarter-hours were estimates, the total is the same
echo "{\"energy_wh\":$((5000000 + 99 * 400 + 350)),\"ts\":$(((begin + 100 * 3600) * 1000))}" | mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/$id/readings" -l
measured() { api "/meters/$id/usage?bucket=day&from=$first&to=$(date -d "$first + 31 days" +%F)" | jq -e '.complete and (.quality | all(. == "measured"))' >/dev/null; }
wait_for 10 "every hour is measured" measured
# and an edit of one day that takes 4 kWh away
post /estimates "{\"meter_id\":\"$id\",\"action\":\"edit\",\"from\":\"$(date -d "$first + 9 days" +%F)\",\"to\":\"$(date -d "$first + 10 days" +%F)\",\"energy_wh\":5600,\"reason\":\"a fault of the meter\"}" >/dev/null
edited() { [ "$(ledger "SELECT total_minor < $before FROM bill WHERE bill_id = '$bill_id'")" = 1 ]; }
wait_for 10 "the draft follows" edited
expect "$before" "$(api "/bills/$bill_id" | jq .total_minor)" "the issued bill, which nothing changes"
run=$(post /bill-runs)
expect "$first  - 1" "$(items ready)" "a correction is ready"
post "/bill-runs/$(jq -r .run_id <<<"$run")/issue" >/dev/null
bill=$(api "/bills/$bill_id")
expect '2 2 adjusted 1' "$(jq -r '"\(.number) \(.edition) \(.state) \(.adjustment.negates)"' <<<"$bill")" "the correction"
expect "$(($(jq .total_minor <<<"$bill") - before))" "$(jq .adjustment.difference_minor <<<"$bill")" "its difference"
expect "$((-before))" "$(jq .adjustment.negated.total_minor <<<"$bill")" "what it takes back"
expect 0 "$(jq -n --argjson new "$bill" --argjson old "$(api "/bills/$bill_id?edition=1")" \
    '[$old.lines[].amount_minor, $new.adjustment.negated.lines[].amount_minor] | add')" "the first edition's lines and their negation"
expect "$(date -u -d "@$((begin + 100 * 3600))" +%FT%TZ)" "$(jq -r '.adjustment.caused_by[] | select(.kind == "reading") | .ts' <<<"$bill")" "the reading that caused it"
expect 'edit approved' "$(jq -r '.adjustment.caused_by[] | select(.kind == "estimate") | "\(.action) \(.state)"' <<<"$bill")" "the edit that caused it"
expect "$before issued" "$(api "/bills/$bill_id?edition=1" | jq -r '"\(.total_minor) \(.state)"')" "the first edition is as it was"
expect "2 adjusted recorded true true" "$(adds_up '')" "the correction explained"
expect 5600 "$(first_day '' | jq '.[1]')" "the day that was edited"
expect "1 issued recorded true true" "$(adds_up '?edition=1')" "the first edition explained"
expect "$was" "$(first_day '?edition=1')" "that day in the first edition, as it was"
expect 2 "$(node "$NPM_HERE/chain.mjs" "$RECORDS_DB")" "the chain"

note "held by qw verify"
verify() { qw --ledger-db "$LEDGER_DB" verify --json --work-dir "$WORK" >"$WORK/said" 2>"$WORK/progress"; }
settled() { [ "$(ledger 'SELECT count(*) FROM mark')" = 0 ]; }
wait_for 20 "everything is derived" settled
verify || { cat "$WORK/said" "$WORK/progress"; fail "qw verify finds differences"; }
expect '2 0 0' "$(jq -r '.tables[] | select(.table == "issued_bill") | "\(.compared) \(.different) \(.waiting)"' "$WORK/said")" "issued bills that were held"
# behind the store's back, and the hashes with it: the document no longer follows from the draft
forge() { sqlite3 -cmd '.timeout 5000' "$RECORDS_DB" "DROP TRIGGER IF EXISTS issued_bill_kept_update; $1"; }
# a day's energy in the inputs of the second, and the total in the document of the first
forge "UPDATE issued_bill SET inputs = replace(inputs, '[9600,', '[9500,') WHERE number = 2"
forge "UPDATE issued_bill SET document = replace(document, '\"total_minor\":$before', '\"total_minor\":1') WHERE number = 1"
status=0
verify || status=$?
expect 1 "$status" "status with a forged bill"
named() { # NUMBER WORDS
    jq -e --arg words "$2" --arg id "$id" --arg key "number=$1" 'any(.differences[]; .table == "issued_bill" and .meter_id == $id and .key == $key and (.detail | contains($words)))' "$WORK/said" >/dev/null ||
        { cat "$WORK/said"; fail "not named of number $1: $2"; }
}
named 1 'its hash is not that'
named 1 'not what its recorded draft makes'
named 2 'not what its recorded inputs make'
named 2 "names other inputs"
