#!/usr/bin/env bash
# How many bills a second a run previews and issues (numbered, chained, with their inputs, through the REST service), beside as many rows of that size that
# the sqlite3 shell writes in batches. Prints one JSON object.
#
#   bench/issue.sh [COUNT]      drafts to issue: 20000. Needs `./test system` to have built its helpers once
. "$(dirname "$0")/../tests/system/api/api_lib.sh"
COUNT=${1:-20000}
now_ms() { date +%s%3N; }
per_s() { echo $(($1 * 1000 / ($2 > 0 ? $2 : 1))); }
post() { curl -sS -m 60 -X POST -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' "$URL/api/v1/$1" -d '{}'; }
api_start
seed drafts casa-44 "$COUNT" >&2
began=$(now_ms)
run=$(post bill-runs | jq -r .run_id)
preview_ms=$(($(now_ms) - began))
began=$(now_ms)
until state=$(post "bill-runs/$run/issue" | jq -r .state) && [ "$state" != issuing ]; do :; done
issue_ms=$(($(now_ms) - began))
issued=$(sqlite3 "$QW_RECORDS_DB" 'SELECT count(*) FROM issued_bill')
[ "$state $issued" = "issued $COUNT" ] || fail "the run is $state with $issued bills"
bytes=$(sqlite3 "$QW_RECORDS_DB" 'SELECT (sum(length(document)) + sum(length(inputs))) / count(*) FROM issued_bill')
began=$(now_ms)
{
    echo "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, document BLOB);"
    for ((i = 0; i < COUNT; i += 500)); do
        echo "BEGIN; WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t (document) SELECT randomblob($bytes) FROM n; COMMIT;"
    done
} | sqlite3 "$WORK/raw.db" >/dev/null
raw_ms=$(($(now_ms) - began))
jq -nc --argjson bills "$COUNT" --argjson bytes "$bytes" --argjson preview "$(per_s "$COUNT" $preview_ms)" --argjson issue "$(per_s "$COUNT" $issue_ms)" \
    --argjson raw "$(per_s "$COUNT" $raw_ms)" \
    '{bench: "issue", bills: $bills, bytes_each: $bytes, previewed_per_s: $preview, issued_per_s: $issue, raw_rows_per_s: $raw, ratio: ($issue / $raw * 1000 | round / 1000)}'
