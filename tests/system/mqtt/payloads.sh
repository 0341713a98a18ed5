#!/usr/bin/env bash
# docs/schemas and the code say the same. Payloads that meters send: for each file of tests/contract/payloads, for thousands of
# them with one value changed, and for those of real foreign devices where they are at hand, the schema takes what the parser of
# lib/wire takes and refuses what it refuses, reading by reading; the known differences stand in one table of payloads.mjs, and
# each must still be one. Payloads that we send: what the writers write fits, with no member too many and none too few.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../api/npm_lib.sh"
. "$(dirname "$0")/wire_lib.sh"
node "$HERE/payloads.mjs" "$ROOT" "$WIRE_SAYS" "$WORK" "${QW_SHARED:-$ROOT/../shared}/payloads/dev.jsonl" || fail "schemas and code differ"
