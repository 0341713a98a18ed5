# shellcheck shell=bash
# What ./test is made of: running meson's suites and lists of scripts, counting, the stack that scripts share, and the
# closing line. Sourced by ./test after deploy/lib.sh, with ROOT set.

LOGS=$ROOT/build/test-logs
passed=0 failed=0 skipped=0
failures=()
stack_pid='' stack_state=unstarted

# count SUITE PASSED FAILED SKIPPED SECONDS: adds to the totals and prints the suite's line.
count() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    local words="$2 passed"
    [ "$3" -eq 0 ] || words="$words, $3 FAILED"
    [ "$4" -eq 0 ] || words="$words, $4 skipped"
    step "$(printf '%-9s %s (%d s)' "$1" "$words" "$5")"
}

# closing: the list of what failed, then the line that whoever started this reads, and the exit status.
closing() {
    local words
    stop_shared_stack
    words="$passed passed, $failed failed"
    [ "$skipped" -eq 0 ] || words="$words, $skipped skipped"
    if [ ${#failures[@]} -gt 0 ]; then
        say ""
        say "Failed:"
        printf '   %s\n' "${failures[@]}" >&2
        say "   → one alone: ./test SUITE, or ./test PATH; the logs are under ${LOGS#"$ROOT"/}"
    fi
    echo "$words"
    [ "$failed" -eq 0 ]
    exit
}

# broken WHAT: a step before the suites did not work. That is a failure, not silence.
broken() {
    failed=$((failed + 1))
    failures+=("$1 (the reason stands above)")
    closing
}

# ---- meson's suites

# meson_suite NAME BUILD-DIR MESON-SUITE…
meson_suite() {
    local name=$1 dir=$2 began=$SECONDS log=$LOGS/$1.log flags=() json=$2/meson-logs/testlog.json one tally counts
    shift 2
    for one in "$@"; do flags+=(--suite "$one"); done
    rm -f "$json"
    ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
        meson test -C "$dir" --no-rebuild --timeout-multiplier 2 "${flags[@]}" >"$log" 2>&1 </dev/null
    if [ ! -e "$json" ]; then
        if grep -q 'No suitable tests defined' "$log"; then return 0; fi
        failures+=("$name: meson could not run it, see ${log#"$ROOT"/}")
        count "$name" 0 1 0 $((SECONDS - began))
        return 0
    fi
    cp "$dir/meson-logs/testlog.txt" "$LOGS/$name.log"
    tally=$(python3 "$ROOT/tests/meson_tally.py" "$json") || tally="0 1 0"
    read -r -a counts <<<"$tally"
    while read -r one; do
        [ -n "$one" ] || continue
        failures+=("$name: $one")
        python3 "$ROOT/tests/meson_tally.py" "$json" "${one%%: *}" | tail -n 40 | sed 's/^/   | /' >&2
    done < <(tail -n +2 <<<"$tally")
    count "$name" "${counts[0]}" "${counts[1]}" "${counts[2]}" $((SECONDS - began))
}

# ---- lists of commands and scripts

# in_lane TITLE LOG SECONDS COMMAND…: runs one command, SECONDS at most; tells of it at once, and leaves "verdict seconds" in LOG.result.
in_lane() {
    local title=$1 log=$2 seconds=$3 began=$SECONDS rc=0 verdict=fail
    shift 3
    # Interrupts arrive as they would in the foreground, and whoever ends the lane ends its command.
    env --default-signal=INT,QUIT timeout --kill-after=15 "$seconds" "$@" >"$log" 2>&1 </dev/null 9>&- &
    trap "kill $! 2>/dev/null; exit 143" TERM
    wait $! || rc=$?
    case $rc in
    0) verdict=pass ;;
    77) verdict=skip ;;
    124 | 137) echo "took longer than $seconds s, or was killed" >>"$log" ;;
    esac
    began=$((SECONDS - began))
    echo "$verdict $began" >"$log.result"
    case $verdict in
    pass) [ "$began" -lt 15 ] || step "  $title: $began s" ;;
    skip) step "  skipped: $title: $(tail -n 1 "$log")" ;;
    fail) say "$(tail -n 30 "$log" | sed 's/^/   | /')"$'\n'"$(step "  FAILED: $title" 2>&1)" ;;
    esac
}

# run_list SUITE SECONDS [LANES]: reads lines "title TAB command" and runs each, LANES of them side by side (1). Each counts as one test.
lanes=()
run_list() {
    local suite=$1 seconds=$2 lanes_max=${3-1} began=$SECONDS title command log ok=0 bad=0 skip=0 titles=() verdict took ended
    mkdir -p "$LOGS/$suite"
    while IFS=$'\t' read -r title command <&7; do
        [ -n "$title" ] || continue
        if [[ $command == *"/tests/system/"* || $command == *"/tests/browser/"* || $command == *"/tests/long/"* ]]; then start_shared_stack; fi
        if [ ${#lanes[@]} -ge "$lanes_max" ]; then
            wait -n -p ended "${!lanes[@]}"
            unset "lanes[$ended]"
        fi
        log=$LOGS/$suite/${title//\//.}.log
        titles+=("$title")
        rm -f "$log.result"
        # shellcheck disable=SC2086 # the command is words; no path of ours has a blank in it
        in_lane "$title" "$log" "$seconds" $command 7<&- &
        lanes[$!]=$title
    done 7<&0
    [ ${#lanes[@]} -eq 0 ] || wait "${!lanes[@]}"
    lanes=()
    for title in "${titles[@]+"${titles[@]}"}"; do
        log=$LOGS/$suite/${title//\//.}.log
        read -r verdict took <"$log.result" || verdict=fail took=0
        case $verdict in
        pass) ok=$((ok + 1)) ;;
        skip) skip=$((skip + 1)) ;;
        *)
            bad=$((bad + 1))
            failures+=("$suite: $title (after $took s), see ${log#"$ROOT"/}")
            ;;
        esac
    done
    [ ${#titles[@]} -eq 0 ] || count "$suite" "$ok" "$bad" "$skip" $((SECONDS - began))
}

# lanes_here: how many scripts side by side. They wait more than they work, but are to be slow no more than on a small machine.
lanes_here() {
    local cores
    cores=$(nproc)
    echo $((cores < 2 ? 1 : cores > 4 ? 4 : cores))
}

# scripts_in FOLDER: its tests as lines for run_list. A test is an executable file; what is not executable is a helper.
scripts_in() {
    find "$ROOT/$1" -name node_modules -prune -o -type f -perm -u+x \( -name '*.sh' -o -name '*.mjs' \) -print 2>/dev/null | LC_ALL=C sort | as_list
}
as_list() {
    local path
    while read -r path; do
        case $path in
        *.mjs) printf '%s\tnode %s\n' "${path#"$ROOT"/tests/}" "$path" ;;
        *) printf '%s\tbash %s\n' "${path#"$ROOT"/tests/}" "$path" ;;
        esac
    done
}

# ---- the stack that scripts share

# ./run with a small neighbourhood, started once, before the first script that may want it; QW_RUN_ENV tells them where
# its run.env is. When it does not start, that is one failure, and the scripts start stacks of their own or fail.
start_shared_stack() {
    local dir=$ROOT/build/test-stack log=$LOGS/shared-stack.log i
    [ "$stack_state" = unstarted ] || return 0
    stack_state=started
    rm -rf "$dir"
    step "starting the stack that the tests share"
    env --default-signal=INT,TERM,HUP setsid "$ROOT/run" --no-install --dir "$dir" --http-port "$(free_port)" --mqtt-port "$(free_port)" \
        --meters 5 >"$log" 2>&1 </dev/null 9>&- &
    stack_pid=$!
    for ((i = 0; i < 1800; i++)); do
        if [ -e "$dir/run.env" ]; then
            export QW_RUN_ENV=$dir/run.env
            return 0
        fi
        kill -0 "$stack_pid" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 30 "$log" | sed 's/^/   | /' >&2
    failures+=("the shared stack did not start, see ${log#"$ROOT"/}")
    failed=$((failed + 1))
    stop_shared_stack
}

stop_shared_stack() {
    [ -n "$stack_pid" ] || return 0
    stop_pids 30 "$stack_pid"
    wait "$stack_pid" 2>/dev/null
    stack_pid=''
}

end_all() {
    [ ${#lanes[@]} -eq 0 ] || stop_pids 30 "${!lanes[@]}"
    stop_shared_stack
}
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
