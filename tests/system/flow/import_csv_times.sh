#!/usr/bin/env bash
# `qw import csv` where times are hard: the hour that a clock repeats, with the oldest or the newest row first and meters in turn; labels that stand there
# twice and are different half-hours; rows that are told twice; values that are not there; real half-hours over both clock changes, to the Wh.
. "$(dirname "$0")/../lib.sh"
stack_private
export QW_RECORDS_DB=$RECORDS_DB QW_LEDGER_DB=$LEDGER_DB
qw() { "$BIN/qw" "$@"; }
usage() { api "/meters/$1/usage?bucket=$3&from=$4&to=$5&channel=$2"; } # METER CHANNEL BUCKET FROM TO
sum() { usage "$@" | jq "[.channels[\"$2\"].wh[] | numbers] | add"; }
is() { [ "$(sum "${@:2}")" = "$1" ]; }
facts() { ledger 'SELECT count(*) FROM fact'; }
# refused WORDS ARGUMENT…
refused() {
    ! qw import csv "${@:2}" >"$WORK/out" 2>"$WORK/said" || fail "qw import csv ${*:2} was not refused"
    grep -q -- "$1" "$WORK/said" || fail "'$1' was not said: $(cat "$WORK/said")"
}

note "registers in kWh with local times, over the end of daylight saving"
cat >"$WORK/registers.csv" <<'CSV'
when;who;T1;T2;export
2025-10-26 00:30;mill;100,000;50,000;7,000
2025-10-26 01:30;mill;100,500;50,000;7,000
2025-10-26 02:30;mill;101,000;50,250;7,000
2025-10-26 02:30;mill;101,750;50,250;7,100
2025-10-26 03:30;mill;102,000;51,000;7,1009
CSV
options=(--ts when --meter-column who --tz Europe/Berlin --columns T1=1.8.1,T2=1.8.2,export=2.8.0 --unit kWh)
refused "registers.csv: line 2: there is no meter mill.*--register" "$WORK/registers.csv" "${options[@]}"
qw import csv "$WORK/registers.csv" "${options[@]}" --register | grep -q '5 accepted, 0 repeated, 0 refused' || fail "the table was not taken"
day=(day 2025-10-26 2025-10-27)
wait_for 20 "both rates" is 3000 mill 1.8.0 "${day[@]}"
expect 2000 "$(sum mill 1.8.1 "${day[@]}")" "T1"
expect 1000 "$(sum mill 1.8.2 "${day[@]}")" "T2"
expect 100 "$(sum mill 2.8.0 "${day[@]}")" "export: cut to Wh, never rounded"
hours=$(usage mill 1.8.1 hour 2025-10-26 2025-10-27)
expect 25 "$(jq '.t | length' <<<"$hours")" "hours of that day"
expect '[250,500,625,500,125]' "$(jq -c '.channels["1.8.1"].wh[0:5] | map(. // 0)' <<<"$hours")" "the first hours"

note "again with the newest row first: nothing changes"
before=$(facts)
{ head -n 1 "$WORK/registers.csv"; tail -n +2 "$WORK/registers.csv" | tac; } | gzip >"$WORK/back.csv.gz"
qw import csv "$WORK/back.csv.gz" "${options[@]}" | grep -q '0 accepted, 5 repeated, 0 refused' || fail "the table again"
expect "$before" "$(facts)" "facts after it"

note "meters in turn over that hour, one row told twice"
{
    echo 'meter_id,ts,energy_wh'
    for row in '00:30,0' '01:30,10' '02:30,20' '02:30,30' '03:30,40'; do for id in north south; do echo "$id,2025-10-26 $row"; done; done
} >"$WORK/hour.csv"
qw import csv "$WORK/hour.csv" --register --tz Europe/Berlin | grep -q '10 accepted, 0 repeated' || fail "meters in turn"
wait_for 20 "their energy" is 40 south 1.8.0 "${day[@]}"
expect 5 "$(ledger "SELECT count(DISTINCT ts_utc_ms) FROM fact WHERE meter_no = (SELECT max(meter_no) FROM fact)")" "instants"
printf 'ts,interval_wh\n2025-07-01T00:30:00Z,100\n2025-07-01T00:30:00Z,100\n2025-07-01T02:00:00Z,0\n' >"$WORK/again.csv"
qw import csv "$WORK/again.csv" --meter dup --interval-s 1800 --register --tz UTC | grep -q '2 accepted, 1 repeated' || fail "a row told twice is one"

note "intervals labelled by their start, meters in turn, a mistake"
{
    echo 'meter_id,ts,interval_kwh'
    for m in 00 30; do for id in bakery forge; do echo "$id,2025-07-01T00:$m:00Z,0.5"; done; done
    echo 'bakery,2025-07-01T01:00:00Z,many'
} >"$WORK/turns.csv"
refused 'how long is an interval' "$WORK/turns.csv" --register
refused "turns.csv: line 6: column interval_kwh: 'many' is no number" "$WORK/turns.csv" --register --interval-s 1800 --label start
expect 404 "$(api_status /meters/bakery)" "the meter of a broken file"
refused 'no column when; there are meter_id, ts, interval_kwh' "$WORK/turns.csv" --ts when --interval-s 1800
refused "'noon' is neither a field" "$WORK/turns.csv" --columns interval_kwh=noon --interval-s 1800
sed -i 's/many/0.1254/; s/^forge,2025-07-01T00:30:00Z,.*/forge,2025-07-01T00:30:00Z,?/' "$WORK/turns.csv"
qw import csv "$WORK/turns.csv" --register --interval-s 1800 --label start >"$WORK/out"
grep -q '4 accepted, 0 repeated, 0 refused' "$WORK/out" && grep -q '1 rows carry no energy' "$WORK/out" || fail "meters in turn: $(cat "$WORK/out")"
quarters=(quarter_hour 2025-07-01T00:00:00Z 2025-07-01T02:00:00Z)
wait_for 20 "energy of the intervals" is 1125 bakery 1.8.0 "${quarters[@]}"
expect '[250,250,250,250,63,62]' "$(usage bakery 1.8.0 "${quarters[@]}" | jq -c '.channels["1.8.0"].wh[0:6] | sort | reverse')" "from their start on"
expect 500 "$(sum forge 1.8.0 "${quarters[@]}")" "a value that is not there is no energy"

note "labels that stand there twice are different half-hours, by the number of another column"
cat >"$WORK/twice.csv" <<'CSV'
house,label,key,kwh
h1,2012-10-07 00:30,39,0.001
h1,2012-10-07 01:00,42,0.002
h1,2012-10-07 01:00,48,0.004
h1,2012-10-07 01:30,45,0.003
h1,2012-10-07 01:30,51,0.005
h1,2012-10-07 03:00,54,0.006
CSV
options=(--meter-column house --ts label --columns kwh=interval_kwh --interval-s 1800 --label start --tz Australia/Brisbane)
refused 'no whole number' "$WORK/twice.csv" "${options[@]}" --register --order kwh
qw import csv "$WORK/twice.csv" "${options[@]}" --register --order key | grep -q '6 accepted, 0 repeated' || fail "labels twice"
wait_for 20 "their energy" is 21 h1 1.8.0 day 2012-10-07 2012-10-08
expect '[1,5,9,6]' "$(usage h1 1.8.0 hour 2012-10-07 2012-10-08 | jq -c '.channels["1.8.0"].wh[0:4] | map(. // 0)')" "one after the other"

shared_data data/sgsc_50_halfhour/expected.json
note "real half-hours of five households over both clock changes"
zcat "$(dirname "$SHARED_FILE")"/*.csv.gz | awk -F, 'NR == 1 || seen[$1] || (++n <= 5 && (seen[$1] = 1))' >"$WORK/sgsc.csv"
options=(--meter-column customer_id --ts reading_datetime --columns general_supply_kwh=interval_kwh --interval-s 1800 --tz Australia/Brisbane --order calendar_key)
rows=$(($(wc -l <"$WORK/sgsc.csv") - 1))
qw import csv "$WORK/sgsc.csv" "${options[@]}" --register 2>/dev/null | grep -q "^$rows accepted, 0 repeated, 0 refused" || fail "the half-hours of five households"
for id in $(tail -n +2 "$WORK/sgsc.csv" | cut -d, -f1 | sort -u); do
    expected=$(jq --arg id "$id" '.kwh_per_meter[$id] * 1000 | round' "$SHARED_FILE")
    wait_for 60 "household $id" is "$expected" "$id" 1.8.0 month 2012-08-01 2013-06-01
done
qw import csv "$WORK/sgsc.csv" "${options[@]}" 2>/dev/null | grep -q "^0 accepted, $rows repeated, 0 refused" || fail "the half-hours again"
