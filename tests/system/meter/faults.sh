#!/usr/bin/env bash
# Meters with each fault on purpose: readings sent twice, messages in another order, reads of 0 or low ones in between, a register that turns over,
# devices exchanged for others, messages with broken numbers, a clock that is off, silences; and one with nearly all of them. Each counts on rightly, and
# says at its end what it counted; the API serves exactly that as the energy of the day, and each fault can be seen there by its name. A clock that is
# too far ahead is refused by name, whatever it counted.
. "$(dirname "$0")/../lib.sh"
stack_shared
faults='duplicate reorder transient rollover exchange corrupt skew silence many'
declare -A options=([exchange]='--fault-exchange-wh 60' [skew]='--fault-skew-s 100' [silence]='--fault-silence-s 3 --fault-every-s 6'
    [many]='--fault duplicate,reorder,rollover,corrupt,transient,exchange --fault-exchange-wh 60')
(umask 077 && printf '%s\n' "$MQTT_PASSWORD" >"$WORK/mqtt-password")

declare -A pids
start_one() { # FAULT OPTION…
    # shellcheck disable=SC2086 # options are words
    background "$BIN/qw-meter" --broker-host "$MQTT_HOST" --broker-port "$MQTT_PORT" --username "$MQTT_USER" \
        --password-file "$WORK/mqtt-password" --dir "$WORK/$1" --meter-id "fault-$1-$$" --seed 7 \
        --rate-w 60000 --log-file "$WORK/$1.log" "${@:2}" ${options[$1]-} 2>/dev/null
    pids[$1]=$background_pid
}
start_meters() { # INTERVAL-MS
    local fault
    for fault in $faults; do start_one "$fault" --interval-ms "$1" --fault "${fault/many/}"; done
}
stop_meters() {
    local fault
    for fault in $faults; do kill -TERM "${pids[$fault]}"; done
    for fault in $faults; do wait "${pids[$fault]}" || fail "the meter with $fault ended with $?"; done
}

for fault in $faults; do register "fault-$fault-$$" 'tz="UTC"'; done
background mosquitto_sub "${MQTT[@]}" -q 1 -t "meters/fault-exchange-$$/events" >"$WORK/events"
refusals() { metric qw_ingestor_readings_refused_total; }
refused_before=$(refusals)
repeated_before=$(metric qw_ingestor_readings_repeated_total)
register "fault-ahead-$$" 'tz="UTC"'
start_meters 200
start_one ahead --interval-ms 200 --fault skew --fault-skew-s 600
sleep 12
stop_meters
kill -TERM "${pids[ahead]}"
wait "${pids[ahead]}" || fail "the meter ahead of time ended with $?"
# one more reading each, the first of a boot and so never a low one: it closes what was counted. None is silent now.
options[silence]='--fault='
start_meters 3600000
sleep 2
stop_meters

yesterday=$(date -u -d yesterday +%F) until=$(date -u -d '2 days' +%F)
counted() { sed -n 's/.*msg="meter ends".* counted_wh=\([0-9]*\).*/\1/p' "$WORK/$1.log" | tail -n 1; }
served() { days "fault-$1-$$" "$yesterday" "$until" UTC | awk '$2 != "null" {sum += $2} END {print sum + 0}'; }
right() { [ "$(served "$1")" = "$(counted "$1")" ]; }
verdicts() { api "/verdicts?meter_id=fault-$1-$$&limit=200" | jq "[.items[] | select(.verdict == \"$2\")] | length"; }
for fault in $faults; do
    [ "$(counted "$fault")" -ge 150 ] || fail "the meter with $fault counted $(counted "$fault") Wh only"
    for _ in $(seq 100); do ! right "$fault" || break; sleep 0.1; done
    expect "$(counted "$fault")" "$(served "$fault")" "energy of the day with $fault"
    note "$fault: $(served "$fault") Wh counted and served"
done

# the faults were there
repeated=$(($(metric qw_ingestor_readings_repeated_total) - repeated_before))
[ "$repeated" -ge 10 ] || fail "only $repeated readings were repeated"
[ "$(verdicts transient transient)" -ge 2 ] || fail "no read was transient"
[ "$(verdicts corrupt sentinel)" -ge 1 ] || fail "no 65535 was taken for a sentinel"
[ "$(verdicts rollover rollover)" -ge 1 ] || fail "the register did not turn over"
refused=$(($(refusals) - refused_before))
[ "$refused" -ge 2 ] || fail "only $refused readings were refused"
[ "$(verdicts corrupt out_of_range)" -ge 1 ] || fail "no -1 was out of range"
exchanges=$(wc -l <"$WORK/events")
[ "$exchanges" -ge 2 ] || fail "only $exchanges exchanges were announced"
expect "$exchanges" "$(api "/meters/fault-exchange-$$/events" | jq '[.items[] | select(.event == "exchange")] | length')" "exchanges that the API tells"
# seconds from a reading's own time to its receipt
delays() { api "/meters/fault-$1-$$/readings?limit=1000" | jq '[.items[] | def s: sub("\\.[0-9]+"; "") | fromdate; (.received | s) - (.ts | s)] | '"$2"; }
[ "$(delays skew max)" -le -90 ] || fail "the clock was not ahead: received after $(delays skew max) s"
[ "$(delays silence max)" -ge 2 ] || fail "nothing was sent late: received after $(delays silence max) s at most"
[ "$(delays duplicate max)" -le 30 ] || fail "readings came late: $(delays duplicate max) s"
expect 0 "$(api "/meters/fault-ahead-$$/readings" | jq '.items | length')" "readings from the future that count"
[ "$(verdicts ahead future)" -ge 10 ] || fail "the future was refused $(verdicts ahead future) times only"
for fault in $faults; do
    expect '[]' "$(api "/alerts?meter_id=fault-$fault-$$" | jq -c '[.items[] | select(.kind == "register_fault") | .state]')" "false alarms with $fault"
done
