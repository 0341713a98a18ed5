#!/usr/bin/env bash
# A real household whose half-hours stand in the file with labels that a clock change wrote twice: replayed in the order
# that another column tells, the day of the change has the energy of all its rows, and so has the whole of eight months.
. "$(dirname "$0")/../lib.sh"
stack_shared
shared_data data/sgsc_50_halfhour/sgsc_50_2012-09_2013-04.csv.gz
home=10006414 zone=Etc/GMT-10 prefix=sgsc-$$-
register "$prefix$home" "tz=\"$zone\""
zcat "$SHARED_FILE" | awk -F, -v home=$home 'NR == 1 || $1 == home' >"$WORK/one.csv"
meter_program --replay "$WORK/one.csv" --meter-column customer_id --prefix "$prefix" --time reading_datetime \
    --column general_supply_kwh --kind interval --unit kWh --label start --tz $zone --order calendar_key --wait-receipt 2>"$WORK/log" ||
    fail "the replay: $(tail -n 1 "$WORK/log")"
wanted() { awk -F, -v day="$1" 'NR > 1 && index($2, day) == 1 {sum += $5} END {printf "%d\n", sum * 1000 + 0.5}' "$WORK/one.csv"; }
served() { days "$prefix$home" "$1" "$2" $zone | awk '$2 != "null" {sum += $2} END {print sum + 0}'; }
total() { [ "$(served 2012-08-31 2013-05-02)" = 1873875 ]; } # expected.json, kwh_per_meter
expect 1873875 "$(wanted '')" "the rows' energy"
wait_for 60 "all energy is served" total
for day in 2012-10-06 2012-10-07 2012-10-08; do
    expect "$(wanted $day)" "$(served $day "$(date -u -d "$day + 1 day" +%F)")" "energy of $day"
done
