#!/usr/bin/env bash
# At the menu a person raises, lowers and sets the rate and sees it, in Portuguese; readings keep flowing meanwhile, the
# log stays off the console, and "sair" leaves cleanly.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/broker_lib.sh"
own_broker
listen "$WORK/heard" 'meters/casa-1/#'
mkfifo "$WORK/keys"
exec 7<>"$WORK/keys"
"$BIN/qw-meter" --broker-port "$PORT" --dir "$WORK/m" --interval-ms 100 --meter-id casa-1 --username casa-1 --rate-w 500 --menu --lang pt-BR \
    <"$WORK/keys" >"$WORK/screen" 2>"$WORK/errors" &
meter_pid=$!
own_pids+=("$meter_pid")
power() { readings_power | tail -n 1 | grep -q "^$1$"; }
readings_power() { sed -n 's|^meters/casa-1/readings ||p' "$WORK/heard" | jq -r '(.readings // [.])[] | .power_w'; }
wait_for 10 "500 W" power 500
echo '+' >&7
wait_for 5 "600 W" power 600
echo '- 250' >&7
wait_for 5 "350 W" power 350
printf 'definir 60' >&7 # half a line: the readings do not wait for the rest
before=$(readings_power | wc -l)
sleep 1
[ $(($(readings_power | wc -l) - before)) -ge 7 ] || fail "readings stopped while somebody was typing"
echo '000' >&7
wait_for 5 "60000 W" power 60000
sleep 1
echo 'mostrar' >&7
wait_for 5 "the state is shown" grep -q 'casa-1: 60000 W, total 0,0' "$WORK/screen"
echo 'mais!' >&7
wait_for 5 "what is not understood" grep -q 'não entendi' "$WORK/screen"
echo 'sair' >&7
status=0
wait "$meter_pid" || status=$?
expect 0 "$status" "exit status"
expect "" "$(cat "$WORK/errors")" "the log on the console"
grep -q 'meter ends' "$WORK/m/meter.log" || fail "no log in the meter's folder"
sleep 0.3
expect 'meters/casa-1/status {"state":"offline"}' "$(tail -n 1 "$WORK/heard")" "the last message"

# it remembers the rate and goes on with the register
# what is sent again after a start comes in batches; the last line may still be on its way
last_register() {
    sed -n 's|^meters/casa-1/readings ||p' "$WORK/heard" | jq -R 'fromjson? | .energy_wh // .readings[-1].energy_wh' | tail -n 1
}
last=$(last_register)
one_meter "$WORK/m" --meter-id casa-1 --username casa-1 --rate-w 500
wait_for 10 "readings of the next start" bash -c "[ \$(grep -c '\"state\":\"online\"' '$WORK/heard') -ge 2 ]"
wait_for 10 "the rate is remembered" power 60000
first=$(last_register)
[ "$first" -ge "$last" ] || fail "the register went back from $last to $first"
