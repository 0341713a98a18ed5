#!/usr/bin/env bash
# bench-serve on a system of its own: ./run in a folder of its own, with a fleet of 10,000 registered meters.
#
#   bench/serve.sh [options of bench-serve]      needs what ./run needs, `ninja -C build/release bench`, and nginx for the comparison with it
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$ROOT/deploy/lib.sh"
DIR=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/qw-serve.XXXXXX")
METERS=10000
for ((i = 1; i < $#; i++)); do
    [ "${!i}" != --meters ] || { next=$((i + 1)) && METERS=${!next}; }
done
at_end() {
    stop_pids 40 "$RUN" || true
    rm -rf "$DIR"
}
"$ROOT/run" --no-install --dir "$DIR/var" --http-port "$(free_port)" --mqtt-port "$(free_port)" --meters 0 >"$DIR/run.log" 2>&1 </dev/null &
RUN=$!
trap at_end EXIT
for ((i = 0; i < 600; i++)); do
    [ ! -e "$DIR/var/run.env" ] || break
    kill -0 $RUN 2>/dev/null || { cat "$DIR/run.log" >&2; exit 1; }
    sleep 0.1
done
set -a
. "$DIR/var/run.env"
set +a
export QW_RECORDS_DB=$RECORDS_DB QW_LEDGER_DB=$LEDGER_DB
"$BIN/qw" meter add --prefix m- --count "$METERS" --digits 6 --tz America/Sao_Paulo >&2
"$BIN/qw" meter add probe --tz America/Sao_Paulo >&2
"$BIN/qw" tariff load "$ROOT/deploy/demo/residential.json" --default >&2
for ((i = 0; i < 40; i++)); do
    printf '{"ts":%d,"energy_wh":%d,"power_w":%d}\n' $((($(date +%s) - 3600 + i * 60) * 1000)) $((1000 + i * 5)) $((300 + i))
done | mosquitto_pub -h "$MQTT_HOST" -p "$MQTT_PORT" -u "$MQTT_USER" -P "$MQTT_PASSWORD" -q 1 -t meters/probe/readings -l
sleep 2
"$ROOT/build/release/bench/bench-serve" "$DIR/var/run.env" "$@"
