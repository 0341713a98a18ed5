#!/usr/bin/env bash
# Scenario: as system/durable/kill_ingestor.sh, a thousand times.
exec "$(dirname "$0")/../../system/durable/kill_ingestor.sh" --rounds 1000 --readings 3000 "$@"
