#!/usr/bin/env bash
# Everything that a hostile or broken client can send, at once: random bytes, 10 MB, deep nesting, wrong types, ten thousand
# meters that do not exist, topics that are no topics. The ingestor neither dies nor grows nor stops: what came through is
# counted, and a good reading of a known meter right after it is readable within a second.
. "$(dirname "$0")/../lib.sh"
stack_private --meters 0
register known
publish meters/known/readings '{"energy_wh":1000}'
readable() { [ "$(api "/meters/known/readings?limit=100" | jq "[.items[] | select(.energy_wh == $1)] | length")" = 1 ]; }
wait_for 5 "a good reading before" readable 1000
ingestor=$(cat "$STACK_DIR/ingestor.pid") broker=$(cat "$STACK_DIR/broker.pid")
memory_kib() { awk '/^VmRSS/ {print $2}' "/proc/$ingestor/status"; }
memory_before=$(memory_kib)

note "random bytes, and things that look like JSON"
for size in 0 1 7 100 4096 262144 262145 1048576; do
    head -c "$size" /dev/urandom >"$WORK/bytes"
    mosquitto_pub "${MQTT[@]}" -q 1 -t meters/known/readings -f "$WORK/bytes"
    mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/random-$size/readings" -f "$WORK/bytes"
done
{
    printf '%s\n' '{' '[' 'null' '1' '"a"' '[]' '{}' '{"energy_wh":null}' '{"energy_wh":[1]}' '{"energy_wh":{"a":1}}' '{"energy_wh":1e999}' \
        '{"energy_wh":NaN}' '{"energy_wh":1.5}' '{"energy_wh":-0}' '{"energy_wh":1,"energy_wh":2}' '{"energy_wh":99999999999999999999999}' \
        '{"energy_kwh":"1"}' '{"energy_kwh":1e400}' '{"readings":[]}' '{"readings":{}}' '{"readings":[1,2,3]}' '{"readings":[{"energy_wh":1}],"v":"1"}' \
        '{"ts":"yesterday","energy_wh":1}' '{"ts":"2026-02-30T00:00:00Z","energy_wh":1}' '{"ts":99999999999999999,"energy_wh":1}' '{"ts":true,"energy_wh":1}' \
        '{"flags":"x","energy_wh":1}' '{"flags":[1],"energy_wh":1}' '{"boot":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","seq":1,"energy_wh":1}' \
        '{"seq":-1,"energy_wh":1}' '{"seq":1.5,"energy_wh":1}' '{"registers":{"../../etc":1}}' '{"registers":[]}' '{"interval_wh":5}' '{"interval_s":0,"interval_wh":5}' \
        '{"energy_wh":1,"voltage_v":[1,2,3,4]}' '{"energy_wh":1,"power_w":1e300}' '{"energy_wh":1,"\u0000":1}' '{"energy_wh":1}trailing' '/* */{"energy_wh":1}'
} >"$WORK/lines"
mosquitto_pub "${MQTT[@]}" -q 1 -t meters/broken/readings -l <"$WORK/lines"

note "deep nesting and long batches"
{ printf '{"energy_wh":1,"x":'; head -c 100000 /dev/zero | tr '\0' '['; } >"$WORK/deep"
mosquitto_pub "${MQTT[@]}" -q 1 -t meters/known/readings -f "$WORK/deep"
{ printf '{"x":'; for _ in $(seq 20000); do printf '{"a":'; done; printf 1; for _ in $(seq 20000); do printf '}'; done; printf '}'; } >"$WORK/deep"
mosquitto_pub "${MQTT[@]}" -q 1 -t meters/known/readings -f "$WORK/deep"
{ printf '{"readings":['; for i in $(seq 1001); do printf '{"energy_wh":%d,"ts":%d},' "$i" $((1795168800000 + i)); done; printf '{}]}'; } >"$WORK/long"
mosquitto_pub "${MQTT[@]}" -q 1 -t meters/known/readings -f "$WORK/long"

note "10 MB"
head -c 10000000 /dev/urandom >"$WORK/big"
timeout 20 mosquitto_pub "${MQTT[@]}" -q 1 -t meters/known/readings -f "$WORK/big" && fail "10 MB were taken"
cut_off() { [ "$(grep -c 'disconnected due to oversize packet' "$STACK_DIR/log/broker.log")" -ge 1 ]; }
wait_for 3 "the broker counted it in its log" cut_off

note "topics that are none of ours"
for topic in meters/readings meters//readings meters/a/b/readings meters/known/readings/x "meters/$(head -c 65 /dev/zero | tr '\0' a)/readings" \
    'meters/ü/readings' 'meters/a b/readings' meters/known/nonsense 'meters/;drop table/readings' "meters/$(head -c 5000 /dev/zero | tr '\0' b)/readings"; do
    mosquitto_pub "${MQTT[@]}" -q 1 -t "$topic" -m '{"energy_wh":1}'
done
for topic in events status; do mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/known/$topic" -f "$WORK/bytes"; done

note "ten thousand names that nobody has registered"
node - "$MQTT_HOST" "$MQTT_PORT" "$MQTT_USER" "$MQTT_PASSWORD" <<'JS' || fail "the flood could not be sent"
// the smallest MQTT client that can flood: CONNECT, then PUBLISH QoS 0 to 10,000 topics; the broker drops some on a busy machine
const net = require('net')
const [, , host, port, user, password] = process.argv
const text = (s) => { const b = Buffer.from(s); return Buffer.concat([Buffer.from([b.length >> 8, b.length & 255]), b]) }
const length = (n) => { const out = []; do { out.push((n % 128) | (n > 127 ? 128 : 0)); n = Math.floor(n / 128) } while (n); return Buffer.from(out) }
const packet = (head, ...parts) => { const body = Buffer.concat(parts); return Buffer.concat([Buffer.from([head]), length(body.length), body]) }
const socket = net.connect(port, host, () => socket.write(packet(0x10, text('MQTT'), Buffer.from([4, 0xc2, 0, 60]), text('flood'), text(user), text(password))))
socket.once('data', (answer) => {
  if (answer[3] !== 0) process.exit(1)
  for (let i = 0; i < 10000; i++) socket.write(packet(0x30, text(`meters/stranger-${i}/readings`), Buffer.from('{"energy_wh":1}')))
  socket.end(packet(0xe0), () => process.exit(0))
})
socket.on('error', () => process.exit(1))
JS

publish meters/known/readings '{"energy_wh":2000}'
wait_for 1 "a good reading after it is readable" readable 2000
expect "$ingestor" "$(cat "$STACK_DIR/ingestor.pid")" "the ingestor's process"
expect "$broker" "$(cat "$STACK_DIR/broker.pid")" "the broker's process"
kill -0 "$ingestor" && kill -0 "$broker" || fail "one of them has died"

strangers=$(api '/meters?limit=1000&search=stranger-' | jq '.items | length')
[ "$strangers" -le 200 ] || fail "$strangers strangers registered themselves: a hundred a minute is the limit"
counted() { [ "$(metric qw_ingestor_readings_refused_total)" -ge 3000 ]; }
wait_for 20 "refused readings are counted" counted
refused=$(metric qw_ingestor_readings_refused_total)
grown=$((($(memory_kib) - memory_before) / 1024))
note "strangers registered: $strangers; refused readings: $refused; the ingestor grew by $grown MiB"
[ "$grown" -lt 150 ] || fail "the ingestor grew by $grown MiB"
