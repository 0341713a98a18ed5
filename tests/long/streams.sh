#!/usr/bin/env bash
# Scenario: a thousand households send in order, with jitter, holes, stutters, late reads and restarts. What the fast path makes of it as it comes is what the
# whole derivation makes of it at once, row by row.
. "$(dirname "$0")/../../deploy/lib.sh"
exec "$(dirname "$0")/../../build/release/tests/pipeline/pipeline_live" "${1:-1000}"
