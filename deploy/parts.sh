# shellcheck shell=bash
# The parts of a running Quilowatt under ./run: starting them, seeing that they live, starting them again, stopping them.
# Sourced by ./run with DIR set. A part is one process; its log is DIR/log/NAME.log.

declare -A part_pid=() part_command=() part_since=() part_wait=() part_again=()
part_order=()
stopping=0
LOG_BYTES_MAX=20000000 # a part's log is put aside as .1 when it is larger at a start

run_log() {
    local line
    line="$(date -u +%Y-%m-%dT%H:%M:%SZ) $*"
    printf '%s\n' "$line" >>"$DIR/log/run.log"
}
tell() { run_log "$*"; step "$*"; }

in_use_by() {
    local pid
    pid=$(cat "$DIR/run.pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null && echo " (process $pid)"
}

# start_part NAME COMMAND…: in a session of its own, so that Ctrl-C on the terminal reaches ./run alone and parts are
# stopped in order; and asked to end by the kernel when ./run dies, however it dies.
start_part() {
    local name=$1 log=$DIR/log/$1.log
    shift
    part_command[$name]=$(printf '%q ' "$@")
    [[ " ${part_order[*]-} " == *" $name "* ]] || part_order+=("$name")
    part_wait[$name]=${part_wait[$name]:-1}
    launch "$name"
}

launch() {
    local name=$1 log=$DIR/log/$1.log
    local -a command
    eval "command=(${part_command[$name]})"
    if [ "$(stat -c %s "$log" 2>/dev/null || echo 0)" -gt "$LOG_BYTES_MAX" ]; then mv "$log" "$log.1"; fi
    setsid setpriv --pdeathsig TERM "${command[@]}" >>"$log" 2>&1 </dev/null &
    part_pid[$name]=$!
    part_since[$name]=$SECONDS
    part_again[$name]=''
    case $name in
    broker) ;; # its own script writes the broker's id there
    *) echo "$!" >"$DIR/$name.pid" ;;
    esac
    run_log "$name started, process $!"
}

alive() { kill -0 "${part_pid[$1]}" 2>/dev/null; }

# look_after: one round over the parts. One that has ended is started again after a while, which doubles from 1 s to 30 s
# and is 1 s again for a part that had lived for a minute.
look_after() {
    local name status
    for name in "${part_order[@]}"; do
        if [ -n "${part_again[$name]}" ]; then
            [ "$SECONDS" -lt "${part_again[$name]}" ] || launch "$name"
            continue
        fi
        alive "$name" && continue
        status=0
        wait "${part_pid[$name]}" || status=$?
        [ "$stopping" -eq 0 ] || return 0
        [ $((SECONDS - part_since[$name])) -lt 60 ] || part_wait[$name]=1
        part_again[$name]=$((SECONDS + part_wait[$name]))
        tell "$name ended ($(why "$status")); starting it again in ${part_wait[$name]} s; its last words are in ${DIR#"$PWD"/}/log/$name.log"
        part_wait[$name]=$((part_wait[$name] * 2 > 30 ? 30 : part_wait[$name] * 2))
    done
}

why() {
    if [ "$1" -gt 128 ]; then echo "killed by signal $(kill -l $(($1 - 128)) 2>/dev/null)"; else echo "exit status $1"; fi
}

# A wait that starts no process and that a signal interrupts.
exec {nothing}<> <(:)
pause() { read -r -t "$1" -u "$nothing" || true; }

# until_true SECONDS WHAT REMEDY COMMAND…: looks after the parts until COMMAND succeeds.
until_true() {
    local seconds=$1 what=$2 remedy=$3 until=$((SECONDS + $1))
    shift 3
    until "$@"; do
        [ "$stopping" -eq 0 ] || exit 0
        if [ "$SECONDS" -ge "$until" ]; then
            for name in "${part_order[@]}"; do tail -n 5 "$DIR/log/$name.log" | sed "s/^/   $name | /" >&2; done
            die "$what did not happen within $seconds s" "$remedy"
        fi
        look_after
        pause 0.1
    done
}

watch_parts() {
    while [ "$stopping" -eq 0 ]; do
        look_after
        demo_heartbeat
        pause 0.5
    done
}

# stop_all: the exit trap. Meters first, then who answers people, then who stores, the broker last. Nothing is left.
stop_all() {
    local status=$? name pids=()
    trap '' INT TERM HUP
    trap - EXIT
    stopping=1
    rm -f "$DIR/run.env"
    if [ ${#part_order[@]} -gt 0 ]; then
        step "stopping …"
        for name in meters api ingestor broker; do
            [ -n "${part_pid[$name]-}" ] || continue
            alive "$name" || continue
            pids+=("${part_pid[$name]}")
            stop_pids 20 "${part_pid[$name]}" || tell "$name did not stop within 20 s and was killed"
            run_log "$name stopped"
        done
        rm -f "$DIR"/*.pid
        tell "stopped"
    fi
    exit "$status"
}
