#!/usr/bin/env bash
# Somebody new copies the README's commands, block by block, into a shell. Each does what the README says: the reading is
# published and comes out again, alerts and bills can be listened to, the REST lines answer, a meter of one's own gets its
# identity and sends readings.
. "$(dirname "$0")/../lib.sh"
stack_private --meters 3

# the README's shell blocks that talk to the running system, one file each
awk -v dir="$WORK" '/^```sh/ {n++; file = dir "/block-" n; next} /^```/ {file = ""} file {print > file}' "$ROOT/README.md"
mkdir "$WORK/home"
paste_block() { # FILE SECONDS: as a person would, in a shell that sourced run.env; prints what is said
    (cd "$WORK/home" && timeout "$2" bash -c ". '$RUN_ENV'; . '$1'" 2>"$WORK/errors") || true
}

bills_there() { [ "$(api '/bills?limit=100' | jq '.items | length')" -ge 6 ]; }
wait_for 60 "the demo's bills are there" bills_there
seen=''
for block in "$WORK"/block-*; do
    case $(cat "$block") in
    *./run*) ;; # what is running already
    *mosquitto_pub*)
        seen="$seen publish"
        said=$(paste_block "$block" 10)
        [ -z "$said" ] && [ ! -s "$WORK/errors" ] || fail "publishing says: $said $(cat "$WORK/errors")"
        stored() { api /meters/casa-42/readings | jq -e '.items[0].energy_wh == 123456'; }
        wait_for 2 "the reading of the README is there" stored
        ;;
    *mosquitto_sub*)
        seen="$seen subscribe"
        said=$(paste_block "$block" 5)
        grep -q '^meters/casa-001/bill {' <<<"$said" || fail "no bill heard: $(head -c 500 <<<"$said")"
        ;;
    *curl*)
        seen="$seen rest"
        while read -r line; do
            [ -n "$line" ] || continue
            echo "$line" >"$WORK/line"
            said=$(paste_block "$WORK/line" 6)
            case $line in
            */live*) grep -q '^event: reading' <<<"$said" || fail "nothing live: $(head -c 500 <<<"$said")" ;;
            *) jq -e '.meter_id | startswith("casa-")' <<<"$said" >/dev/null || fail "$line answers: $(head -c 500 <<<"$said")" ;;
            esac
        done <"$block"
        ;;
    *qw-meter*)
        seen="$seen meter"
        paste_block "$block" 12 >"$WORK/meter.out"
        meter=$(api '/meters?limit=100' | jq -r --arg serial "$CLAIM_SERIAL" '.items[] | select(.serial == $serial or .device.serial == $serial) | .meter_id')
        [ -n "$meter" ] || { cat "$WORK/meter.out" "$WORK/errors"; fail "no meter has the serial $CLAIM_SERIAL"; }
        [ "$(api "/meters/$meter/readings" | jq '.items | length')" -ge 3 ] || { cat "$WORK/meter.out" "$WORK/errors"; fail "$meter sent no readings"; }
        ;;
    *'$BIN/qw '*)
        seen="$seen qw"
        export QW_RECORDS_DB=$RECORDS_DB QW_LEDGER_DB=$LEDGER_DB
        while read -r line; do
            echo "${line%%#*}" >"$WORK/line"
            case $line in
            *FILE* | *Q.json*) ran=$(sed -E 's/(qw [a-z]+( (nem12|csv))?).*/\1 --help/' "$WORK/line") && echo "$ran" >"$WORK/line" ;; # wants a file of one's own
            esac
            (cd "$ROOT" && timeout 30 bash -c ". '$RUN_ENV'; . '$WORK/line'") >"$WORK/said" 2>&1 || fail "$line: $(cat "$WORK/said")"
        done <"$block"
        ;;
    *) fail "a block of the README that this test does not know: $(cat "$block")" ;;
    esac
done
expect " publish subscribe rest meter qw" "$seen" "what the README shows"
