#!/usr/bin/env bash
# A utility is set up by hand with `qw` alone: databases, people, meters, customers, accounts, tariffs, rules, claims. Each
# mistake is refused in words, with exit code 1 (2 where the command line itself is wrong), and changes nothing.
. "$(dirname "$0")/../lib.sh"
BIN=${BIN:-$ROOT/build/bin}
[ -x "$BIN/qw" ] || fail "qw is not built"
export QW_RECORDS_DB=$WORK/records.db QW_LEDGER_DB=$WORK/ledger.db
qw() { "$BIN/qw" "$@"; }

# refused STATUS WORDS COMMAND…: exits so, and says so on standard error.
refused() {
    local status=$1 words=$2 found=0
    shift 2
    "$BIN/qw" "$@" >"$WORK/out" 2>"$WORK/err" || found=$?
    expect "$status" "$found" "exit status of qw $*"
    grep -q -- "$words" "$WORK/err" || { cat "$WORK/err"; fail "qw $* did not say '$words'"; }
}
json() { qw "$@" --json; }

note "databases"
refused 1 "qw init" meter list
qw init --tz America/Sao_Paulo >"$WORK/out"
grep -q 'made, version' "$WORK/out" || fail "init does not say what it made"
qw init | grep -q 'is at version' || fail "a second init changes something"
expect 640 "$(stat -c %a "$QW_RECORDS_DB")" "mode of the file with the hashes"
refused 1 "is not a ledger database" --ledger-db "$QW_RECORDS_DB" init
expect America/Sao_Paulo "$(qw setting get default_tz)" "default zone"
refused 1 "no time zone 'Mars/Olympus'" setting set default_tz Mars/Olympus
refused 1 "there is no setting" setting set defualt_tz UTC

note "logins"
password=$(qw user add ana --role operator --generate)
[ "${#password}" -ge 20 ] || fail "the generated password is '$password'"
printf 'a-long-enough-one\n' >"$WORK/password" && chmod 600 "$WORK/password"
qw user add ingestor --role service --password-file "$WORK/password" >/dev/null
qw user add ingestor --role service --password-file "$WORK/password" --if-missing | grep -q 'exists already'
refused 1 "exists already" user add ana --role operator --generate
refused 1 "reserved" user add district --role operator --generate
refused 1 "customer ID" user add maria --role customer --generate
refused 1 "either --password-file FILE or --generate" user add bob --role operator
chmod 644 "$WORK/password"
refused 1 "$WORK/password" user add bob --role operator --password-file "$WORK/password"
refused 1 "least" user add bob --role operator --password-file - < <(echo short)
expect '["ana","ingestor"]' "$(json user list | jq -c 'map(.username)')" "logins"
expect '[true,false]' "$(json user list | jq -c 'map(.web)')" "who may enter the web"
expect 0 "$(sqlite3 "$QW_RECORDS_DB" "SELECT count(*) FROM login WHERE web_hash LIKE '%$password%' OR broker_hash LIKE '%$password%'")" "passwords in clear"

note "tokens"
token=$(qw token add --user ana --name grafana --scopes readings:read --expires-days 30 2>/dev/null)
[[ $token == qw_* ]] || fail "the token is '$token'"
expect 0 "$(sqlite3 "$QW_RECORDS_DB" "SELECT count(*) FROM token WHERE token_hash LIKE '%$token%'")" "tokens in clear"
refused 1 "may not enter the API" token add --user ingestor --name x
refused 1 "meterz" token add --user ana --name x --scopes meterz:read
id=$(json token list | jq -r '.[0].token_id')
qw token revoke "$id" >/dev/null
[ "$(json token list | jq -r '.[0].revoked')" != null ] || fail "the token is not revoked"

note "meters"
qw meter add casa-42 --district centro --lat -23.55052 --lon -46.633308 --serial SN-1 --interval-s 900 --label "Casa da Ana" >/dev/null
qw meter add --count 2500 --prefix sim- --digits 4 | grep -q '2500 meters added, 0 existed'
qw meter add --count 2501 --prefix sim- --digits 4 | grep -q '1 meters added, 2500 existed'
expect 2502 "$(json meter list | jq length)" "meters over several pages"
expect casa-42 "$(json meter list --search 'da ana' | jq -r '.[].meter_id')" "search"
expect -23.55052 "$(qw meter show casa-42 --json | jq .latitude)" "latitude"
refused 1 "shared by both" meter add ana
refused 1 "reserved" meter add system
refused 1 "meter_id" meter add 'a b'
refused 1 "both --lat and --lon" meter add casa-43 --lat 1
refused 2 "no option --distrct" meter add casa-43 --distrct x
refused 2 "one word too many" meter show casa-42 casa-43
qw meter set casa-42 --feeder f7 --label '' >/dev/null
expect '"f7 "' "$(qw meter show casa-42 --json | jq '.feeder + " " + .label')" "changed fields"
qw meter exchange casa-42 --serial SN-2 --installed 2026-03-01T10:00:00-03:00 >/dev/null
expect '["SN-1","SN-2"]' "$(qw meter show casa-42 --json | jq -c '.devices | map(.serial)')" "devices"

note "decisions on readings"
expect '[]' "$(json estimate list)" "no decisions"
refused 1 "accept, refuse, edit or estimate" estimate add casa-42 invent --reason x
refused 2 "--reason" estimate add casa-42 edit
refused 1 "--from is missing" estimate add casa-42 edit --reason x --energy-wh 1
refused 1 "no meaning with accept" estimate add casa-42 accept --reason x --from 2026-01-01
refused 1 "name the read" estimate add casa-42 refuse --reason x
refused 1 "lies in the future" estimate add casa-42 edit --reason x --energy-wh 1 --from 2126-01-01 --to 2126-01-02
refused 1 "never told this channel" estimate add casa-42 edit --reason x --energy-wh 1 --from 2026-01-01 --to 2026-01-02
refused 1 "there is no meter" estimate add nobody edit --reason x --energy-wh 1 --from 2026-01-01 --to 2026-01-02
refused 1 "no such decision" estimate approve estimate-1
refused 1 "there is no decision" estimate withdraw nothing
refused 1 "the state must be" estimate list --state open
expect 100000 "$(qw setting get second_person_wh)" "the threshold for a second person"
refused 1 "whole number" setting set second_person_wh some

note "tariffs, customers, accounts"
tariff=$WORK/flat.json
cat >"$tariff" <<'JSON'
{"schema": "tariff/1", "id": "br.test.flat", "currency": "BRL", "minor": 2, "tz": "America/Sao_Paulo",
 "versions": [{"from": "2025-01-01", "until": null, "act": "invented for this test",
   "charges": [{"id": "energy", "kind": "energy", "rate": "0.65"},
               {"id": "service", "kind": "fixed", "per": "month", "amount": "12.50"}],
   "taxes": [{"id": "icms", "kind": "por_fora", "base": ["energy"], "rate": "0.18"}],
   "rounding": {"line": {"digits": 2, "mode": "half_away"}, "total_policy": "sum_of_lines"},
   "proration": {"days": "start_exclusive_end_inclusive"}}]}
JSON
qw tariff check "$tariff" | grep -q good
jq '.versions[0].charges[0].id = 7' "$tariff" >"$WORK/bad.json"
refused 1 "(at /versions/0/charges/0" tariff check "$WORK/bad.json"
refused 1 "(at /versions/0/charges/0" tariff load "$WORK/bad.json"
qw tariff load "$tariff" --default >/dev/null
tariff_id=$(jq -r .id "$tariff")
expect "$tariff_id" "$(qw setting get default_tariff)" "default tariff"
cmp <(qw tariff show "$tariff_id") "$tariff" || fail "the tariff is not kept as it was"
qw customer add maria --name "Maria da Silva" --email maria@example.org >/dev/null
qw user add maria --role customer --customer maria --generate >/dev/null
qw account add --customer maria --meter casa-42 --from 2026-01-10 --tariff "$tariff_id" --class residential >/dev/null
refused 1 "holds this meter" account add --customer maria --meter casa-42 --from 2026-06-01
refused 1 "there is no customer" account add --customer nobody --meter casa-42 --from 2026-06-01
refused 1 "date that exists" account add --customer maria --meter casa-42 --from 2026-02-30
qw account end casa-42-1 --until 2026-06-01 >/dev/null
qw account add --customer maria --meter casa-42 --from 2026-06-01 --account apt-2 >/dev/null
qw tariff assign apt-2 "$tariff_id" --from 2026-07-01 >/dev/null
refused 1 "there is no tariff" tariff assign apt-2 none --from 2026-07-01
expect '["apt-2","casa-42-1"]' "$(json account list --meter casa-42 | jq -c 'map(.account_id)')" "accounts"
expect active "$(qw meter show casa-42 --json | jq -r .state)" "a meter with an account"

note "rules, claims, cycles"
qw rules set casa-42 excess_consumption '{"day_wh":9000}' >/dev/null
refused 1 "rules set\|day_wh\|percent" rules set casa-42 excess_consumption '{"percent":9}'
refused 1 "no alert kind" rules set casa-42 excess '{}'
expect '{"day_wh":9000}' "$(json rules list casa-42 | jq -r '.[].params')" "rule"
[ -n "$(qw claim add --serial QW-9 --generate)" ] || fail "no claim code was shown"
refused 1 "claimed already" claim add --serial QW-9 --code 123456
qw cycle set route-7 --day-of-month 5 --dates 2026-01-07,2026-02-06 >/dev/null
refused 1 "there is no date\|must be dates" cycle set route-8 --day-of-month 5 --dates 2026-02-30

note "audit and backup"
expect qw:"$(id -un)" "$(json audit --subject casa-42 --limit 1 | jq -r '.[].who')" "who did it"
qw backup "$WORK/copy" >/dev/null
refused 1 "exists already" backup "$WORK/copy"
expect ok "$(sqlite3 "$WORK/copy/records.db" 'PRAGMA integrity_check')" "the copy"
expect 2502 "$(qw --records-db "$WORK/copy/records.db" meter list --json | jq length)" "meters in the copy"

note "help"
refused 2 "usage: qw"
refused 2 "there is no command" nonsense
for command in "meter add" "user add" init "tariff load"; do
    # shellcheck disable=SC2086
    qw help $command | grep -q '^usage: qw' || fail "no help for $command"
done
