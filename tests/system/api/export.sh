#!/usr/bin/env bash
# A meter's quarter-hours as files: CSV and Green Button say the same as /usage, for any stretch, and of what the caller may see only. What is missing is
# empty or absent, never 0. The reader of Green Button here is held to real feeds of others first.
. "$(dirname "$0")/api_lib.sh"
HERE=$(dirname "$0")
green() { python3 "$HERE/green_button.py" "$1"; }
SHARED=${QW_SHARED:-$ROOT/../shared}/greenbutton
if [ -d "$SHARED" ]; then
    for name in electric_containerized.xml TestGBDataHourlyNineDaysBinnedDaily.xml Coastal_Multi_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_5.xml.gz; do
        wanted=$(jq -c --arg name "$name" '.[] | select(.file == $name) | .expected.meter_readings[] | [.blocks, .interval_readings, .sum_scaled, .first_start_utc, .last_end_utc, .gaps]' "$SHARED/expected.json")
        expect "$wanted" "$(green "$SHARED/$name" | jq -c '.meter_readings[] | [.blocks, .count, (.sum | . * 1.0), .first, .last, .gaps]')" "the reader of this test, of $name"
    done
else
    note "real feeds are not here ($SHARED): the reader is not held to them"
fi

api_start
seed history casa-42 40
seed history casa-43 20
seed history casa-44 300
get() { curl -sS -m 30 -H "Authorization: Bearer $TOKEN" "$URL/api/v1/meters/$1" "${@:2}"; }
csv() { get "$1/export.csv${2-}"; }

stop=$(date -u +%Y-%m-%dT%H:00:00Z) # what is asked for twice shall be the same, whatever the time

# ---- the whole history, and the same as /usage
csv casa-42 "?to=$stop" >"$WORK/all.csv"
expect 'ts,import_wh,export_wh,import_quality,export_quality,local' "$(head -n 1 "$WORK/all.csv" | tr -d '\r')" "the header"
rows=$(($(wc -l <"$WORK/all.csv") - 1))
[ "$rows" -ge $((39 * 96)) ] || fail "only $rows quarter-hours of forty days"
expect "$rows" "$(cut -d, -f1 "$WORK/all.csv" | tail -n +2 | sort -u | wc -l)" "quarter-hours, each once"
expect 0 "$(cut -d, -f1 "$WORK/all.csv" | tail -n +2 | sort -c 2>&1 | wc -l)" "their order"
day=$(date -u -d '10 days ago' +%F)
next=$(date -u -d '9 days ago' +%F)
csv casa-42 "?from=$day&to=$next" >"$WORK/day.csv"
get "casa-42/usage?bucket=quarter_hour&from=$day&to=$next" | jq -r '[.t, .import_wh, .export_wh, .quality] | transpose[] | map(. // "") | join(",")' >"$WORK/usage.txt"
expect "$(cat "$WORK/usage.txt")" "$(tail -n +2 "$WORK/day.csv" | tr -d '\r' | cut -d, -f1-4)" "a day in the file and in /usage"
expect "$day 00:00" "$(sed -n 2p "$WORK/day.csv" | tr -d '\r' | cut -d, -f6)" "the wall clock"
expect "" "$(tail -n +2 "$WORK/day.csv" | tr -d '\r' | cut -d, -f5 | sort -u)" "the quality of export that never was"
expect 2 "$(csv casa-42 "?from=${day}T12:00:00Z&to=${day}T12:30:00Z" | tail -n +2 | wc -l)" "half an hour by instants"
expect 1 "$(csv casa-42 '?from=2020-01-01&to=2020-02-01' | wc -l)" "a stretch of which nothing is known: the header alone"

# ---- Green Button
get "casa-42/greenbutton.xml?to=$stop" >"$WORK/all.xml"
green "$WORK/all.xml" >"$WORK/all.json"
sum=$(awk -F, 'NR > 1 {sum += $2} END {printf "%d", sum}' "$WORK/all.csv")
expect "[\"Wh\",\"1\",$rows,$sum,0,0]" "$(jq -c '.meter_readings[0] | [.unit, .flow, .count, .sum, .gaps, .overlaps]' "$WORK/all.json")" "the feed and the table"
expect "$(grep -c ',estimated,' "$WORK/all.csv")" "$(jq '.meter_readings[0].qualities["8"]' "$WORK/all.json")" "estimated quarter-hours"
expect '{"900":'"$rows"'}' "$(jq -c '.meter_readings[0].durations' "$WORK/all.json")" "their length"
expect true "$(jq '.ids == .distinct_ids and .kinds.UsagePoint == 1 and .kinds.ReadingType == 1' "$WORK/all.json")" "one of each, with ids of their own"
expect '-10800 0' "$(jq -r '.local_time | "\(.tzOffset) \(.dstOffset)"' "$WORK/all.json")" "the clock of São Paulo"
get "casa-42/greenbutton.xml?from=$day&to=$next" >"$WORK/day.xml"
expect '[1,96,12000]' "$(green "$WORK/day.xml" | jq -c '.meter_readings[0] | [.blocks, .count, .sum]')" "one day"
expect "$(grep -o '<id>[^<]*</id><link rel="self" href="[^"]*'"$day" "$WORK/all.xml")" "$(grep -o '<id>[^<]*</id><link rel="self" href="[^"]*'"$day" "$WORK/day.xml")" "the id of a day, in either file"
curl -sS -o /dev/null -X PATCH -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    "$URL/api/v1/meters/casa-42" -d '{"label":"Casa <42> & \"mais\""}'
expect 'Casa <42> & "mais"' "$(get "casa-42/greenbutton.xml?from=$day&to=$next" | python3 -c 'import sys, xml.etree.ElementTree as e; a = "{http://www.w3.org/2005/Atom}"; print(e.parse(sys.stdin).find(f"{a}entry/{a}title").text)')" "a label with signs of XML"

# ---- what is missing is no 0, and what was exported has a MeterReading of its own
meter_no=$(sqlite3 "$QW_RECORDS_DB" "SELECT meter_no FROM point WHERE meter_id = 'casa-43'")
last=$(sqlite3 "$QW_LEDGER_DB" "SELECT max(local_day) FROM day WHERE meter_no = $meter_no")
sqlite3 "$QW_LEDGER_DB" "DELETE FROM day WHERE meter_no = $meter_no AND local_day = $((last - 5));
    INSERT INTO day SELECT meter_no, 20800, local_day, start_utc_ms, slot_count, wh, measured, estimated, partial, missing, edited, slots FROM day
    WHERE meter_no = $meter_no AND channel = 10800 AND local_day BETWEEN $((last - 3)) AND $((last - 2))"
csv casa-43 "?to=$stop" | tr -d '\r' >"$WORK/hole.csv"
expect 96 "$(awk -F, '$4 == "missing" && $2 == "" {n++} END {print n}' "$WORK/hole.csv")" "rows of a day that is missing, with empty cells"
expect 0 "$(awk -F, 'NR > 1 && (($4 == "missing") != ($2 == "") || ($5 == "missing") != ($3 == "")) {n++} END {print n + 0}' "$WORK/hole.csv")" "cells that disagree with their quality"
get "casa-43/greenbutton.xml?to=$stop" >"$WORK/hole.xml"
green "$WORK/hole.xml" >"$WORK/hole.json"
sums() { awk -F, -v c="$1" 'NR > 1 && $c != "" {n++; sum += $c} END {printf "[%d,%d", n, sum}' "$WORK/hole.csv"; }
expect "$(sums 2),\"1\",1]" "$(jq -c '.meter_readings[0] | [.count, .sum, .flow, .gaps]' "$WORK/hole.json")" "import with its hole"
expect "$(sums 3),\"19\",0]" "$(jq -c '.meter_readings[1] | [.count, .sum, .flow, .gaps]' "$WORK/hole.json")" "export"

# ---- who may, how, and when not
login maria && login joao
as() { curl -sS -m 30 -b "$WORK/$1.jar" "$URL/api/v1$2"; }
for file in export.csv greenbutton.xml; do
    expect 404 "$(status GET "/api/v1/meters/casa-43/$file" -b "$WORK/maria.jar")" "another's $file"
    expect 404 "$(status GET "/api/v1/meters/casa-44/$file" -b "$WORK/joao.jar")" "$file of a meter that one left"
    expect 400 "$(status GET "/api/v1/meters/casa-42/$file?from=2026-02-01&to=2026-01-01" -b "$WORK/maria.jar")" "$file backwards"
    expect 400 "$(status GET "/api/v1/meters/casa-42/$file?from=yesterday" -b "$WORK/maria.jar")" "$file from nowhere"
    expect 200 "$(status HEAD "/api/v1/meters/casa-42/$file" -b "$WORK/maria.jar")" "the head of $file"
done
expect 2026-06-01T03:00:00Z "$(as maria '/meters/casa-44/export.csv' | sed -n 2p | cut -d, -f1)" "the first quarter-hour of maria's: not of the tenant before"
[ "$(csv casa-44 | sed -n 2p | cut -d, -f1)" \< 2026-06-01 ] || fail "an operator does not see what was before"

# ---- whole answers are told from broken ones
get casa-42/export.csv -D "$WORK/head" -o /dev/null
grep -qi '^transfer-encoding: chunked' "$WORK/head" || fail "the end cannot be told: $(cat "$WORK/head")"
if get casa-42/export.csv --http1.0 -D - -o "$WORK/old.csv" | grep -qi '^transfer-encoding'; then fail "chunks before HTTP/1.1"; fi
expect "$(head -n "$rows" "$WORK/all.csv" | sha256sum)" "$(head -n "$rows" "$WORK/old.csv" | sha256sum)" "the file over HTTP/1.0"
# slow readers hold a place each: four of one login, then it is told to come later; another login still has room
seed history casa-44 3000
for n in 1 2 3 4; do background curl -sS --limit-rate 20k -H "Authorization: Bearer $TOKEN" -o "$WORK/slow.$n" "$URL/api/v1/meters/casa-44/greenbutton.xml"; done
reading() { local n; for n in 1 2 3 4; do grep -qs '<feed' "$WORK/slow.$n" || return 1; done; }
wait_for 10 "four slow readers" reading
expect 503 "$(status GET /api/v1/meters/casa-42/export.csv -H "Authorization: Bearer $TOKEN")" "a fifth export of one login"
expect 200 "$(status GET /api/v1/meters/casa-42/export.csv -b "$WORK/maria.jar")" "an export of another login meanwhile"
api_stop
[ "$stop_ms" -lt 3000 ] || fail "slow readers kept the program from stopping: $stop_ms ms"
exit 0
