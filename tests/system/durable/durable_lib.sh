# shellcheck shell=bash
# What the durability scripts share: a Quilowatt of the script's own, made of parts that can be killed, stopped, starved and set on a small disk one by
# one; a load that is the same at every run; and the comparison with an undisturbed run. Sourced after lib.sh; options of the scripts:
#
#   --meters N --readings N   the load (each script has its own defaults)
#   --rounds N                how often whatever the script does is done
#   --rate N                  readings a second, all senders together; 0: as fast as they go
#   --seed N                  of the random moments; printed, so that a run can be repeated
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BIN=${BIN:-$ROOT/build/bin}
export QW_SEAL_AFTER_DAYS=0 # the comparison reads facts as rows, long past ones too
METERS=16 READINGS=600 ROUNDS=3 RATE=0 SEED=$RANDOM
options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --meters) METERS=$2 ;;
        --readings) READINGS=$2 ;;
        --rounds) ROUNDS=$2 ;;
        --rate) RATE=$2 ;;
        --seed) SEED=$2 ;;
        *) echo "there is no option $1: --meters --readings --rounds --rate --seed" >&2; exit 2 ;;
        esac
        shift 2
    done
    RANDOM=$SEED
    note "--meters $METERS --readings $READINGS --rounds $ROUNDS --rate $RATE --seed $SEED"
}
random_ms() { echo $(($1 + (RANDOM * 32768 + RANDOM) % ($2 - $1 + 1))); } # FROM TO
nap_ms() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }

# ---- records, made once and copied

make_records() {
    local dir=$WORK/records k
    mkdir -p "$dir/secrets"
    (umask 077 && for k in ingestor operator; do head -c 15 /dev/urandom | base32 >"$dir/secrets/$k"; done)
    local qw=("$BIN/qw" --records-db "$dir/records.db" --ledger-db "$dir/ledger.db")
    "${qw[@]}" init --tz America/Sao_Paulo >/dev/null
    "${qw[@]}" user add ingestor --role service --password-file "$dir/secrets/ingestor" >/dev/null
    "${qw[@]}" user add operator --role operator --password-file "$dir/secrets/operator" >/dev/null
    "${qw[@]}" tariff load "$ROOT/deploy/demo/residential.json" --default >/dev/null
    "${qw[@]}" tariff load "$ROOT/deploy/demo/tiered.json" >/dev/null
    for ((k = 0; k < METERS; k++)); do
        printf '{"do":"meter add","id":"dur-%d","tz":"America/Sao_Paulo"}\n' "$k"
        printf '{"do":"customer add","id":"c-%d","name":"c-%d"}\n' "$k" "$k"
        printf '{"do":"account add","customer":"c-%d","meter":"dur-%d","from":"2025-11-01","tariff":"%s"}\n' "$k" "$k" \
            "$([ $((k % 2)) -eq 0 ] && echo demo.tiered || echo br.cpfl-piratininga.b1)"
        printf '{"do":"rules set","meter":"dur-%d","kind":"excess_consumption","params":"{\\"day_wh\\":500}","from":"2025-11-01T03:00:00Z"}\n' "$k"
    done | "${qw[@]}" apply - >/dev/null 2>"$WORK/applied" || fail "the records could not be made"
    rm -f "$dir"/ledger.db*
}

# ---- a system of its own parts

# system_at DIR: chooses ports and copies the records there; starts nothing. Sets DIR and the variables that others need.
system_at() {
    DIR=$1
    [ -e "$WORK/records" ] || make_records
    mkdir -p "$DIR/journal" "$DIR/broker" "$DIR/log"
    cp -r "$WORK/records/." "$DIR/"
    STORE=$DIR LOGINS=$DIR/broker # where the ledger and the journal live; a script may put them elsewhere before it starts the ingestor
    LEDGER_DB=$STORE/ledger.db
    MQTT_PORT=$(free_port) METRICS_PORT=$(free_port)
    MQTT=(-h 127.0.0.1 -p "$MQTT_PORT" -u operator -P "$(cat "$DIR/secrets/operator")")
    INGESTOR_OPTIONS=() INGESTOR_WRAP=()
    NAMESPACE=() # a command that enters the ingestor's network
    BROKER_ADDRESS=127.0.0.1
}
health() { "${NAMESPACE[@]+"${NAMESPACE[@]}"}" curl --silent --max-time 3 "http://127.0.0.1:$METRICS_PORT/health"; }
linked() { [ "$(health | jq .link_up)" = true ]; }
start_ingestor() {
    LEDGER_DB=$STORE/ledger.db
    background env "${INGESTOR_WRAP[@]}" "${NAMESPACE[@]}" "$BIN/qw-ingestor" --ledger-db "$LEDGER_DB" --records-db "$DIR/records.db" --journal-dir "$STORE/journal" \
        --mqtt-port "$MQTT_PORT" --mqtt-password-file "$DIR/secrets/ingestor" --login-file "$LOGINS/passwords" --acl-file "$LOGINS/acl" \
        --metrics-port "$METRICS_PORT" "${INGESTOR_OPTIONS[@]}" >>"$DIR/log/ingestor.log" 2>&1 </dev/null
    ingestor_pid=$background_pid
}
start_broker() {
    background env PID_FILE="$DIR/broker.pid" "${SUPERVISE:-$ROOT/broker/supervise.sh}" "$DIR/broker" "$MQTT_PORT" "$LOGINS/passwords" "$LOGINS/acl" \
        "$BROKER_ADDRESS" >>"$DIR/log/broker.log" 2>&1 </dev/null
    supervisor_pid=$background_pid
}
start_system() {
    start_ingestor
    start_broker
    wait_quietly 20 "the ingestor reaching the broker" linked
}
# wait_quietly SECONDS WHAT COMMAND…: wait_for without a word when it succeeds.
wait_quietly() { wait_for "$@" >"$WORK/waited" || { cat "$WORK/waited"; tail -n 8 "$DIR/log/ingestor.log"; fail "$2"; }; }
# ended PID: kills it with -9, unless it is gone, and waits for it.
ended() { kill -KILL "$1" 2>/dev/null || true; wait "$1" 2>/dev/null || true; }
stop_ingestor() { kill -TERM "$ingestor_pid" 2>/dev/null && wait "$ingestor_pid" || fail "the ingestor did not leave cleanly"; }
kill_broker() {
    ended "$(cat "$DIR/broker.pid")"
    wait "$supervisor_pid" 2>/dev/null || true
}
stop_system() {
    kill -TERM "$ingestor_pid" "$supervisor_pid" 2>/dev/null || true
    wait "$ingestor_pid" "$supervisor_pid" 2>/dev/null || true
}

# ---- a disk that loses its power or refuses

# disk_shim: compiles it; the ingestor then runs on it. disk_refuses ERRNO, disk_works: switches every write below DIR off and on again.
disk_shim() {
    gcc -std=c17 -O1 -fPIC -shared -o "$WORK/disk_shim.so" "$HERE/disk_shim.c" || fail "the disk shim does not compile"
    cp -r "$DIR" "$DIR.image" # before anything was written
    rm -f "$DIR.refuse"
    INGESTOR_WRAP=("LD_PRELOAD=$WORK/disk_shim.so" "QW_DISK_DIR=$DIR" "QW_DISK_IMAGE=$DIR.image" "QW_DISK_REFUSE=$DIR.refuse")
}
disk_refuses() { echo "$1" >"$DIR.refuse.new" && mv "$DIR.refuse.new" "$DIR.refuse"; }
disk_works() { rm -f "$DIR.refuse"; }
says_failing() { [ "$(health | jq '.status == "degraded" and (.store_failing or .journal_refusing)')" = true ]; }
journal_refuses() { [ "$(health | jq .journal_refusing)" = true ]; }
metric_is() { [ "$(metric "$1")" = "$2" ]; }
# told LOG-TEXT…: the log names each of these.
told() {
    local text
    for text in "$@"; do grep -q "$text" "$DIR/log/ingestor.log" || fail "the log does not say: $text"; done
}
# small_disk MEBIBYTES: STORE is a tmpfs of this size; skips without the right to mount one.
small_disk() {
    STORE=$DIR.small
    mkdir -p "$STORE"
    mount -t tmpfs -o "size=$1m" tmpfs "$STORE" 2>/dev/null || skip "a small disk cannot be mounted here (it takes root)"
    cleanups+=("umount -l '$STORE'")
    mkdir -p "$STORE/journal"
}

# ---- devices that keep what they send until its receipt, and send the rest again

hear_receipts() { # to $DIR/receipts, from now on, whatever happens to the broker
    : >>"$DIR/receipts"
    background bash -c 'out=$1; shift; while :; do mosquitto_sub "$@" -t "meters/+/receipt" -F "%t %p" >>"$out" 2>/dev/null & echo $! >"$out.pid"; wait $!; sleep 0.2; done' - "$DIR/receipts" "${MQTT[@]}"
    cleanups+=("kill \$(cat '$DIR/receipts.pid')")
}
receipted() { # METER: the highest number it has a receipt for, -1: none
    { grep -o "^meters/$1/receipt .*" "$DIR/receipts" || true; } | sed -n 's/.*"seq":\([0-9]*\).*/\1/p' | sort -n | tail -n 1 | grep . || echo -1
}
# devices: every meter sends, each line until its receipt has come. Ends when all have.
devices() {
    local k
    hear_receipts
    senders=()
    for ((k = 0; k < METERS; k++)); do
        device "dur-$k" &
        senders+=($!)
    done
    own_pids+=("${senders[@]}")
}
device() {
    local last=-2 done=-1
    while [ "$done" -lt $((READINGS - 1)) ]; do
        # what has no receipt yet, from the first on; a sender whose broker was killed may wait for ever: none goes on for longer than 10 s
        tail -n +$((done + 2)) "$WORK/load/$1.lines" | throttled | timeout 10 mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/$1/readings" -l >/dev/null 2>&1 || sleep 0.5
        last=-2
        while done=$(receipted "$1") && [ "$done" -lt $((READINGS - 1)) ] && [ "$done" != "$last" ]; do last=$done; sleep 2; done
    done
}

# ---- the load

make_load() { # at a time of its own: both runs send the same instants
    [ -e "$WORK/load" ] || python3 "$HERE/load.py" "$WORK/load" "$METERS" "$READINGS" "$(date +%s)"
}
# throttled: passes lines on at RATE / METERS a second.
throttled() {
    if [ "$RATE" -eq 0 ]; then exec cat; fi
    exec python3 -uc '
import sys, time
pause, due = float(sys.argv[1]), time.monotonic()
for line in sys.stdin:
    sys.stdout.write(line)
    due += pause
    time.sleep(max(0, due - time.monotonic()))' "$(awk "BEGIN {print $METERS / $RATE}")"
}
# send_all KIND: every meter's file (lines or batches) at once, one sender each, QoS 1. Sets senders; await_senders waits for all acknowledgements.
send_all() {
    local k
    senders=()
    for ((k = 0; k < METERS; k++)); do
        throttled <"$WORK/load/dur-$k.$1" | mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/dur-$k/readings" -l &
        senders+=($!)
    done
    own_pids+=("${senders[@]}")
}
sending() { kill -0 "${senders[@]}" 2>/dev/null; }
any_sending() {
    local pid
    for pid in "${senders[@]}"; do ! kill -0 "$pid" 2>/dev/null || return 0; done
    return 1
}
await_senders() {
    local pid
    for pid in "${senders[@]}"; do wait "$pid" || fail "a sender was not acknowledged"; done
}
# settled: nothing waits in the broker, in the journal or to be derived. All messages must have been acknowledged to their senders before.
settled() {
    [ "$(health | jq '.link_up and .journal_waiting_bytes == 0 and (.store_failing | not)')" = true ] && [ "$(ledger 'SELECT count(*) FROM mark')" = 0 ] &&
        [ "$(ledger "SELECT count(*) FROM receipt WHERE done_seq = $((READINGS - 1))")" = "$METERS" ]
}
await_settled() { # [SECONDS]
    wait_quietly "${1:-60}" "everything is stored and derived" settled
    sleep 1.2 # a tending: what the passing of time brings
    wait_quietly 30 "everything is stored and derived" settled
}

# ---- the comparison

# undisturbed: the reference, in $WORK/calm: the same readings in batches, and nobody disturbs.
undisturbed() {
    make_load
    system_at "$WORK/calm"
    start_system
    send_all batches
    await_senders
    await_settled
    stop_system
    note "undisturbed: $(ledger 'SELECT count(*) FROM fact') facts"
}
# same_as_its_facts: the last line of a script whose facts are known only afterwards. An undisturbed system is given the same facts (but for electrical values): what is derived of them is compared.
same_as_its_facts() {
    local shaken=$DIR k
    mkdir -p "$WORK/load"
    python3 "$HERE/facts.py" "$shaken" "$WORK/load"
    system_at "$WORK/calm"
    start_system
    for ((k = 0; k < METERS; k++)); do
        mosquitto_pub "${MQTT[@]}" -q 1 -t "meters/dur-$k/readings" -l <"$WORK/load/dur-$k.batches" || fail "the facts could not be sent"
    done
    all_there() { [ "$(ledger 'SELECT count(*) FROM fact')" = "$(sqlite3 "file:$shaken/ledger.db?mode=ro" 'SELECT count(*) FROM fact')" ] && [ "$(ledger 'SELECT count(*) FROM mark')" = 0 ]; }
    wait_quietly 60 "the same facts" all_there
    sleep 1.2
    wait_quietly 30 "the same facts" all_there
    stop_system
    python3 "$HERE/compare.py" --without facts,events,receipts,refusals,alerts "$WORK/calm" "$shaken" || fail "the ledger is not what its facts say"
}
# same_as_undisturbed: the last line of a script. Also: nothing was stored twice or forgotten in the counters.
same_as_undisturbed() {
    await_settled "${1:-90}"
    stop_system
    [ "$STORE" = "$DIR" ] || { mkdir -p "$DIR/seen"; cp "$STORE"/ledger.db* "$DIR/records.db"* "$DIR/seen/"; }
    python3 "$HERE/compare.py" "$WORK/calm" "$([ "$STORE" = "$DIR" ] && echo "$DIR" || echo "$DIR/seen")" || fail "the ledger is not that of the undisturbed run"
    local wanted
    wanted=$(ledger "SELECT (SELECT value FROM number WHERE name = 'readings.received') =
        (SELECT sum(value) FROM number WHERE name IN ('readings.accepted', 'readings.repeated') OR name LIKE 'readings.refused.%')")
    expect 1 "$wanted" "received = accepted + repeated + refused"
}
