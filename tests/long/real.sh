#!/usr/bin/env bash
# All four sets of real meters, whole, in order and shuffled: the totals and faults of their expected.json (tests/pipeline/real.c).
. "$(dirname "$0")/../../deploy/lib.sh"
exec "$(dirname "$0")/../../build/release/tests/pipeline/pipeline_real" whole
