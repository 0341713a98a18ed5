#!/usr/bin/env bash
# Ten thousand stories of a meter (tests/support/story.h), each told in order and told again in any order, twice, late, cut into other messages, over
# restarts and a store that refuses: the same ledger, row by row.
#
#   tests/long/stories.sh [STORIES [SEED]]      so many (10000), from that seed on (1); RESUME=SEED goes on from there
#
# They run in parts, one beside the other for each processor; a story that differs is told by its seed and leaves both ledgers.
. "$(dirname "$0")/../../deploy/lib.sh"
program=$(dirname "$0")/../../build/release/tests/pipeline/pipeline_stories
stories=${1:-10000} first=${RESUME:-${2:-1}} part=250
last=$((first + stories - 1))
[ -x "$program" ] || die "there is no $program" "deploy/build.sh tests"
step "stories $first to $last"
seq "$first" "$part" "$last" | xargs -P "$(nproc)" -I SEED bash -c '
    seed=$1 part=$2 last=$3 program=$4
    count=$((last - seed + 1 < part ? last - seed + 1 : part))
    if out=$("$program" "$count" "$seed" 2>&1); then
        echo "$(date +%T)  stories $seed to $((seed + count - 1)): the same"
    else
        echo "$out" | grep -a "story [0-9]" || echo "$out"
        exit 255
    fi' _ SEED "$part" "$last" "$program"
