#!/usr/bin/env bash
# Six meters, each with a fault on purpose: readings sent twice, messages in another order, reads of 0 or low ones in
# between, a register that turns over, devices exchanged for others, messages with broken numbers. Each counts on rightly, and says at its end what it
# counted; the API serves exactly that as the energy of the day, and the fault can be seen in what was received.
. "$(dirname "$0")/../lib.sh"
stack_shared
faults='duplicate reorder transient rollover exchange corrupt'
(umask 077 && printf '%s\n' "$MQTT_PASSWORD" >"$WORK/mqtt-password")

declare -A pids
start_meters() { # INTERVAL-MS
    local fault
    for fault in $faults; do
        background "$BIN/qw-meter" --broker-host "$MQTT_HOST" --broker-port "$MQTT_PORT" --username "$MQTT_USER" \
            --password-file "$WORK/mqtt-password" --dir "$WORK/$fault" --meter-id "fault-$fault-$$" --seed 7 \
            --rate-w 60000 --interval-ms "$1" --fault "$fault" --fault-exchange-wh 60 --log-file "$WORK/$fault.log" 2>/dev/null
        pids[$fault]=$background_pid
    done
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
start_meters 200
sleep 12
stop_meters
# one more reading each, the first of a boot and so never a low one: it closes what was counted
start_meters 3600000
sleep 2
stop_meters

yesterday=$(date -u -d yesterday +%F) until=$(date -u -d '2 days' +%F)
counted() { sed -n 's/.*msg="meter ends".* counted_wh=\([0-9]*\).*/\1/p' "$WORK/$1.log" | tail -n 1; }
served() { days "fault-$1-$$" "$yesterday" "$until" UTC | awk '$2 != "null" {sum += $2} END {print sum + 0}'; }
right() { [ "$(served "$1")" = "$(counted "$1")" ]; }
verdicts() { api "/meters/fault-$1-$$/readings?limit=1000" | jq "[.items[] | select(.verdict == \"$2\")] | length"; }
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
exchanges=$(wc -l <"$WORK/events")
[ "$exchanges" -ge 2 ] || fail "only $exchanges exchanges were announced"
