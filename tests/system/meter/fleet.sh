#!/usr/bin/env bash
# A fleet sends its history once, says when it is receipted, goes live, and after a restart its registers go on where
# history and live left them: they never go back, whatever is asked first.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/broker_lib.sh"
own_broker
listen "$WORK/heard" 'meters/+/readings'
for i in 1 2 3; do receipts "casa-00$i"; done
fleet() {
    background "$BIN/qw-meter" --fleet 3 --broker-port "$PORT" --interval-ms 500 "$@" 2>>"$WORK/fleet.log"
    fleet_pid=$background_pid
}
fleet --backfill-days 30 --backfill-until-done-file "$WORK/done"
wait_for 20 "history is sent and receipted" test -e "$WORK/done"
wait_for 10 "live" bash -c "[ \$(grep -c '/readings {\"ts\"' '$WORK/heard') -ge 9 ]"
kill -9 "$fleet_pid"
fleet --backfill-days 30
wait_for 20 "history again, and live" bash -c "[ \$(grep -c 'msg=\"live\"' '$WORK/fleet.log') -ge 2 ]"
sleep 2
kill "$fleet_pid"
wait "$fleet_pid" || fail "the fleet did not leave cleanly"
readings "$WORK/heard" >"$WORK/all"
n=$(awk '$2 != "-"' "$WORK/all" | wc -l)
[ "$n" -ge $((2 * 3 * 30 * 96)) ] || fail "$n readings of history"
# one instant has one value, and values rise with time
sort -k1,1 -k5,5n -k4,4n "$WORK/all" | awk '
    $1 == meter && $5 == ts && $4 != wh {print "two values at one instant:", $0; exit 1}
    $1 == meter && $4 < wh {print "goes back:", $0; exit 1}
    {meter = $1; ts = $5; wh = $4}' || fail "the registers disagree"
[ "$(cut -d' ' -f1 "$WORK/all" | sort -u | wc -l)" = 3 ] || fail "not three meters"
