#!/usr/bin/env bash
# Two ./run on one folder would be two writers on one ledger: the second one is refused, names the option to use, and does
# the first no harm. A port that is taken is named with its option too, and so is an option that does not exist.
. "$(dirname "$0")/../lib.sh"
stack_private
before=$(cat "$RUN_ENV")

refused() { # WORDS OPTION…
    local words=$1 status=0
    shift
    timeout 60 "$ROOT/run" --no-install "$@" >"$WORK/out" 2>&1 || status=$?
    cat "$WORK/out"
    [ "$status" -ne 0 ] && [ "$status" -ne 124 ] || fail "./run $* was not refused (status $status)"
    grep -q -- "$words" "$WORK/out" || fail "./run $* did not say: $words"
}
refused 'in use by another ./run.*' --dir "$STACK_DIR" --http-port "$(free_port)" --mqtt-port "$(free_port)"
grep -q -- '→.*--dir' "$WORK/out" || fail "no remedy"
refused '→.*--mqtt-port [0-9]' --dir "$WORK/other" --http-port "$(free_port)" --mqtt-port "$MQTT_PORT"
refused '→.*--http-port [0-9]' --dir "$WORK/other" --http-port "${URL##*:}" --mqtt-port "$(free_port)"
refused "no option '--frobnicate'" --frobnicate
refused 'wants a number' --meters many --dir "$WORK/other"
refused 'wants a number' --http-port 70000 --dir "$WORK/other"

expect "$before" "$(cat "$RUN_ENV")" "run.env of the first"
expect 200 "$(api_status /me)" "the first still answers"
