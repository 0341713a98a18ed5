#!/usr/bin/env bash
# Scenario: as system/durable/power_loss.sh, twenty times, with a longer load.
exec "$(dirname "$0")/../../system/durable/power_loss.sh" --rounds 20 --readings 12000 "$@"
