#!/usr/bin/env bash
# The demo's simulated meters in a container: history first, as far as it is missing, then live. METERS, MQTT_HOST and MQTT_PORT
# say how many and where. Notes once in a minute that it lives, so that the next start knows what is missing.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
DIR=/var/lib/quilowatt QW_PROGRAMS_DIR=/usr/local/bin
. "$ROOT/deploy/lib.sh"
. "$ROOT/deploy/provide.sh"
. "$ROOT/deploy/demo.sh"

demo_fleet "$MQTT_HOST" "$MQTT_PORT"
"${DEMO_FLEET[@]}" &
fleet_pid=$!
trap 'kill -TERM "$fleet_pid" 2>/dev/null || true' TERM INT
while kill -0 "$fleet_pid" 2>/dev/null; do
    demo_heartbeat
    sleep 2 & wait $! || true
done
wait "$fleet_pid"
