#!/usr/bin/env bash
# `qw apply` loads a city from a file, a command per line: a thousand households in seconds, the same checks as by hand,
# 500 lines to a transaction. A mistake names its line; a file may be applied again.
. "$(dirname "$0")/../lib.sh"
BIN=${BIN:-$ROOT/build/bin}
[ -x "$BIN/qw" ] || fail "qw is not built"
export QW_RECORDS_DB=$WORK/records.db QW_LEDGER_DB=
qw() { "$BIN/qw" "$@"; }
qw init >/dev/null

households() { # N: commands of N households
    jq -nc --argjson n "$1" 'range($n) | {do: "meter add", id: "h-\(.)", district: "centro", lat: -23.5, lon: -46.6, interval_s: 900, if_missing: true},
        {do: "customer add", id: "c-\(.)", name: "Cliente \(.)", if_missing: true},
        {do: "account add", customer: "c-\(.)", meter: "h-\(.)", from: "2026-08-01", class: "residential", if_missing: true}'
}

households 1000 >"$WORK/city.jsonl"
began=$(now_ms)
qw apply "$WORK/city.jsonl" 2>"$WORK/err"
took=$(($(now_ms) - began))
grep -q '3000 lines applied' "$WORK/err" || fail "$(cat "$WORK/err")"
note "1,000 households: $took ms"
[ "$took" -lt 10000 ] || fail "1,000 households took $took ms"
expect 1000 "$(qw account list --json | jq length)" "accounts"

qw apply - <"$WORK/city.jsonl" 2>/dev/null
expect 1000 "$(qw account list --json | jq length)" "accounts after applying it again"

# Line 701 is wrong: the first 500 are kept, nothing of the second 500 is.
jq -nc 'range(1000) | {do: "meter add", id: "m-\(.)"}' | sed '701s/.*/{"do":"meter add","id":"m 700"}/' >"$WORK/bad.jsonl"
status=0
qw apply "$WORK/bad.jsonl" 2>"$WORK/err" || status=$?
expect 1 "$status" "exit status"
grep -q 'line 701: .*up to line 500 is stored' "$WORK/err" || fail "$(cat "$WORK/err")"
expect 1500 "$(qw meter list --json | jq length)" "meters after the mistake"

expect ops "$(echo '{"do":"user add","name":"ops","role":"operator","generate":true}' | qw apply - 2>/dev/null | jq -r .username)" "a secret in the output"
for line in 'nonsense' '{"do":"meter list"}' '{"do":"meter add","id":"x","colour":"red"}' '{"do":"meter add","id":7}' '{"id":"x"}' '[]'; do
    ! echo "$line" | qw apply - >/dev/null 2>"$WORK/err" || fail "'$line' was applied"
    grep -q 'line 1' "$WORK/err" || fail "no line for '$line': $(cat "$WORK/err")"
done
