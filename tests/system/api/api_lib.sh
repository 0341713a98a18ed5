# shellcheck shell=bash
# A qw-api of one's own, with made-up meters and no ingestor. A test sources this instead of ../lib.sh, then:
#
#   api_start [qw-api option…]   makes databases and people where there are none, starts the program; sets URL, TOKEN
#   api_stop                     ends it; api_start goes on with the same data
#   seed VERB…                   writes into the ledger (seed.c)
#
# There are the meters casa-42 and casa-44 (maria's; casa-44 only since 2026-06-01) and casa-43 (joao's), and the logins maria,
# joao (customers) and op (operator), each with the password "<name>-password".
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

QW=${QW_BIN:-$ROOT/build/bin/qw}
API=${QW_API_BIN:-$ROOT/build/bin/qw-api}
SEED=${QW_SEED_BIN:-$(find "$ROOT/build/release" -name api_seed -type f -print -quit 2>/dev/null || true)}
export QW_RECORDS_DB=$WORK/records.db QW_LEDGER_DB=$WORK/ledger.db

seed() { "$SEED" "$QW_LEDGER_DB" "$QW_RECORDS_DB" "$@"; }

people() {
    local name
    "$QW" init >/dev/null
    "$QW" meter add casa-42 --tz America/Sao_Paulo --district centro --feeder f1 --label "Casa 42" --lat -23.55 --lon -46.63 --interval-s 900 >/dev/null
    "$QW" meter add casa-43 --tz America/Sao_Paulo --district norte >/dev/null
    "$QW" meter add casa-44 --tz America/Sao_Paulo >/dev/null
    for name in maria joao; do "$QW" customer add "$name" --name "${name^}" >/dev/null; done
    "$QW" account add --customer maria --meter casa-42 --from 2025-01-01 >/dev/null
    "$QW" account add --customer joao --meter casa-43 --from 2025-01-01 >/dev/null
    "$QW" account add --customer joao --meter casa-44 --from 2025-01-01 --until 2026-06-01 >/dev/null
    "$QW" account add --customer maria --meter casa-44 --from 2026-06-01 >/dev/null
    for name in op maria joao; do
        (umask 077 && echo "$name-password" >"$WORK/$name.password")
        if [ "$name" = op ]; then set -- --role operator; else set -- --role customer --customer "$name"; fi
        "$QW" user add "$name" "$@" --password-file "$WORK/$name.password" >/dev/null
    done
    TOKEN=$("$QW" token add --user op --name tests 2>/dev/null | grep -o 'qw_[a-z2-7]*' | head -n 1)
    mkdir -p "$WORK/web/assets"
    echo '<!doctype html><title>Quilowatt</title>' >"$WORK/web/index.html"
    echo 'export const x = 1' >"$WORK/web/assets/app-1a2b.js"
    gzip -k "$WORK/web/assets/app-1a2b.js"
    echo secret >"$WORK/outside.txt"
}

api_start() {
    [ -x "$API" ] && [ -x "$SEED" ] || skip "qw-api or api_seed is not built"
    [ -e "$QW_RECORDS_DB" ] || people
    rm -f "$WORK/api.pid"
    "$API" --http-port 0 --web-root "$WORK/web" --pid-file "$WORK/api.pid" "$@" >>"$WORK/api.log" 2>&1 &
    api_pid=$!
    own_pids+=("$api_pid")
    for _ in $(seq 100); do [ ! -e "$WORK/api.pid" ] || break; sleep 0.05; done
    [ -e "$WORK/api.pid" ] || { cat "$WORK/api.log"; fail "qw-api did not start"; }
    PORT=$(grep -o 'msg="\?serving.* port=[0-9]*' "$WORK/api.log" | tail -n 1 | grep -o 'port=[0-9]*' | cut -d= -f2)
    URL=http://127.0.0.1:$PORT
    export URL PORT TOKEN
}

# Sets stop_ms.
api_stop() {
    local began
    began=$(now_ms)
    kill -TERM "$api_pid"
    while kill -0 "$api_pid" 2>/dev/null; do
        [ $(($(now_ms) - began)) -lt 10000 ] || fail "qw-api did not stop within 10 s"
        sleep 0.01
    done
    stop_ms=$(($(now_ms) - began))
}

# status METHOD PATH [curl option…]: prints the status alone.
status() {
    local method=$1 path=$2
    shift 2
    if [ "$method" = HEAD ]; then set -- -I "$@"; else set -- -X "$method" "$@"; fi
    curl -sS -o /dev/null -w '%{http_code}' --path-as-is -m 20 "$@" "$URL$path"
}

# login NAME: a session in $WORK/NAME.jar; sets CSRF.
login() {
    CSRF=$(curl -sS -c "$WORK/$1.jar" -H 'Content-Type: application/json' -d "{\"username\":\"$1\",\"password\":\"$1-password\"}" \
        "$URL/api/v1/session" | jq -r .csrf_token)
    [ -n "$CSRF" ] && [ "$CSRF" != null ] || fail "$1 cannot log in"
}

