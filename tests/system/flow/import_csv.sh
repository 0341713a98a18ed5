#!/usr/bin/env bash
# `qw import csv`: registers in kWh with local times over the hour that a clock repeats, intervals labelled by their start; a mistake is told with file,
# line and column before anything is taken; the same file again changes nothing.
. "$(dirname "$0")/../lib.sh"
stack_private
export QW_RECORDS_DB=$RECORDS_DB QW_LEDGER_DB=$LEDGER_DB
qw() { "$BIN/qw" "$@"; }
usage() { api "/meters/$1/usage?bucket=hour&from=$3&to=$4&channel=$2"; } # METER CHANNELS FROM TO
sum() { usage "$@" | jq "[.channels[\"$2\"].wh[] | numbers] | add"; }
is() { [ "$(sum "${@:2}")" = "$1" ]; }

# refused WORDS COMMAND…
refused() {
    local words=$1
    shift
    ! qw "$@" >"$WORK/out" 2>"$WORK/err" || fail "qw $* was not refused"
    grep -q -- "$words" "$WORK/err" || fail "qw $* did not say '$words': $(cat "$WORK/err")"
}

note "a table of registers in kWh with local times, over the end of daylight saving"
cat >"$WORK/registers.csv" <<'CSV'
when;who;T1;T2;export
2025-10-26 00:30;mill;100,000;50,000;7,000
2025-10-26 01:30;mill;100,500;50,000;7,000
2025-10-26 02:30;mill;101,000;50,250;7,000
2025-10-26 02:30;mill;101,750;50,250;7,100
2025-10-26 03:30;mill;102,000;51,000;7,100
CSV
import=(import csv "$WORK/registers.csv" --ts when --meter-column who --tz Europe/Berlin --columns T1=1.8.1,T2=1.8.2,export=2.8.0 --unit kWh)
refused "line 2: there is no meter mill" "${import[@]}"
qw "${import[@]}" --register | grep -q '5 accepted, 0 repeated, 0 refused' || fail "the table was not taken"
day=(2025-10-26 2025-10-27)
wait_for 20 "T1, Wh" is 2000 mill 1.8.1 "${day[@]}"
expect 1000 "$(sum mill 1.8.2 "${day[@]}")" "T2, Wh"
expect 3000 "$(sum mill 1.8.0 "${day[@]}")" "their sum stands for the import"
expect 100 "$(sum mill 2.8.0 "${day[@]}")" "export, Wh"
expect 25 "$(usage mill 1.8.1 "${day[@]}" | jq '.t | length')" "hours of that day"
expect '"Europe/Berlin"' "$(api /meters/mill | jq .tz)" "the meter's zone"
gzip -c "$WORK/registers.csv" >"$WORK/registers.csv.gz"
import[2]=$WORK/registers.csv.gz
qw "${import[@]}" | grep -q '0 accepted, 5 repeated, 0 refused' || fail "again, compressed, changed something"

note "intervals labelled by their start, one bad number"
printf 'ts,interval_kwh\n2025-07-01T00:00:00Z,0.5\n2025-07-01T00:30:00Z,0.25\n2025-07-01T01:00:00Z,many\n' >"$WORK/bakery.csv"
import=(import csv "$WORK/bakery.csv" --meter bakery --tz UTC --register --interval-s 1800 --label start)
refused "bakery.csv: line 4: column interval_kwh: 'many' is no number" "${import[@]}"
expect 404 "$(api_status /meters/bakery)" "the meter of a broken file"
sed -i 's/many/0.125/' "$WORK/bakery.csv"
qw "${import[@]}" | grep -q '3 accepted' || fail "the intervals were not taken"
wait_for 20 "energy of the intervals" is 875 bakery 1.8.0 2025-07-01 2025-07-02
expect '[750,125]' "$(usage bakery 1.8.0 2025-07-01T00:00:00Z 2025-07-01T02:00:00Z | jq -c '.channels["1.8.0"].wh')" "by the hour"

note "meters that take turns row by row, in batches as long as may be; a wide table"
jq -nr '"ts,meter_id,energy_wh", (range(1500) as $i | range(3) as $m | "\(1767225600 + 900 * $i),turn-\($m),\($i * 25 + $m)")' >"$WORK/turns.csv"
kill -STOP "$(cat "$STACK_DIR/ingestor.pid")"
qw import csv "$WORK/turns.csv" --register --tz UTC --no-wait | grep -q '4500 readings are handed over' || fail "the turns were not handed over"
expect 6 "$(sqlite3 "$RECORDS_DB" 'select count(*) from import_chunk')" "batches of 4,500 rows of three meters"
kill -CONT "$(cat "$STACK_DIR/ingestor.pid")"
wait_for 20 "energy of a meter that took turns" is $((1499 * 25)) turn-2 1.8.0 2026-01-01 2026-01-17
qw import csv "$WORK/turns.csv" | grep -q '0 accepted, 4500 repeated' || fail "the turns came out otherwise the second time"
jq -nr '[range(1; 17) | "1.8.\(.)"] as $codes | "ts," + ($codes | join(",")),
    (range(1500) as $i | "\(1767225600 + 900 * $i)," + ([$codes[] | 1000000000 + $i] | map(tostring) | join(",")))' >"$WORK/wide.csv"
qw import csv "$WORK/wide.csv" --meter wide --register --tz UTC | grep -q '1500 accepted' || fail "the wide table was not taken"

note "what is wrong with a table is said"
printf 'ts,ambient_c\n2025-07-01T00:00:00Z,21\n' >"$WORK/cold.csv"
refused "no column carries energy" import csv "$WORK/cold.csv" --meter bakery
refused "--interval-s" import csv "$WORK/bakery.csv" --meter bakery
refused "'T9=energy'\|neither a field" import csv "$WORK/bakery.csv" --meter bakery --columns ts=energy
printf 'ts,interval_wh,interval_s\n2025-07-02T00:00:00Z,5,9223372036854775807\n' >"$WORK/long.csv"
refused "at most 86400 s" import csv "$WORK/long.csv" --meter bakery
printf 'ts,energy_wh,interval_wh\n2025-07-02T00:00:00Z,5,6\n' >"$WORK/both.csv"
refused "not both" import csv "$WORK/both.csv" --meter bakery --interval-s 900
