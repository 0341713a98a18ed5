#!/usr/bin/env bash
# Scenario: ingestor and API are built with the thread sanitizer and work for half a minute: a fleet with history, live streams, requests of every kind, meters
# that are added meanwhile. Neither has a race; nor have the parts with threads in their unit tests. (The libraries below are not instrumented; none has
# needed a suppression so far.)
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/../system/meter/broker_lib.sh"
build=${QW_TSAN_DIR:-$ROOT/build/tsan}
units='ingestor_journal store_records store_ledger mqtt_link'
export TSAN_OPTIONS="halt_on_error=0 exitcode=66 log_path=$WORK/race"
note "building"
[ -e "$build/build.ninja" ] || meson setup "$build" "$ROOT" --buildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false >"$WORK/setup.log" 2>&1 ||
    skip "no build with a thread sanitizer on this machine: $(tail -n 1 "$WORK/setup.log")"
# shellcheck disable=SC2046,SC2086 # words
ninja -C "$build" ingestor/qw-ingestor api/qw-api $(printf 'tests/unit/test_%s ' $units) >"$WORK/build.log" 2>&1 || fail "it does not build: $(tail -n 5 "$WORK/build.log")"
races() { cat "$WORK"/race.* 2>/dev/null | head -n 60; }
for unit in $units; do "$build/tests/unit/test_$unit" >"$WORK/$unit.log" 2>&1 || fail "the unit $unit: $(races)"; done

note "both at work"
own_broker
export QW_RECORDS_DB=$WORK/records.db QW_LEDGER_DB=$WORK/ledger.db
"$BIN/qw" init --tz America/Sao_Paulo >/dev/null
"$BIN/qw" user add operator --role operator --generate >/dev/null
API_TOKEN=$("$BIN/qw" token add --user operator --name test | grep -oE '[A-Za-z0-9_-]{20,}' | tail -n 1)
URL=http://127.0.0.1:$(free_port)
files=(--ledger-db "$QW_LEDGER_DB" --records-db "$QW_RECORDS_DB")
background "$build/ingestor/qw-ingestor" "${files[@]}" --journal-dir "$WORK/journal" --mqtt-port "$PORT" --auto-register true --metrics-port "$(free_port)" 2>"$WORK/ingestor.log"
ingestor=$background_pid
background "$build/api/qw-api" "${files[@]}" --http-address 127.0.0.1 --http-port "${URL##*:}" 2>"$WORK/api.log"
api=$background_pid
answers() { [ "$(api_status /me)" = 200 ]; }
wait_for 30 "the API" answers
background "$BIN/qw-meter" --fleet 60 --broker-port "$PORT" --interval-ms 500 --backfill-days 2 --fault duplicate,reorder,transient --fault-permille 300 2>"$WORK/fleet.log"
for _ in 1 2 3 4; do background timeout 30 curl --silent --no-buffer -H "Authorization: Bearer $API_TOKEN" --output /dev/null "$URL/api/v1/live"; done
for round in 1 2 3 4 5 6; do
    "$BIN/qw" meter add "late-$round" --tz UTC >/dev/null
    mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/late-$round/readings" -m '{"energy_wh":5}'
    asked=()
    for path in /me /meters /fleet/summary /alerts /verdicts "/meters/late-$round/readings"; do
        api_status "$path" >>"$WORK/statuses" &
        asked+=($!)
    done
    wait "${asked[@]}"
    sleep 3
done
late() { [ "$(api /meters/late-6/readings | jq '.items | length')" = 1 ]; }
wait_for 30 "the last meter's reading" late
expect '' "$(sed 's/200//g' "$WORK/statuses")" "statuses other than 200"
kill -TERM "$ingestor" "$api"
for pid in "$ingestor" "$api"; do
    ended() { ! kill -0 "$pid"; }
    wait_for 60 "the end of a program" ended
    wait "$pid" || fail "it ended with $?: $(races)"
done
expect '' "$(races)" "races"
