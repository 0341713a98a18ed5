#!/usr/bin/env bash
# Live streams: events come within a second, to those who may see them; a stream resumes where it was, or is told `reset`; it
# ends with its session; a full house says 503 and the rest is served; the program stops within two seconds with streams open.
. "$(dirname "$0")/api_lib.sh"
api_start --sse-clients-max 40
login maria

stream() { # FILE PATH [curl option…]: in the background
    : >"$WORK/$1"
    background curl -sS -N -m 60 "${@:3}" -o "$WORK/$1" "$URL/api/v1$2"
}
events() { grep -c "^event: $2" "$WORK/$1" || true; }
ids() { grep '^id: ' "$WORK/$1" | cut -d' ' -f2; }
# wait_events SECONDS FILE EVENT COUNT
wait_events() { wait_for "$1" "$4 × $3 in $2" eval "[ \"\$(events $2 $3)\" -ge $4 ]"; }
open_streams() { [ "$(curl -sS "$URL/metrics" | awk '$1 == "qw_api_live_clients" {print $2}')" = "$1" ]; }
op=(-H "Authorization: Bearer $TOKEN")

stream op /live "${op[@]}"
stream op42 /meters/casa-42/live "${op[@]}"
stream maria /live -b "$WORK/maria.jar"
wait_for 3 "three streams" open_streams 3
seed tail casa-42 10
seed tail casa-43 20
wait_events 1 op reading 27
wait_events 1 op alert 3
wait_events 1 maria reading 9
expect 9 "$(events op42 reading)" "events of one meter"
expect 1 "$(events maria alert)" "maria's alerts"
if grep -q casa-43 "$WORK/maria" "$WORK/op42"; then fail "another's events"; fi
expect '{"meter_id":"casa-42","energy_wh":1}' "$(grep -m 1 '^data: ' "$WORK/maria" | cut -c 7-)" "the data"
expect "$(ids op)" "$(ids op | sort -n | uniq)" "ids ascend, each once"

# resuming: what came since, once, then what comes
third=$(ids op | sed -n 3p)
stream resumed /live "${op[@]}" -H "Last-Event-ID: $third"
wait_for 2 "the rest of the tail" eval '[ "$(ids resumed | wc -l)" -ge 27 ]'
seed tail casa-42 5
wait_for 2 "what comes" eval '[ "$(ids resumed | wc -l)" -ge 32 ]'
expect "$(seq $((third + 1)) $((third + 32)))" "$(ids resumed)" "a resumed stream has no hole and no repetition"
expect 0 "$(events resumed reset)" "no reset"
stream resumed_maria /live -b "$WORK/maria.jar" -H "Last-Event-ID: $third"
wait_for 2 "maria's part of the tail" eval '[ "$(ids resumed_maria | wc -l)" -ge 12 ]'
if grep -q casa-43 "$WORK/resumed_maria"; then fail "another's events in what is resumed"; fi

# an id that is older than the tail, or from another ledger
seed forget
seed tail casa-42 1
stream old /live "${op[@]}" -H "Last-Event-ID: $third"
stream foreign /live "${op[@]}" -H 'Last-Event-ID: 999999999'
wait_events 2 old reset 1
wait_events 2 foreign reset 1
seed tail casa-42 1
wait_events 2 old reading 1

# the session's end is the stream's end, at once
expect 204 "$(status DELETE /api/v1/session -b "$WORK/maria.jar" -H "X-CSRF-Token: $CSRF")" "logging out"
wait_for 2 "maria's streams end" open_streams 5

# a revoked token's stream ends at the next heartbeat
said=$("$QW" token add --user op --name brief 2>&1)
stream brief /live -H "Authorization: Bearer $(grep -o 'qw_[a-z2-7]*' <<<"$said")"
wait_for 2 "another stream" open_streams 6
"$QW" token revoke "$(grep -o 'token [0-9a-f]*' <<<"$said" | cut -d' ' -f2)" >/dev/null
wait_for 17 "the revoked token's stream ends" open_streams 5
expect 1 "$(grep -c '^:$' "$WORK/op")" "heartbeats"

# a full house
for i in $(seq 35); do stream "full$i" /live "${op[@]}"; done
wait_for 3 "40 streams" open_streams 40
expect 503 "$(status GET /api/v1/live "${op[@]}")" "one more stream"
curl -sS -D - -o /dev/null "${op[@]}" "$URL/api/v1/live" | grep -qi '^retry-after:' || fail "503 has no Retry-After"
expect 200 "$(status GET /api/v1/me "${op[@]}")" "the rest is served"
kill "$background_pid"
wait_for 3 "a stream that hung up makes room" open_streams 39

api_stop
[ "$stop_ms" -lt 2000 ] || fail "stopping took $stop_ms ms"
note "stopped in $stop_ms ms with 39 streams open"
