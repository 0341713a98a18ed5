#!/usr/bin/env bash
# The API may start before there is a ledger: what needs none is served, the rest is 503 with Retry-After, and when the ledger
# comes all is served without a restart. /ready says which of it is missing.
. "$(dirname "$0")/api_lib.sh"
people
rm -f "$QW_LEDGER_DB"*
api_start
op=(-H "Authorization: Bearer $TOKEN")
check() { curl -sS "$URL/ready" | jq -r ".checks[] | select(.name == \"$1\") | .ok"; }
expect 200 "$(status GET /health)" "/health"
expect 200 "$(status GET /api/v1/me "${op[@]}")" "/me"
expect 503 "$(status GET /ready)" "/ready"
expect 'true false' "$(check records) $(check ledger)" "what is ready"
for path in meters meters/casa-42 meters/casa-42/usage bills alerts fleet/summary; do
    expect 503 "$(status GET "/api/v1/$path" "${op[@]}")" "$path without a ledger"
done
curl -sS -D - -o /dev/null "${op[@]}" "$URL/api/v1/meters" | grep -qi '^retry-after: [1-9]' || fail "503 has no Retry-After"
curl -sS "$URL/metrics" | grep -q '^qw_api_ledger_readable 0$' || fail "/metrics does not say that the ledger cannot be read"
background curl -sS -N -m 30 "${op[@]}" -o "$WORK/live" "$URL/api/v1/live"
sleep 0.5
seed history casa-42 10
wait_for 3 "ready" eval '[ "$(status GET /ready)" = 200 ]'
expect 200 "$(status GET /api/v1/meters/casa-42/usage "${op[@]}")" "use"
sleep 0.5
seed tail casa-42 3
wait_for 2 "live events" eval '[ "$(grep -c "^event: reading" "$WORK/live")" = 3 ]'
