#!/usr/bin/env bash
# The system in containers, for real: from a clean copy of the sources `docker compose up --build` brings it up with a demo and
# its history; who looks in with the printed logins publishes, reads and sees the page. Nothing that was acknowledged is lost
# when the ingestor is killed under load, nor what a meter keeps when the broker is. Down and up again, a backup, an upgrade
# with a new migration and the restored backup keep what they should. Then TLS in front: HTTPS, MQTT on 8883, no self-made
# meters, and a certificate that is exchanged.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/compose_lib.sh"
NODE=$(command -v node || true)
take_engine
[ -z "$NODE" ] || PATH=$(dirname "$NODE"):$PATH
if have chromium; then "$ROOT/deploy/build.sh" browser; fi
BIN=$ROOT/build/bin
clean_clone

# ---- up, with the demo

quietly_compose up --build --detach
all_healthy ingestor broker api fleet
wait_for 30 "the welcome" bash -c "cd '$SRC' && docker compose logs welcome | grep -q 'setup logins'"
learn_logins

# what each container may: nothing that it does not need
secrets=$(setup logins | awk '$1 == "a" {print $6; next} {print $2}')
expect 4 "$(wc -l <<<"$secrets")" "secrets to look for"
for id in $(compose ps -a --quiet); do
    name=$(ask "$id" '{{.Name}}')
    expect "10001:10001 true [ALL] [no-new-privileges:true]" "$(ask "$id" '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}')" "the rights of $name"
    [ "$(ask "$id" '{{.HostConfig.Memory}}')" -gt 0 ] && [ "$(ask "$id" '{{.HostConfig.PidsLimit}}')" -gt 0 ] || fail "$name has no limits"
    ! docker inspect "$id" | grep -qF "$secrets" || fail "$name is told a secret in its environment"
    outside=$(docker inspect "$id" | jq -r '.[0].HostConfig.PortBindings // {} | .[][] | .HostIp' | grep -vx 127.0.0.1 || true)
    expect '' "$outside" "addresses that $name is published on besides loopback"
done
base=$(ask debian:bookworm-slim '{{.Size}}')
for image in ingestor api broker tools; do
    above=$(($(ask "$PROJECT-$image" '{{.Size}}') - base))
    note "image $image: $((above / 1000)) kB above its base"
    [ "$above" -le 60000000 ] || fail "the image $image is $above bytes above its base"
done

# ---- publish, read, look

publish meters/casa-42/readings '{"energy_wh":123456}'
wait_for 5 "the reading is there" shows_last casa-42 123456
see_page casa-42 123.456
old_day=$(TZ=America/Sao_Paulo date -d '85 days ago' +%F)
has_history() { [ "$(api "/meters/casa-003/usage?bucket=day&from=$old_day&to=$(date -d "$old_day + 1 day" +%F)" | jq -r '.quality[0]')" = measured ]; }
wait_for 120 "the demo's history is there" has_history

# a new login is good at the broker, which was not started again for it
since=$(ask "$(container broker)" '{{.State.StartedAt}}')
maria=$(qw user add maria --role operator --generate ) || fail "no login for maria"
as_maria() { mosquitto_pub -h "$MQTT_HOST" -p "$MQTT_PORT" -u maria -P "$maria" -q 1 -t meters/casa-42/readings -m '{"energy_wh":123457}'; }
wait_for 10 "the broker knows the new login" as_maria
expect "$since" "$(ask "$(container broker)" '{{.State.StartedAt}}')" "since when the broker runs"

# ---- the ingestor dies under load

count=40000
begin=$((($(date +%s) - 3 * count) * 1000))
seq 1 "$count" | awk -v begin="$begin" '{printf "{\"ts\":%.0f,\"energy_wh\":%d}\n", begin + $1 * 2000, 1000 + $1}' >"$WORK/load"
publish meters/last-1/readings "{\"ts\":$begin,\"energy_wh\":1000}"
wait_for 5 "the meter under load is known" shows_last last-1 1000
mosquitto_pub "${MQTT[@]}" -q 1 -l -t meters/last-1/readings <"$WORK/load" &
publisher=$!
under_way() { [ "$(last_wh last-1)" -gt 2000 ]; }
wait_for 20 "the load is under way" under_way
quietly_compose kill ingestor
kill -0 "$publisher" 2>/dev/null || fail "the load was over before the ingestor was killed: make it larger"
expect exited "$(ask "$(container ingestor)" '{{.State.Status}}')" "the ingestor"
sleep 3
quietly_compose start ingestor
wait "$publisher" || fail "the publisher was not acknowledged"
all_healthy ingestor
wait_for 60 "each of $count acknowledged readings is there" has_readings last-1 $((count + 1))
# one that dies by itself comes again by itself
kill -KILL "$(ask "$(container ingestor)" '{{.State.Pid}}')"
came_again() { [ "$(ask "$(container ingestor)" '{{.RestartCount}}')" -ge 1 ] && is_healthy ingestor; }
wait_for 60 "an ingestor that died was started again" came_again

# ---- the broker is restarted, and killed, under a meter that keeps what has no receipt

# "a device   serial QW-…, code …"
read -r _ _ _ serial _ code <<<"$(setup logins | grep '^a device' | tr -d ,)"
(umask 077 && login_of claim >"$WORK/claim")
"$BIN/qw-meter" --dir "$WORK/meter" --broker-host "$MQTT_HOST" --broker-port "$MQTT_PORT" --interval-ms 100 --receipt-wait-ms 1000 \
    --claim-password-file "$WORK/claim" --serial "$serial" --claim-code "$code" >"$WORK/meter.log" 2>&1 &
meter_pid=$!
own_pids+=("$meter_pid")
has_identity() { jq -e .meter_id "$WORK/meter/identity.json"; }
wait_for 15 "a device has its identity" has_identity
device=$(jq -r .meter_id "$WORK/meter/identity.json")
background mosquitto_sub "${MQTT[@]}" -t "meters/$device/receipt" >"$WORK/receipts" 2>"$WORK/receipts.err"
has_some() { [ "$(count_readings "$device")" -gt 30 ]; }
wait_for 20 "its first readings are there" has_some
quietly_compose restart broker
sleep 4
kill -KILL "$(ask "$(container broker)" '{{.State.Pid}}')"
sleep 4
all_healthy broker ingestor
heard=$(wc -l <"$WORK/receipts")
receipts_again() { [ "$(wc -l <"$WORK/receipts")" -gt $((heard + 2)) ]; }
wait_for 60 "receipts come again" receipts_again
kill -TERM "$meter_pid"
wait "$meter_pid" || fail "the meter did not leave cleanly"
sleep 2
seq=$(tail -n 1 "$WORK/receipts" | jq .seq)
stored=$(count_readings "$device")
note "$(grep 'meter ends' "$WORK/meter.log" | grep -o 'kept=.*'); receipts up to seq $seq, $stored readings stored"
[ "$(jq -r .boot "$WORK/receipts" | sort -u | wc -l)" -eq 1 ] && [ "$seq" -gt 100 ] || fail "receipts of one run were expected"
[ "$stored" -ge $((seq + 1)) ] && [ "$stored" -le $((seq + 15)) ] || fail "there are $stored readings; receipts go up to $seq"

# ---- down and up

publish meters/casa-42/readings '{"energy_wh":200000}'
wait_for 5 "one more reading is there" shows_last casa-42 200000
quietly_compose down
quietly_compose up --detach
all_healthy ingestor broker api fleet
expect "$MQTT_PASSWORD" "$(login_of operator)" "the operator's password after down and up"
expect "$((count + 1)) $stored 200000" "$(count_readings last-1) $(count_readings "$device") $(last_wh casa-42)" "readings after down and up"
wait_for 5 "maria's login is still good" as_maria

# ---- backup, an upgrade with a new migration, restore

version_in() { tar -C "$WORK" -xf "$1" ledger.db && sqlite3 "$WORK/ledger.db" 'PRAGMA integrity_check; PRAGMA user_version' | paste -sd ' '; }
setup backup >"$WORK/before.tar" || fail "the backup: $(tail -n 3 "$WORK/setup.log")"
before=$(version_in "$WORK/before.tar")
number=$(printf '%04d' $((${before#ok } + 1)))
printf '%s\n' 'CREATE TABLE upgrade_test (facts INTEGER NOT NULL) STRICT;' 'INSERT INTO upgrade_test SELECT count(*) FROM fact;' \
    >"$SRC/lib/store/schema/ledger/${number}_upgrade_test.sqlite.sql"
sed -i "/^migrations_c = /i ledger_sql += files('schema/ledger/${number}_upgrade_test.sqlite.sql')" "$SRC/lib/store/meson.build"
quietly_compose build
quietly_compose down
quietly_compose up --detach
all_healthy ingestor broker api fleet
setup backup >"$WORK/after.tar" || fail "the backup after the upgrade: $(tail -n 3 "$WORK/setup.log")"
expect "ok $((10#$number))" "$(version_in "$WORK/after.tar")" "the ledger's version after the upgrade"
[ "$(sqlite3 "$WORK/ledger.db" 'SELECT facts FROM upgrade_test')" -gt "$count" ] || fail "the migration found no facts"
expect "$((count + 1)) $stored" "$(count_readings last-1) $(count_readings "$device")" "readings after the upgrade"
publish meters/casa-42/readings '{"energy_wh":300000}'
wait_for 5 "it goes on after the upgrade" shows_last casa-42 300000

! setup restore <"$WORK/before.tar" || fail "it restores under running parts"
grep -q 'is running' "$WORK/setup.log" || fail "why it does not restore: $(tail -n 3 "$WORK/setup.log")"
quietly_compose down
! setup restore <"$ROOT/README.md" || fail "it restores what is no archive"
setup restore <"$WORK/before.tar" || fail "the restore: $(tail -n 3 "$WORK/setup.log")"
quietly_compose up --detach
all_healthy ingestor broker api
expect "$((count + 1)) $stored" "$(count_readings last-1) $(count_readings "$device")" "readings after the restore"
expect 0 "$(api '/meters/casa-42/readings?limit=1000' | jq '[.items[] | select(.energy_wh == 300000)] | length')" "readings that came after the backup"
qw verify >"$WORK/verify" || fail "verify: $(cat "$WORK/verify")"
quietly_compose down

# ---- production

profile=production
! compose up --detach >"$WORK/compose.log" 2>&1 || fail "production begins without a certificate"
compose logs certs 2>&1 | grep -q 'there is no certificate' || fail "it does not say that the certificate is missing"
certs() { compose run --rm -T certs "$@" 2>>"$WORK/certs.log"; }
certs make localhost 127.0.0.1 >/dev/null || fail "no certificate: $(tail -n 3 "$WORK/certs.log")"
certs ca >"$WORK/ca.crt"
quietly_compose up --detach
all_healthy ingestor broker api proxy
expect '' "$(docker ps -aq --filter "label=com.docker.compose.project=$PROJECT" --filter label=com.docker.compose.service=fleet)" "the demo's meters in production"

export CURL_CA_BUNDLE=$WORK/ca.crt
URL=https://localhost:$QW_HTTPS_PORT
MQTT=(-h localhost -p "$QW_MQTTS_PORT" --cafile "$WORK/ca.crt" -u operator -P "$MQTT_PASSWORD")
publish meters/casa-unknown/readings '{"energy_wh":1}'
publish meters/casa-42/readings '{"energy_wh":345678}'
wait_for 5 "a reading that came through TLS is there" shows_last casa-42 345678
expect 404 "$(api_status /meters/casa-unknown)" "a meter that nobody registered"
! mosquitto_pub -h localhost -p "$QW_MQTTS_PORT" --cafile "$WORK/ca.crt" -q 1 -t meters/casa-42/readings -m '{"energy_wh":1}' >/dev/null 2>&1 ||
    fail "the broker lets somebody in without a login"
see_page casa-42 345.678
curl --silent --show-error --dump-header "$WORK/headers" --output /dev/null -H 'Content-Type: application/json' \
    -d "{\"username\":\"operator\",\"password\":\"$MQTT_PASSWORD\"}" "$URL/api/v1/session"
grep -qi '^set-cookie: .*; *secure' "$WORK/headers" || fail "the cookie is not marked Secure: $(cat "$WORK/headers")"
expect 404 "$(curl --silent --output /dev/null --write-out '%{http_code}' "$URL/metrics")" "the metrics from outside"
background curl --silent --no-buffer --max-time 20 -H "Authorization: Bearer $API_TOKEN" --output "$WORK/live" "$URL/api/v1/live"
sleep 1
publish meters/casa-42/readings '{"energy_wh":345679}'
wait_for 5 "it is told live through the proxy" grep -q 345679 "$WORK/live"

# another certificate: taken up by both, which go on running
since="$(ask "$(container broker)" '{{.State.StartedAt}}') $(ask "$(container proxy)" '{{.State.StartedAt}}')"
certs make localhost >/dev/null
certs ca >"$WORK/ca.crt"
api_ok() { [ "$(api_status /me)" = 200 ]; }
wait_for 20 "nginx has the new certificate" api_ok
wait_for 20 "the broker has the new certificate" publish meters/casa-42/readings '{"energy_wh":345680}'
expect "$since" "$(ask "$(container broker)" '{{.State.StartedAt}}') $(ask "$(container proxy)" '{{.State.StartedAt}}')" "since when they run"

# ---- and nothing is left

quietly_compose down --volumes
expect '' "$(docker ps -aq --filter "label=com.docker.compose.project=$PROJECT")$(docker volume ls -q --filter "label=com.docker.compose.project=$PROJECT")" "what is left"
