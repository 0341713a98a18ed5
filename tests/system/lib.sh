# shellcheck shell=bash
# What system tests share. A test sources this first:
#
#   . "$(dirname "$0")/../lib.sh"
#
# and then asks for a stack: stack_shared (one that others use too: leave its broker and programs running, and use meter
# names of your own) or stack_private [./run options] (its own, to be killed and stopped at will). Both leave the
# variables of run.env in this shell. A test ends with exit 0; `fail WORDS` ends it with 1, `skip WORDS` with 77.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$ROOT/deploy/lib.sh"
export ROOT

WORK=$(mktemp -d "${TMPDIR:-/tmp}/quilowatt-test.XXXXXX") # a test's own folder, gone with it
own_pids=()                                               # processes that `background` started
runs=()                                                   # ./run processes that stack_private started
cleanups=()                                               # commands to be run at the end, before the folder goes

fail() {
    echo "FAILED: $*"
    [ -z "${STACK_DIR-}" ] || for name in run ingestor api broker meters; do
        [ ! -s "$STACK_DIR/log/$name.log" ] || { echo "--- $name.log"; tail -n 15 "$STACK_DIR/log/$name.log"; }
    done
    exit 1
}
skip() { echo "$*"; exit 77; }
note() { printf '%s %s\n' "$(date +%H:%M:%S)" "$*"; }

at_end() {
    local status=$?
    trap - EXIT
    [ ${#own_pids[@]} -eq 0 ] || stop_pids 5 "${own_pids[@]}" || true
    [ ${#runs[@]} -eq 0 ] || stop_pids 40 "${runs[@]}" || true
    for one in "${cleanups[@]+"${cleanups[@]}"}"; do eval "$one" >/dev/null 2>&1 || true; done
    rm -rf "$WORK"
    exit "$status"
}
trap at_end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ---- stacks

# Reads KEY=value lines; nothing in them is a command.
read_run_env() {
    local key value
    while IFS='=' read -r key value; do
        case $key in '' | \#*) ;; *) printf -v "$key" '%s' "$value" && export "${key?}" ;; esac
    done <"$1"
    RUN_ENV=$1 STACK_DIR=$(dirname "$1")
    MQTT=(-h "$MQTT_HOST" -p "$MQTT_PORT" -u "$MQTT_USER" -P "$MQTT_PASSWORD")
}

# start_run DIR [OPTION…]: ./run in the background with free ports; sets run_pid. Does not wait.
start_run() {
    local dir=$1
    shift
    mkdir -p "$dir"
    env --default-signal=INT,TERM,HUP setsid "$ROOT/run" --no-install --dir "$dir" --http-port "$(free_port)" --mqtt-port "$(free_port)" "$@" \
        >"$dir.out" 2>&1 </dev/null &
    run_pid=$!
    runs+=("$run_pid")
}

# await_run DIR: until its run.env is there.
await_run() {
    local i
    for ((i = 0; i < 1200; i++)); do
        [ ! -e "$1/run.env" ] || return 0
        kill -0 "$run_pid" 2>/dev/null || break
        sleep 0.1
    done
    cat "$1.out"
    fail "./run did not become ready"
}

stack_private() {
    local dir=$WORK/stack
    case " $* " in *" --meters "*) ;; *) set -- "$@" --meters 0 ;; esac
    start_run "$dir" "$@"
    await_run "$dir"
    read_run_env "$dir/run.env"
}

stack_shared() {
    if [ -n "${QW_RUN_ENV-}" ] && [ -e "$QW_RUN_ENV" ]; then read_run_env "$QW_RUN_ENV"; else stack_private --meters 5; fi
}

# stop_run PID: as Ctrl-C does; waits until it is gone.
stop_run() {
    local i
    kill -INT "$1"
    for ((i = 0; i < 400; i++)); do kill -0 "$1" 2>/dev/null || return 0; sleep 0.1; done
    fail "./run did not stop within 40 s"
}

# ---- asking and waiting

# background COMMAND…: started, ended with the test. Sets background_pid.
background() {
    "$@" &
    background_pid=$!
    own_pids+=("$background_pid")
}

# wait_for SECONDS WHAT COMMAND…: until the command succeeds, ten times a second.
wait_for() {
    # the command sees the caller's variables: these names are nobody else's
    local waiting_s=$1 waiting_for=$2 waiting_since
    waiting_since=$(now_ms)
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $(($(now_ms) - waiting_since)) -lt $((waiting_s * 1000)) ] || fail "$waiting_for: not within $waiting_s s"
        sleep 0.1
    done
    note "$waiting_for: after $(($(now_ms) - waiting_since)) ms"
}
now_ms() { echo $(($(date +%s%N) / 1000000)); }

# api PATH [curl option…]: GET below /api/v1 with the operator's token; prints the body. Fails on a status from 400 on.
api() {
    local path=$1
    shift
    curl --silent --show-error --fail-with-body --max-time 20 -H "Authorization: Bearer $API_TOKEN" "$@" "$URL/api/v1$path"
}
# api_status PATH [curl option…]: only the status.
api_status() {
    local path=$1
    shift
    curl --silent --output /dev/null --write-out '%{http_code}' --max-time 20 -H "Authorization: Bearer $API_TOKEN" "$@" "$URL/api/v1$path"
}
# metric NAME [LABEL-PART]: the sum of a counter of the ingestor, 0 where it is not there yet.
metric() {
    curl --silent --max-time 5 "http://127.0.0.1:$METRICS_PORT/metrics" |
        awk -v name="$1" -v label="${2-}" '($1 == name || index($1, name "{") == 1) && (label == "" || index($1, label)) {sum += $2} END {printf "%d\n", sum}'
}
# publish TOPIC PAYLOAD [mosquitto_pub option…]: as the operator, QoS 1.
publish() {
    local topic=$1 payload=$2
    shift 2
    mosquitto_pub "${MQTT[@]}" -q 1 -t "$topic" -m "$payload" "$@"
}
# register METER [FIELD…]: a meter with the API; fields are jq assignments such as 'tz="Europe/Paris"'. Waits for what the
# ingestor needs to see it: it looks into the records twice a second.
register() {
    local meter=$1 body
    shift
    body=$(jq -nc --arg id "$meter" '{meter_id: $id, tz: "America/Sao_Paulo"}')
    for field in "$@"; do body=$(jq -c ".$field" <<<"$body"); done
    api /meters -X POST -H 'Content-Type: application/json' -d "$body" >/dev/null || fail "registering $meter"
}
# expect WANTED FOUND WHAT
expect() { [ "$1" = "$2" ] || fail "$3: expected '$1', found '$2'"; }
# ledger SQL: what the ledger holds, read from outside the programs.
ledger() { sqlite3 -cmd '.timeout 5000' "file:$LEDGER_DB?mode=ro" "$1"; }
# shared_data PATH: sets SHARED_FILE to a file of the data beside the repository, or skips the test.
shared_data() {
    SHARED_FILE=${QW_SHARED:-$ROOT/../shared}/$1
    [ -e "$SHARED_FILE" ] || skip "$1 is not here (it is looked for in ../shared, or where QW_SHARED says)"
}
# meter_program OPTION…: qw-meter with the operator's login.
meter_program() {
    (umask 077 && printf '%s\n' "$MQTT_PASSWORD" >"$WORK/mqtt-password")
    "$BIN/qw-meter" --broker-host "$MQTT_HOST" --broker-port "$MQTT_PORT" --username "$MQTT_USER" --password-file "$WORK/mqtt-password" "$@"
}
# days METER FROM UNTIL ZONE: "2026-11-20 1234" per local day, from the API.
days() {
    local series
    series=$(api "/meters/$1/usage?bucket=day&from=$2&to=$3") || return 1
    jq -r '. as $s | range(.t | length) | "\($s.t[.]) \($s.import_wh[.])"' <<<"$series" |
        while read -r start wh; do echo "$(TZ=$4 date -d "$start" +%F) $wh"; done
}
