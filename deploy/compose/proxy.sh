#!/usr/bin/env bash
# Runs nginx, and has it read its certificate again when that changes.
set -euo pipefail
CRT=/etc/quilowatt/certs/server.crt

state() { stat -c '%i %.9Y %s' "$CRT" 2>/dev/null || echo absent; }
known=$(state)
echo "HTTPS is published on ${PUBLISHED-}"
nginx -c /opt/quilowatt/deploy/compose/nginx.conf &
nginx_pid=$!
# QUIT lets requests under way come to their end
trap 'kill -QUIT "$nginx_pid" 2>/dev/null || true' TERM INT
while kill -0 "$nginx_pid" 2>/dev/null; do
    sleep 1 & wait $! || true
    now=$(state)
    if [ "$now" != "$known" ] && [ "$now" != absent ]; then
        known=$now
        kill -HUP "$nginx_pid" 2>/dev/null || true
    fi
done
wait "$nginx_pid"
