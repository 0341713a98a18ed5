# shellcheck shell=bash
# Shared by ./run, ./test and the scripts beside this one. Source it with ROOT set to the repository's top folder.
# Speaks to people on standard error: short lines, and an error always ends with what to do about it.

say()  { printf '%s\n' "$*" >&2; }
step() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }
# die MESSAGE [REMEDY]
die() {
    printf '\n%s: %s\n' "${0##*/}" "$1" >&2
    [ $# -lt 2 ] || printf '%s\n' "   → $2" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# quietly LOG TITLE COMMAND…: one line while it works, another with the seconds it took; its output goes to LOG, whose
# last lines are shown when it fails.
quietly() {
    local log=$1 title=$2 began=$SECONDS pid rc=0 beat=0
    shift 2
    mkdir -p "$(dirname "$log")"
    step "$title …"
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        beat=$((beat + 1))
        # a sign of life every half minute: long steps happen on small machines
        [ $((beat % 150)) -ne 0 ] || step "$title … still at it after $((SECONDS - began)) s ($(tail -c 200 "$log" | tr -d '\r' | tail -n 1 | cut -c 1-80))"
    done
    wait "$pid" || rc=$?
    if [ "$rc" -ne 0 ]; then
        tail -n 25 "$log" | sed 's/^/   | /' >&2
        return "$rc"
    fi
    [ $((SECONDS - began)) -lt 2 ] || step "$title: $((SECONDS - began)) s"
}

# hash_of FILE…: one short hash over names and contents, to know whether sources changed since a stamp was written.
hash_of() { sha256sum -- "$@" | sha256sum | cut -c 1-16; }

# ---- node and npm: the system's own where they are new enough, else those that deploy/build.sh fetched through npm

NODE_WANTED=20.19.0 # the oldest that the web app's build tool runs on
NPM_WANTED=9.5.0    # the oldest that its packages ask for; Debian 12 and 13 have 9.2.0

at_least() { [ -n "$1" ] && [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }
node_new_enough() {
    at_least "$(node --version 2>/dev/null | tr -d v)" "$NODE_WANTED" && at_least "$(npm --version 2>/dev/null)" "$NPM_WANTED"
}
# use_kept_node: puts what build/node holds first in PATH, where it holds something.
use_kept_node() {
    local kept=$ROOT/build/node/node_modules arch
    case $(uname -m) in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
    [ ! -x "$kept/node-linux-$arch/bin/node" ] || PATH=$kept/node-linux-$arch/bin:$kept/.bin:$PATH
}

# ---- ports and processes

# port_busy PORT: true when somebody answers on loopback there.
port_busy() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port: a TCP port that nobody listens on, below the range the kernel gives to outgoing connections, so that it
# stays free until it is used. Every caller starts at its own place: concurrent test runs meet seldom.
free_port() {
    local port i
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        port_busy "$port" || { echo "$port"; return 0; }
    done
    die "no free port found on 127.0.0.1" "stop some of what is running here, and try again"
}

# stop_pids SECONDS PID…: ends processes by their ids and waits for them: TERM, and KILL after SECONDS.
stop_pids() {
    local patience=$1 pid i
    shift
    for pid in "$@"; do kill -TERM "$pid" 2>/dev/null; done
    for ((i = 0; i < patience * 10; i++)); do
        for pid in "$@"; do
            if kill -0 "$pid" 2>/dev/null; then sleep 0.1; continue 2; fi
        done
        return 0
    done
    for pid in "$@"; do kill -KILL "$pid" 2>/dev/null; done
    return 1
}
