#!/usr/bin/env bash
# api/openapi.yaml and the running server say the same, in both directions: every route that the program has is in the
# contract and the reverse; every operation is asked for, and every answer (the refusals too) has a status, a media type and a
# body that the contract describes, and no member that it does not; parameters that it names are taken, others refused.
. "$(dirname "$0")/api_lib.sh"

. "$(dirname "$0")/npm_lib.sh"
api_start
seed history casa-42 40
seed history casa-44 200
seed exceptions casa-42 0
seed judged casa-43 700
seed found casa-42 5
seed found casa-43 3
"$QW" user add op2 --role operator --generate >/dev/null
SECOND=$("$QW" token add --user op2 --name second 2>&1 | grep -o 'qw_[a-z2-7]*' | head -n 1)
NARROW=$("$QW" token add --user op --name narrow --scopes admin 2>&1 | grep -o 'qw_[a-z2-7]*' | head -n 1)
"$QW" setting set bill_grace_days 25 >/dev/null
for group in leste oeste; do "$QW" cycle set "$group" --day-of-month 1 >/dev/null; done
"$QW" account set casa-42-1 cycle_group leste --from 2025-01-01 >/dev/null
# a bill run whose preview broke off: run-1
sqlite3 "$QW_RECORDS_DB" "INSERT INTO bill_run (until_day, said_by, at_utc_ms, revision) VALUES (20000, 'op', 1, 1)"
node "$NPM_HERE/contract.js" "$ROOT/api/openapi.yaml" "$URL" "$TOKEN" "$NARROW" "$("$API" --print-routes)" "$SECOND" || fail "the contract is not kept"
