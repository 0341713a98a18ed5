#!/usr/bin/env bash
# The containers' health checks, with nothing but bash:
#   health.sh http PORT PATH    200 on loopback
#   health.sh https PORT PATH   200 on loopback through TLS
#   health.sh broker PORT       an MQTT broker answers there and refuses who has no login; where it has a certificate, it listens on TLS_PORT
#   health.sh linked PORT       a process of this container has a connection to that port of another
set -uo pipefail

request() { printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1"; }
is_200() {
    local line
    IFS= read -r line || { echo "no answer"; return 1; }
    echo "${line%$'\r'}"
    [[ $line == HTTP/1.?\ 200* ]]
}

over_http() {
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    request "$2" >&3
    is_200 <&3
}

# The name in the certificate is the public one: whether it is valid, certs.sh looks after.
over_https() { { request "$2"; sleep 2; } | openssl s_client -quiet -verify_quiet -connect "127.0.0.1:$1" 2>/dev/null | is_200; }

# CONNECT of MQTT 3.1.1 without a login, client id "health"; the answer's last byte is 5: not authorised.
mqtt() {
    local answer
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf '\x10\x12\x00\x04MQTT\x04\x02\x00\x05\x00\x06health' >&3
    answer=$(head -c 4 <&3 | od -An -tx1 | tr -d ' \n')
    exec 3<&-
    echo "CONNACK $answer"
    [ "$answer" = 20020005 ] || return 1
    # not by connecting: the broker would log each time that a stranger hung up
    [ ! -r "${TLS_DIR:-/nowhere}/server.crt" ] || sockets 2 "$TLS_PORT" 0A
}

# /proc/net/tcp: address:port of this side is the second word, of the other the third, the state the fourth
# (01 established, 0A listening).
sockets() { # WORD PORT STATE
    awk -v word="$1" -v port="$(printf ':%04X' "$2")" -v state="$3" \
        'substr($word, length($word) - 4) == port && $4 == state {n++} END {print n + 0, "sockets"; exit n == 0}' /proc/net/tcp
}

case "${1-} $#" in
"http 3") over_http "$2" "$3" ;;
"https 3") over_https "$2" "$3" ;;
"broker 2") mqtt "$2" ;;
"linked 2") sockets 3 "$2" 01 ;;
*) echo "usage: health.sh http|https PORT PATH | broker|linked PORT" >&2; exit 2 ;;
esac
