#!/usr/bin/env bash
# Two installations on one machine, in two folders and on other ports, know nothing of each other: other passwords, other
# tokens, other meters. What lets somebody into one is worth nothing at the other.
. "$(dirname "$0")/../lib.sh"
start_run "$WORK/a" --meters 0
await_run "$WORK/a"
start_run "$WORK/b" --meters 0
await_run "$WORK/b"

read_run_env "$WORK/b/run.env"
b_url=$URL b_mqtt_port=$MQTT_PORT
for key in MQTT_PASSWORD API_TOKEN OPERATOR_PASSWORD CLAIM_PASSWORD CLAIM_CODE; do
    [ "$(grep "^$key=" "$WORK/a/run.env")" != "$(grep "^$key=" "$WORK/b/run.env")" ] || fail "the same $key in both"
done
cmp -s "$WORK/a/secrets/ingestor" "$WORK/b/secrets/ingestor" && fail "the same password of the ingestor in both"

read_run_env "$WORK/a/run.env"
publish meters/only-a/readings '{"energy_wh":5}'
wait_for 5 "a's meter is at a" api /meters/only-a
expect 401 "$(URL=$b_url api_status /me)" "a's token at b"
mosquitto_pub -h 127.0.0.1 -p "$b_mqtt_port" -u "$MQTT_USER" -P "$MQTT_PASSWORD" -t meters/only-a/readings -m '{"energy_wh":6}' -q 1 &&
    fail "a's password opens b's broker"
read_run_env "$WORK/b/run.env"
expect 404 "$(api_status /meters/only-a)" "a's meter at b"
