#!/usr/bin/env bash
# What the whole stack answers, with bills and alerts that the ingestor made, fits the contract too.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/npm_lib.sh"
stack_shared
ready() { [ "$(api '/bills?limit=1' | jq '.items | length')" = 1 ]; }
wait_for 60 "a first bill" ready
node "$NPM_HERE/stack_answers.js" "$ROOT/api/openapi.yaml" "$URL" "$API_TOKEN" || fail "answers that do not fit"
