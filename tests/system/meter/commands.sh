#!/usr/bin/env bash
# A meter does what it is told: readings again, another interval. It says so in an event. What came too late is ignored,
# what it does not know or no longer has is refused.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/broker_lib.sh"
own_broker
listen "$WORK/heard" 'meters/casa-1/#'
one_meter "$WORK/m" --meter-id casa-1 --username casa-1
wait_for 10 "readings" bash -c "[ \$(grep -c /readings '$WORK/heard') -ge 20 ]"
boot=$(sed -n 's|^meters/casa-1/status ||p' "$WORK/heard" | jq -r .boot | head -n 1)

command() { mosquitto_pub "${MQTT[@]}" -q 1 -t meters/casa-1/commands -m "$1"; }
event() { sed -n 's|^meters/casa-1/events ||p' "$WORK/heard" | jq -r --arg id "$1" 'select(.command_id == $id) | .result' | grep -q "^$2$"; }
again() { [ "$(readings "$WORK/heard" | awk '$3 == 7' | wc -l)" -ge "$1" ]; }

command "{\"command_id\":\"late\",\"expires\":\"2020-01-01T00:00:00Z\",\"command\":\"resend\",\"boot\":\"$boot\",\"from_seq\":5,\"to_seq\":9}"
command "{\"command_id\":\"again\",\"expires\":\"2099-01-01T00:00:00Z\",\"command\":\"resend\",\"boot\":\"$boot\",\"from_seq\":5,\"to_seq\":9}"
wait_for 5 "resend is answered" event again done
wait_for 5 "seq 7 came again" again 2
command '{"command_id":"gone","command":"resend","boot":"other","from_seq":5,"to_seq":9}'
wait_for 5 "what is not kept is refused" event gone refused
command '{"command_id":"odd","command":"dance"}'
wait_for 5 "what is unknown is refused" event odd refused
command 'garbage'
command '{"command_id":"slow","command":"set_interval","interval_s":1}'
wait_for 5 "the interval is set" event slow done
! event late done || fail "an expired command was obeyed"
before=$(grep -c /readings "$WORK/heard")
sleep 3
slow=$(($(grep -c /readings "$WORK/heard") - before))
[ "$slow" -ge 2 ] && [ "$slow" -le 5 ] || fail "$slow readings in 3 s at an interval of 1 s"

# the interval is remembered
kill "$meter_pid"
wait "$meter_pid"
grep -q interval_ms=1000 "$WORK/m/state" || fail "the interval is not remembered"
