#!/usr/bin/env bash
# Scenario: spooling meters (qw-meter) send; meters, broker and ingestor are killed (-9), one by one at random moments and all at once, --rounds times, and
# started again. Every reading that a meter ever took is in the ledger, once; and what is derived of it is what an undisturbed system derives of the
# same facts.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/durable_lib.sh"
METERS=6 ROUNDS=1
options "$@"
system_at "$WORK/shaken"
start_system
meter_pids=()
start_meter() { # NUMBER
    background "$BIN/qw-meter" --broker-port "$MQTT_PORT" --dir "$DIR/meter-$1" --meter-id "dur-$1" --username operator --password-file "$DIR/secrets/operator" \
        --interval-ms 100 --rate-w 60000 --receipt-wait-ms 1000 </dev/null >>"$DIR/log/meters.log" 2>&1
    meter_pids[$1]=$background_pid
}
for ((k = 0; k < METERS; k++)); do start_meter "$k"; done
stored() { [ "$(ledger 'SELECT count(*) FROM fact')" -ge $((METERS * 3)) ]; }
wait_quietly 20 "the first readings" stored
for ((round = 1; round <= ROUNDS; round++)); do
    for victim in meter ingestor broker all; do
        nap_ms "$(random_ms 100 700)"
        case $victim in meter | all) k=$((RANDOM % METERS)) && ended "${meter_pids[$k]}" ;; esac
        case $victim in ingestor | all) ended "$ingestor_pid" ;; esac
        case $victim in broker | all) kill_broker ;; esac
        case $victim in meter | all) start_meter "$k" ;; esac
        case $victim in ingestor | all) start_ingestor ;; esac
        case $victim in broker | all) start_broker ;; esac
    done
    note "round $round"
done
wait_quietly 40 "the ingestor reaching the broker" linked
# the meters are asked to leave when their spools hold no more than what was taken since the last receipt
caught_up() { [ "$(ledger "SELECT count(*) FROM (SELECT max(ts_utc_ms) AS t FROM fact GROUP BY meter_no) WHERE t > $(now_ms) - 2500")" = "$METERS" ]; }
wait_for 90 "the meters have sent what they kept" caught_up
nap_ms $((2500 + (ROUNDS - 1) * 1000)) # holes of boots long ended are asked for with growing patience
for ((k = 0; k < METERS; k++)); do
    kill -TERM "${meter_pids[$k]}"
    wait "${meter_pids[$k]}" || fail "meter $k did not leave cleanly"
done
[ "$(grep 'meter ends' "$DIR/log/meters.log" | grep -c 'kept=[0-9]\{1,2\} ')" -ge "$METERS" ] || { grep 'meter ends' "$DIR/log/meters.log"; fail "the spools do not empty"; }
worked() { [ "$(health | jq '.journal_waiting_bytes')" = 0 ] && [ "$(ledger 'SELECT count(*) FROM mark')" = 0 ]; }
wait_quietly 60 "everything is derived" worked
sleep 1.2
wait_quietly 60 "everything is derived" worked
stop_system
# no boot of a meter has a hole
expect 0 "$(ledger 'SELECT count(*) FROM (SELECT count(DISTINCT seq) AS n, min(seq) AS a, max(seq) AS b FROM fact GROUP BY boot_no HAVING n <> b - a + 1 OR a > 1)')" "boots with readings that are missing"
note "$(ledger 'SELECT count(*) FROM fact') facts of $(ledger 'SELECT count(DISTINCT boot_no) FROM fact') boots"
same_as_its_facts
