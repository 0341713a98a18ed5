#!/usr/bin/env bash
# Scenario: as system/durable/kill_all.sh, forty rounds.
exec "$(dirname "$0")/../../system/durable/kill_all.sh" --rounds 40 --meters 12 "$@"
