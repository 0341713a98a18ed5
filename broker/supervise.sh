#!/usr/bin/env bash
# Runs one Mosquitto and tells it, at most once a second, to read its logins and ACL again when they changed.
#
#   broker/supervise.sh DATA_DIR PORT PASSWORD_FILE ACL_FILE [ADDRESS]
#
# DATA_DIR gets the filled-in settings (mosquitto.conf) and the broker's database. PID_FILE (from the environment, or
# DATA_DIR/mosquitto.pid) gets the broker's process id. The logins and the ACL are the ingestor's and need not exist yet:
# this waits for them, since a broker without them lets nobody in. ADDRESS is where it listens (127.0.0.1). The broker's
# own words go to standard error. Ends when the broker ends, with its exit status; on TERM or INT it stops the broker
# first. Whoever starts this decides about starting it again: ./run does, and a container's restart policy.
#
# With TLS_DIR and TLS_PORT in the environment the broker listens there, too, with TLS, if TLS_DIR has server.crt and
# server.key (broker/make-certs.sh makes some to try with). A certificate that changes is read again; when the first one
# comes, this ends with status 75, to be started again with the second listener.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 4 ] || { echo "usage: broker/supervise.sh DATA_DIR PORT PASSWORD_FILE ACL_FILE [ADDRESS]" >&2; exit 2; }
DATA_DIR=$1 PORT=$2 PASSWORD_FILE=$3 ACL_FILE=$4 ADDRESS=${5:-127.0.0.1}
PID_FILE=${PID_FILE:-$DATA_DIR/mosquitto.pid}
BROKER=$(command -v mosquitto || echo /usr/sbin/mosquitto)
TLS_DIR=${TLS_DIR-} TLS_PORT=${TLS_PORT-}
broker_pid=

note() { echo "$(date -u +%Y-%m-%dT%H:%M:%S): supervise: $*" >&2; }

# with_tls: may the second listener be there now?
with_tls() { [ -n "$TLS_DIR" ] && [ -r "$TLS_DIR/server.crt" ] && [ -r "$TLS_DIR/server.key" ]; }

# A text in place of @WORD@, whatever characters it has.
fill_in() {
    local text
    text=$(<"$HERE/mosquitto.conf")
    if [ "$tls" -eq 1 ]; then text+=$'\n\n'$(<"$HERE/tls.conf"); fi
    text=${text//@TLS_PORT@/$TLS_PORT}
    text=${text//@TLS_DIR@/$TLS_DIR}
    text=${text//@PORT@/$PORT}
    text=${text//@ADDRESS@/$ADDRESS}
    text=${text//@PASSWORD_FILE@/$PASSWORD_FILE}
    text=${text//@ACL_FILE@/$ACL_FILE}
    text=${text//@DATA_DIR@/$DATA_DIR}
    text=${text//@USER@/$(id -un)}
    printf '%s\n' "$text"
}

# What tells one state of the files from another: a file that is replaced has a new inode, one that is rewritten a
# new time (to the nanosecond).
state_of_files() {
    stat -c '%i %.9Y %s' "$PASSWORD_FILE" "$ACL_FILE" 2>/dev/null || { echo absent; return; }
    [ "$tls" -eq 0 ] || stat -c '%i %.9Y %s' "$TLS_DIR/server.crt" 2>/dev/null || echo absent
}

stop() {
    local status=${1:-0}
    trap - TERM INT
    [ -z "$broker_pid" ] || kill -TERM "$broker_pid" 2>/dev/null || true
    [ -z "$broker_pid" ] || wait "$broker_pid" 2>/dev/null || true
    rm -f "$PID_FILE"
    exit "$status"
}
trap stop TERM INT

# sleeps in a way that a signal interrupts at once
pause() { sleep 1 9>&- & wait $! || true; }

mkdir -p "$DATA_DIR"
waited=0
while [ ! -e "$PASSWORD_FILE" ] || [ ! -e "$ACL_FILE" ]; do
    [ $((waited++ % 30)) -ne 0 ] || note "waiting for the ingestor to write $PASSWORD_FILE and $ACL_FILE"
    sleep 0.2 9>&- & wait $! || true
done
tls=0
if with_tls; then tls=1; elif [ -n "$TLS_DIR" ]; then note "no certificate in $TLS_DIR: no TLS on port $TLS_PORT"; fi
(umask 077; fill_in >"$DATA_DIR/mosquitto.conf")
known=$(state_of_files)

# The broker dies with this script, however this script ends.
setpriv --pdeathsig TERM "$BROKER" -c "$DATA_DIR/mosquitto.conf" &
broker_pid=$!
echo "$broker_pid" >"$PID_FILE"

while kill -0 "$broker_pid" 2>/dev/null; do
    pause
    if [ "$tls" -eq 0 ] && with_tls; then
        note "a certificate has come: starting again with TLS"
        stop 75
    fi
    now=$(state_of_files)
    if [ "$now" != "$known" ] && [[ $now != *absent* ]]; then
        known=$now
        kill -HUP "$broker_pid" 2>/dev/null || true
    fi
done
rc=0
wait "$broker_pid" || rc=$?
rm -f "$PID_FILE"
note "the broker ended with status $rc"
exit "$rc"
