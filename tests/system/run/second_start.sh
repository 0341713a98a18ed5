#!/usr/bin/env bash
# What was stored is there after a stop and a start in the same folder, under the same logins; the simulated neighbourhood
# goes on from where its meters are, without its months of history being sent again.
. "$(dirname "$0")/../lib.sh"
stack_private --meters 3
publish meters/keepsake/readings '{"ts":"2026-11-01T12:00:00Z","energy_wh":777}'
stored() { [ "$(api '/meters/keepsake/readings' | jq -c '[.items[].energy_wh]')" = '[777]' ]; }
wait_for 5 "the reading is stored" stored
secrets=$(grep -E '^(MQTT_PASSWORD|OPERATOR_PASSWORD|CUSTOMER_PASSWORD|CLAIM_CODE)=' "$RUN_ENV")
history_done() { [ -e "$STACK_DIR/demo/history-done-3" ]; }
wait_for 90 "the history is stored" history_done
set_aside() { [ "$(api '/verdicts?meter_id=casa-003&verdict=transient' | jq '.items|length')" = 1 ]; }
wait_for 30 "the operator's queue has what befell casa-003" set_aside
incidents=$(cat "$WORK/stack/demo/incidents.csv")
readings() { sqlite3 "file:$LEDGER_DB?mode=ro" 'select count(*) from fact'; }
stop_run "$run_pid"
before=$(readings)
[ "$before" -gt 20000 ] || fail "only $before readings for three meters and 92 days"

start_run "$WORK/stack" --meters 3
await_run "$WORK/stack"
read_run_env "$WORK/stack/run.env"
expect "$secrets" "$(grep -E '^(MQTT_PASSWORD|OPERATOR_PASSWORD|CUSTOMER_PASSWORD|CLAIM_CODE)=' "$RUN_ENV")" "logins after the second start"
expect "$incidents" "$(cat "$WORK/stack/demo/incidents.csv")" "what befell the neighbourhood, after the second start"
set_aside || fail "what befell casa-003 is not told once after the second start: $(api '/verdicts?meter_id=casa-003')"
stored || fail "the reading is not there after the second start"
live_again() { [ "$(readings)" -gt "$before" ]; }
wait_for 30 "meters go on" live_again
[ "$(metric qw_ingestor_readings_received_total)" -lt 5000 ] || fail "the history was sent again: $(metric qw_ingestor_readings_received_total) readings received since the start"
