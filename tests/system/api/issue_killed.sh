#!/usr/bin/env bash
# The API is killed again and again while it issues the bills of a run: whoever asks again issues the rest. In the end each is issued once, numbers have no
# hole, and the chain of hashes holds.
. "$(dirname "$0")/api_lib.sh"
. "$(dirname "$0")/npm_lib.sh"
COUNT=12000
api_start
seed drafts casa-44 $COUNT
api_killed() { kill -KILL "$api_pid"; wait "$api_pid" 2>/dev/null || true; }
post() { curl -sS -m 30 -X POST -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' "$URL/api/v1/$1" -d '{}'; }
run=$(post bill-runs | jq -r .run_id)
[ "$run" = run-1 ] || fail "no run was made: $run"
kills=0
for round in 1 2 3 4 5 6; do
    background post "bill-runs/$run/issue"
    sleep "0.$((round * 4 + 10))"
    api_killed
    kills=$((kills + 1))
    api_start
done
issued=$(node "$NPM_HERE/chain.mjs" "$QW_RECORDS_DB") || fail "$issued"
[ "$issued" -lt $COUNT ] || note "all were issued before the last kill: nothing was left to go on with"
for _ in $(seq 20); do
    state=$(post "bill-runs/$run/issue" | jq -r .state)
    [ "$state" = issuing ] || break
done
expect issued "$state" "the run in the end"
expect "$COUNT" "$(node "$NPM_HERE/chain.mjs" "$QW_RECORDS_DB")" "issued bills after $kills kills"
expect 0 "$(post bill-runs | jq .counts.ready)" "left for the next run"
sqlite3 "$QW_RECORDS_DB" "UPDATE issued_bill SET total_minor = 1 WHERE number = 7" 2>/dev/null && fail "an issued bill could be changed"
sqlite3 "$QW_RECORDS_DB" "DELETE FROM issued_bill WHERE number = $COUNT" 2>/dev/null && fail "an issued bill could be taken away"
exit 0
