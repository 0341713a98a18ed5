#!/usr/bin/env bash
# Bills are worked out from files alone; what is wrong is said in words, with exit code 1 (2 where the command line itself is wrong). Published tariffs
# and price series are taken in.
. "$(dirname "$0")/../lib.sh"
BIN=${BIN:-$ROOT/build/bin}
[ -x "$BIN/qw" ] || fail "qw is not built"
export QW_RECORDS_DB=$WORK/records.db QW_LEDGER_DB=$WORK/ledger.db
qw() { "$BIN/qw" "$@"; }
T=$ROOT/docs/examples/br.cpfl-piratininga.b1.branca.json

refused() { # STATUS WORDS COMMAND…
    local status=$1 words=$2 found=0
    shift 2
    "$BIN/qw" "$@" >"$WORK/out" 2>"$WORK/err" || found=$?
    expect "$status" "$found" "exit status of qw $*"
    grep -q -- "$words" "$WORK/err" || { cat "$WORK/err"; fail "qw $* did not say '$words'"; }
}

file() { # TEXT: a file that holds it
    local path
    path=$(mktemp "$WORK/file.XXXXXX")
    printf '%s\n' "$1" >"$path"
    echo "$path"
}

note "a bill by quantities"
echo '{"from":"2026-04-10","to":"2026-05-11","phases":3,"kwh":{"off":190,"mid":20,"peak":30}}' >"$WORK/q.json"
qw rate --tariff "$T" --quantities "$WORK/q.json" >"$WORK/bill.json"
expect 23877 "$(jq .total_minor "$WORK/bill.json")" "total"
expect '["2026-04-10","2026-05-11",31]' "$(jq -c '[.read_from,.read_to,.days]' "$WORK/bill.json")" "dates as printed"
expect "$(sha256sum <"$WORK/bill.json")" "$(qw rate --tariff "$T" --quantities "$WORK/q.json" | sha256sum)" "same inputs, same bytes"
qw rate --tariff "$T" --quantities "$WORK/q.json" --table --explain >"$WORK/table"
grep -q 'TOTAL .*238.77' "$WORK/table" || fail "the table has no total"
grep -q '190 kWh × 0.62098 ÷ 0.769816' "$WORK/table" || fail "the table does not explain"
grep -q 'clause /versions/0/charges/0, REH 3.543/2025' "$WORK/table" || fail "the table does not name the clause"

note "mistakes"
refused 2 "--tariff FILE is missing" rate
refused 1 "either --usage FILE or --quantities FILE" rate --tariff "$T"
refused 1 "no window" rate --tariff "$T" --quantities "$(file '{"from":"2026-04-10","to":"2026-05-11","phases":3,"kwh":{"day":1}}')"
refused 1 "a number for each window" rate --tariff "$T" --quantities "$(file '{"kwh":5}')"
refused 1 "phases" rate --tariff "$T" --quantities "$(file '{"from":"2026-04-10","to":"2026-05-11","kwh":{"off":1}}')"
refused 1 "no version in force on 2026-10-23" rate --tariff "$T" --quantities "$(file '{"from":"2026-10-10","to":"2026-11-11","phases":1,"kwh":{"off":1}}')"
refused 1 "pis has no value for 2026-04" rate --tariff "$T" --quantities "$(file '{"from":"2026-03-10","to":"2026-04-11","phases":1,"kwh":{"off":1}}')"
refused 1 "line 3" rate --tariff "$T" --from 2026-04-10 --to 2026-05-11 --usage "$(file $'ts,import_wh\n2026-04-15T18:00:00Z,5\nsoon,7')"
refused 1 "/versions/0/charges/0/rates/off" tariff check "$(file "$(sed 's/"0.62098"/0.62098/' "$T")")"

refused 1 "at /tz" tariff check "$(file "$(sed 's|America/Sao_Paulo|America/Sao_Paolo|' "$T")")"

note "half-hours"
cat >"$WORK/series.json" <<<'{"schema":"series/1","id":"agile-c","step_s":1800,"prices":[["2026-03-29T00:00:00Z","10.00"],["2026-03-29T00:30:00Z","-2.00"]]}'
printf 'ts,import_wh\n2026-03-29T00:00:00Z,1000\n2026-03-29T00:30:00Z,1000\n' >"$WORK/usage.csv"
agile() { qw rate --tariff "$ROOT/docs/examples/uk.agile.json" --usage "$WORK/usage.csv" --from 2026-03-29 --to 2026-03-29 "$@"; }
expect '[56,false,23]' "$(agile --series "$WORK/series.json" | jq -c '[.total_minor,.complete,.elapsed_hours]')" "8 p + 45 p and VAT; 23 hours, most of them unknown"
# each line opened up: the days that made it, and for people what became of what was metered
expect '[true,2000,null]' "$(agile --series "$WORK/series.json" --explain | jq -c '[(.lines[0].intervals.wh | add) == .lines[0].energy.quantity_wh, .lines[0].energy.metered_wh, .lines[1].intervals]')" "the days of a line"
agile --series "$WORK/series.json" --table --explain | grep -q 'kWh: metered 2' || fail "the table does not tell what was metered"
refused 1 "agile-c is not given" rate --tariff "$ROOT/docs/examples/uk.agile.json" --usage "$WORK/usage.csv" --from 2026-03-29 --to 2026-03-29

note "what others publish"
qw init --tz America/Sao_Paulo >/dev/null
qw series load "$WORK/series.json" | grep -q '2 prices'
expect 2 "$(qw series list --json | jq '.[0].prices')" "prices"
if [ -e "${QW_SHARED:-$ROOT/../shared}/tariffs/br" ]; then
    qw tariff import-br "${QW_SHARED:-$ROOT/../shared}/tariffs/br" | grep -q 'loaded'
    expect 39 "$(qw tariff list --json | jq '[.[].tariff_id | select(test("^br\\.[a-z-]+\\.b1$"))] | length')" "distributors"
fi
jq -n '[range(12) | [range(24) | if . >= 14 and . < 19 then 1 else 0 end]] as $w | [range(12) | [range(24) | 0]] as $e | {label: "x1", startdate: 1546300800,
    energyratestructure: [[{rate: 0.06}], [{rate: 0.2, adj: 0.01}]], energyweekdayschedule: $w, energyweekendschedule: $e,
    fixedchargefirstmeter: 10, fixedchargeunits: "$/month"}' >"$WORK/urdb.json"
qw tariff import-urdb "$WORK/urdb.json" --tz America/New_York >"$WORK/us.json"
qw tariff check "$WORK/us.json" | grep -q 'good: tariff us.urdb.x1'
expect 9100 "$(qw rate --tariff "$WORK/us.json" --quantities "$(file '{"kwh":{"p0":1000,"p1":100}}')" | jq .total_minor)" "60 + 21 + 10"
refused 1 "energyratestructure/1" tariff import-urdb "$(file "$(jq '.energyratestructure = [.energyratestructure[0]]' "$WORK/urdb.json")")"
note "done"
