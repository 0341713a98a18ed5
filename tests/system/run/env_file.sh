#!/usr/bin/env bash
# Somebody starts ./run without simulated meters. When it is ready there is a run.env that only they can read, with every
# promised key and no customer in it; what it says is true; and it is gone, with the ids of the parts, when ./run stops.
. "$(dirname "$0")/../lib.sh"
stack_private --meters 0

expect 600 "$(stat -c %a "$RUN_ENV")" "mode of run.env"
expect 700 "$(stat -c %a "$STACK_DIR")" "mode of the folder"
for key in URL MQTT_HOST MQTT_PORT MQTT_USER MQTT_PASSWORD API_TOKEN OPERATOR_USER OPERATOR_PASSWORD CLAIM_USER CLAIM_PASSWORD \
    CLAIM_SERIAL CLAIM_CODE BIN LEDGER_DB RECORDS_DB; do
    [ "$(grep -c "^$key=." "$RUN_ENV")" = 1 ] || fail "run.env has no $key, or has it twice"
done
! grep -q '^CUSTOMER_' "$RUN_ENV" || fail "a customer without demo data"
! grep -vqE '^[A-Z_]+=[A-Za-z0-9_./+,:@%-]*$' "$RUN_ENV" || fail "a line that is not KEY=value, or a value that needs quotes"
expect "$API_TOKEN" "$(sh -c ". '$RUN_ENV'; echo \"\$API_TOKEN\"")" "the token as a shell reads it"

expect operator "$(api /me | jq -r .role)" "role of the token"
[ -x "$BIN/qw-meter" ] && [ -s "$LEDGER_DB" ] && [ -s "$RECORDS_DB" ] || fail "BIN, LEDGER_DB or RECORDS_DB is not there"
mosquitto_sub "${MQTT[@]}" -t '$SYS/broker/version' -C 1 -W 10 >/dev/null || fail "the operator cannot read at the broker"
for name in broker ingestor api; do
    kill -0 "$(cat "$STACK_DIR/$name.pid")" || fail "$name.pid does not name a living process"
done
expect mosquitto "$(ps -o comm= -p "$(cat "$STACK_DIR/broker.pid")")" "whose id broker.pid holds"
expect 0 "$(api '/meters?limit=10' | jq '.items | length')" "meters of an empty installation"

# secrets: one file each, for nobody else, and in no log
for secret in "$STACK_DIR"/secrets/*; do
    expect 600 "$(stat -c %a "$secret")" "mode of $secret"
done
! grep -rqF -e "$OPERATOR_PASSWORD" -e "$API_TOKEN" -e "$CLAIM_PASSWORD" "$STACK_DIR/log" || fail "a secret stands in a log"

stop_run "$run_pid"
[ ! -e "$RUN_ENV" ] || fail "run.env is still there"
[ -z "$(find "$STACK_DIR" -maxdepth 1 -name '*.pid')" ] || fail "ids of parts are still there"
