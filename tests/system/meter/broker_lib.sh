# shellcheck shell=bash
# A broker of the test's own, and the ingestor's answers played by hand: what a meter sees of the other side, without it.
BIN=${BIN:-$ROOT/build/bin}
[ -x "$BIN/qw-meter" ] || fail "no qw-meter in $BIN: build first"

# own_broker [EXTRA LINE…]: starts mosquitto on a free port; sets PORT and MQTT.
own_broker() {
    PORT=$(free_port)
    MQTT=(-h 127.0.0.1 -p "$PORT")
    {
        printf 'listener %s 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location %s/\nmax_queued_messages 100000\n' "$PORT" "$WORK"
        printf 'log_type %s\n' error warning notice information subscribe
        printf '%s\n' "$@"
    } >"$WORK/mosquitto.conf"
    start_broker
}
broker_answers() { kill -0 "$broker_pid" && port_busy "$PORT"; } # it, and nobody who took its port meanwhile
start_broker() {
    background "$(PATH=$PATH:/usr/sbin command -v mosquitto)" -c "$WORK/mosquitto.conf" >"$WORK/broker.log" 2>&1
    broker_pid=$background_pid
    wait_for 10 "broker" broker_answers
}

# listen FILE TOPIC…: writes "topic payload" lines of what is published from now on: the broker has said that it listens.
listen() {
    local file=$1 topics=() name=listener-$RANDOM$RANDOM
    shift
    for topic in "$@"; do topics+=(-t "$topic"); done
    background mosquitto_sub "${MQTT[@]}" -i "$name" -c -q 1 -F '%t %p' "${topics[@]}" >"$file" 2>/dev/null
    subscribed() { [ "$(grep -c "$name 1 " "$WORK/broker.log")" -ge "$1" ]; }
    wait_for 20 "a listener" subscribed $#
}

# readings FILE [METER]: "meter boot seq energy_wh ts" of every reading in a listener's file, single or in a batch.
readings() {
    jq -rR 'capture("^meters/(?<m>[^/]*)/readings (?<payload>.*)$") | .m as $m | .payload | fromjson? | (.boot // "-") as $b |
        (.readings // [.])[] | "\($m) \(.boot // $b) \(.seq // "-") \(.energy_wh) \(.ts)"' "$1"
}

# receipts METER: answers every message of this meter with the receipt of its last seq, until the test ends.
receipts() {
    local in=$WORK/receipts-$1.in out=$WORK/receipts-$1.out
    mkfifo "$in" "$out"
    background bash -c 'exec mosquitto_sub "${@:2}" >"$1"' - "$in" "${MQTT[@]}" -q 1 -t "meters/$1/readings"
    background bash -c 'exec jq --unbuffered -c "(.readings // [.])[-1] as \$last | {boot: (.boot // \$last.boot), seq: \$last.seq}" <"$1" >"$2"' - "$in" "$out"
    background bash -c 'exec mosquitto_pub "${@:2}" -l <"$1"' - "$out" "${MQTT[@]}" -q 0 -t "meters/$1/receipt"
}

# one_meter DIR OPTION…: a single meter, in the background, its log in DIR.log. Sets meter_pid.
one_meter() {
    local dir=$1
    shift
    background "$BIN/qw-meter" --broker-port "$PORT" --dir "$dir" --interval-ms 100 "$@" </dev/null 2>>"$dir.log"
    meter_pid=$background_pid
}
