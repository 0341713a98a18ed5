#!/usr/bin/env bash
# Files of interval data into the ledger with `qw import nem12`: the sums of each channel of real samples, their qualities, again without a change, and
# what is wrong with a file before anything of it is taken.
. "$(dirname "$0")/../lib.sh"
shared_data nem12/expected.json
stack_private
export QW_RECORDS_DB=$RECORDS_DB QW_LEDGER_DB=$LEDGER_DB
qw() { "$BIN/qw" "$@"; }
samples=$(dirname "$SHARED_FILE")

# sum METER CHANNEL: Wh of all of it, from the API.
usage() { api "/meters/$1/usage?bucket=month&from=$3&to=$4&channel=$2"; }
sum() { usage "$@" | jq "[.channels[\"$2\"].wh[] | numbers] | add"; }
is() { [ "$(sum "${@:2}")" = "$1" ]; }

import() { qw import nem12 "$samples/$1" --register "${@:2}"; }
note "a month of solar, and a file with several meters"
import Example_NEM12_month_solar.csv | grep -q '17856 accepted, 0 repeated, 0 refused' || fail "the solar month"
wait_for 20 "import and export of the solar month" is 270738 NMI1234567 1.8.0 2023-03-01 2023-04-01
expect 589172 "$(sum NMI1234567 2.8.0 2023-03-01 2023-04-01)" "export, never netted"
import Example_NEM12_multiple_meters.csv --meter NDDD001888=two | grep -q '1152 accepted' || fail "several meters"
wait_for 20 "two import streams" is 19200 NCDE001111 1.8.2 2003-12-01 2004-01-01
expect 1920 "$(sum NCDE001111 1.8.1 2003-12-01 2004-01-01)" "the first stream"
expect 9600 "$(sum NCDE001111 3.8.0 2003-12-01 2004-01-01)" "reactive energy"
wait_for 5 "their sum" is 21120 NCDE001111 1.8.0 2003-12-01 2004-01-01
wait_for 5 "an NMI by another name" is 3840 two 2.8.0 2003-12-01 2004-01-01
expect '["1.8.0","1.8.1","1.8.2","2.8.0","3.8.0"]' "$(api /meters/NCDE001111 | jq -c .channels)" "its channels"

note "qualities"
import Example_NEM12_multiple_quality.csv | grep -q '48 accepted' || fail "qualities"
wait_for 20 "896.99 kWh" is 896990 CCCC123456 1.8.0 2004-04-01 2004-05-01
qualities() { api "/meters/CCCC123456/usage?bucket=quarter_hour&from=2004-04-17&to=2004-04-18" | jq -c '.quality | map(.[0:1]) | join("")'; }
expect "\"$(printf 'e%.0s' {1..40})$(printf 'm%.0s' {1..8})$(printf 'e%.0s' {1..48})\"" "$(qualities)" "substituted, measured, substituted"

note "again, compressed"
before=$(usage NMI1234567 1.8.0,2.8.0 2023-03-01 2023-04-01)
gzip -c "$samples/Example_NEM12_month_solar.csv" >"$WORK/again.csv.gz"
qw import nem12 "$WORK/again.csv.gz" | grep -q '0 accepted, 17856 repeated, 0 refused' || fail "the solar month again"
expect "$before" "$(usage NMI1234567 1.8.0,2.8.0 2023-03-01 2023-04-01)" "the usage after it"

note "what is wrong is said before anything is taken"
sed 's/^300,20030801,2.312/300,20030801,two/; s/VBCD000022/BROKEN/' "$samples/Example_NEM12_substituted_interval.csv" >"$WORK/broken.csv"
qw import nem12 "$WORK/broken.csv" --register 2>"$WORK/said" && fail "a broken file was taken"
grep -q 'broken.csv: line 3, field 3' "$WORK/said" || fail "the place is not said: $(cat "$WORK/said")"
expect 404 "$(api_status /meters/BROKEN)" "the meter of a broken file"
qw import nem12 "$samples/Example_NEM12_substituted_interval.csv" 2>"$WORK/said" && fail "an unknown meter was taken"
grep -q -- '--register' "$WORK/said" || fail "it is not said how to register"
expect 400 "$(api_status "/meters/NMI1234567/usage?channel=1.8")" "a channel that is no code"
