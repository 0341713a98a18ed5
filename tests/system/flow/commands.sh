#!/usr/bin/env bash
# Commands over REST and with `qw` reach a real meter, which does them and answers: another interval, a stretch of its sequence again; what it cannot do it
# refuses; what a meter that is away does not hear expires. Holes that the system asks for by itself stand in the same list.
. "$(dirname "$0")/../lib.sh"
stack_private
export QW_RECORDS_DB=$RECORDS_DB QW_LEDGER_DB=$LEDGER_DB
qw() { "$BIN/qw" "$@"; }
id=told-$$
register "$id"
(umask 077 && printf '%s\n' "$MQTT_PASSWORD" >"$WORK/mqtt-password")
"$BIN/qw-meter" --dir "$WORK/meter" --meter-id "$id" --username "$MQTT_USER" --password-file "$WORK/mqtt-password" --broker-host "$MQTT_HOST" \
    --broker-port "$MQTT_PORT" --interval-ms 1000 </dev/null >"$WORK/meter.log" 2>&1 &
own_pids+=($!)
meter_pid=$!

readings() { api "/meters/$id/readings?limit=1000" | jq '.items | length'; }
at_least() { [ "$(readings)" -ge "$1" ]; }
wait_for 15 "readings" at_least 3
boot=$(api "/meters/$id/readings?limit=1" | jq -r '.items[0].boot')

command() { api "/meters/$id/commands" -X POST -H 'Content-Type: application/json' -d "$1" | jq -r .command_id; }
state() { api "/meters/$id/commands?command_id=$1" | jq -r '.items[0] | "\(.state)\(if .sent then " sent" else "" end)\(if .answered then " answered" else "" end)"'; }
is() { [ "$(state "$1")" = "$2" ]; }

note "another interval"
slow=$(command '{"command":"set_interval","interval_s":3600}')
wait_for 5 "the interval is set" is "$slow" 'done sent answered'
before=$(readings)
sleep 3
[ $(($(readings) - before)) -le 1 ] || fail "it still reads every second"
fast=$(qw command set-interval "$id" 1 | grep -o '[0-9a-f]\{32\}')
wait_for 5 "it reads every second again" is "$fast" 'done sent answered'
wait_for 5 "readings" at_least $((before + 3))
expect "$(id -un)" "$(api "/meters/$id/commands?command_id=$fast" | jq -r '.items[0].by | sub("^qw:"; "")')" "who asked with qw"

note "a stretch again"
again=$(command "{\"command\":\"resend\",\"boot\":\"$boot\",\"from_seq\":0,\"to_seq\":100000}")
wait_for 5 "it is answered" eval '[ "$(state "$again")" = "done sent answered" ] || [ "$(state "$again")" = "refused sent answered" ]'
other=$(command '{"command":"resend","boot":"other","from_seq":1,"to_seq":2}')
wait_for 5 "what is not kept is refused" is "$other" 'refused sent answered'
[ -n "$(api "/meters/$id/commands?command_id=$other" | jq -r '.items[0].detail // empty')" ] || fail "it does not say why"
expect command "$(api "/meters/$id/events?limit=1" | jq -r '.items[0].event')" "the answer is an event too"

note "a meter that is away"
kill -TERM "$meter_pid"
wait "$meter_pid" 2>/dev/null || true
lost=$(command '{"command":"set_interval","interval_s":60,"expires_in_s":2}')
wait_for 5 "it expires" is "$lost" 'expired sent'

note "a hole"
# seq 2 and 3 of another boot are missing: the system asks for them after ten seconds
printf '{"boot":"b9","readings":[%s,%s]}' "{\"seq\":1,\"energy_wh\":90000000,\"ts\":$(now_ms)}" "{\"seq\":4,\"energy_wh\":90000001,\"ts\":$(($(now_ms) + 1))}" |
    mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/$id/readings" -s
asked() { [ "$(api "/meters/$id/commands?limit=1" | jq -r '.items[0] | "\(.by) \(.command) \(.params.boot) \(.params.from_seq)-\(.params.to_seq) \(.state)"')" = 'ingestor resend b9 2-3 sent' ]; }
wait_for 20 "the system asks for it" asked
qw command list "$id" --json | jq -e 'length == 6 and .[0].by == "ingestor"' >/dev/null || fail "qw command list: $(qw command list "$id")"
ledger_of_records() { sqlite3 -cmd ".timeout 5000" "file:$RECORDS_DB?mode=ro" "$1"; }
expect 5 "$(ledger_of_records "SELECT count(*) FROM audit WHERE action = 'command.add'")" "commands of people in the audit"
