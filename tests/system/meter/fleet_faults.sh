#!/usr/bin/env bash
# A share of a fleet has faults: those meters announce other devices in their history and send live messages twice; the
# others do neither. A second run with the same seed has the same meters with faults.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/broker_lib.sh"
own_broker
until=0
run_fleet() { # NAME
    listen "$WORK/$1" 'meters/+/readings' 'meters/+/events'
    background "$BIN/qw-meter" --fleet 40 --broker-port "$PORT" --interval-ms 500 --seed 3 --backfill-days 3 \
        --backfill-interval-s 3600 --fault duplicate,exchange --fault-permille 250 --fault-exchange-wh 5000 2>>"$WORK/fleet.log"
    fleet_pid=$background_pid
    until=$((until + 1))
    wait_for 40 "live" bash -c "[ \$(grep -c 'msg=\"live\"' '$WORK/fleet.log') -ge $until ]"
    sleep 4
    kill "$fleet_pid"
    wait "$fleet_pid" || fail "the fleet did not leave cleanly"
    # the two lists, from "meters/casa-001/events {…}"
    sed -n 's,^meters/\([^/]*\)/events .*"exchange".*,\1,p' "$WORK/$1" | sort -u >"$WORK/$1.exchanged"
    sed -n '/"readings":/!s,^meters/\([^/]*\)/readings ,\1 ,p' "$WORK/$1" | sort | uniq -d | cut -d' ' -f1 | sort -u >"$WORK/$1.twice"
}
run_fleet first
run_fleet second
n=$(wc -l <"$WORK/first.exchanged")
note "$n of 40 have faults"
[ "$n" -ge 3 ] && [ "$n" -le 20 ] || fail "$n of 40 have faults, and not about 10"
cmp "$WORK/first.exchanged" "$WORK/first.twice" || fail "exchanges and repetitions are of different meters"
cmp "$WORK/first.exchanged" "$WORK/second.exchanged" || fail "another run has other meters with faults"
