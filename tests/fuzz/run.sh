#!/usr/bin/env bash
# Fuzzes each surface that strangers write to, for a bounded time, with address and undefined-behaviour sanitizers.
#
#   tests/fuzz/run.sh [SECONDS] [HARNESS…]      SECONDS for each harness: 30
#
# Seeds lie in tests/fuzz/seeds; where real payloads are at hand (QW_PAYLOADS, or ../shared/payloads) they are added. What is
# found is kept in build/fuzz/<harness>/found, to be run again with build/fuzz/<harness>/fuzz FILE. Exit 77: no libFuzzer here.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
WORK=${QW_FUZZ_DIR:-$ROOT/build/fuzz}
seconds=${1:-30}
shift || true
harnesses=("$@")
[ ${#harnesses[@]} -gt 0 ] || harnesses=(messages events scan nem12 csv table topic tariff import settings query journal spool)
cd "$ROOT"

mkdir -p "$WORK"
printf '#include <stddef.h>\nint LLVMFuzzerTestOneInput(const unsigned char *d, size_t n) { (void)d; return (int)(n & 0); }\n' >"$WORK/probe.c"
if ! command -v clang >/dev/null || ! clang -fsanitize=fuzzer,address,undefined "$WORK/probe.c" -o "$WORK/probe" 2>/dev/null; then
    echo "there is no clang with libFuzzer on this machine (Debian: clang and libclang-rt-14-dev)"
    exit 77
fi

# sources HARNESS: what it links besides itself. The pure middle as a whole; of the rest, the one file that is read.
sources() {
    printf '%s\n' lib/base/*.c lib/energy/*.c lib/energy/rate/*.c lib/wire/*.c lib/wire/tariff/*.c
    case $1 in
    topic) echo ingestor/receipt.c ;;
    journal) printf '%s\n' ingestor/journal.c tests/fuzz/files.c ;;
    spool) printf '%s\n' meter/spool.c meter/spool_record.c tests/fuzz/files.c ;;
    csv) printf '%s\n' lib/daemon/csv.c meter/replay_file.c meter/replay_order.c meter/series.c tests/fuzz/files.c ;;
    table) echo admin/import_csv_row.c ;;
    settings) printf '%s\n' ingestor/settings.c lib/daemon/settings.c lib/daemon/settings_text.c lib/daemon/files.c ;;
    query) printf '%s\n' api/query.c api/percent.c ;;
    esac
}

# add_payloads FOLDER CORPUS MEMBER: that member of each line of a file of samples, one file each.
add_payloads() {
    local file=$1/dev.jsonl
    [ -r "$file" ] || return 0
    python3 - "$file" "$2" "$3" <<'PYTHON'
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    sample = json.loads(line)
    if isinstance(sample.get(sys.argv[3]), str):
        with open(f"{sys.argv[2]}/{sample['id']}", "w", encoding="utf-8") as out:
            out.write(sample[sys.argv[3]])
PYTHON
}

failed=0
for harness in "${harnesses[@]}"; do
    dir=$WORK/$harness
    mkdir -p "$dir/corpus" "$dir/found"
    mapfile -t files < <(sources "$harness")
    clang -std=gnu17 -g -O1 -D_GNU_SOURCE -DQUILOWATT_VERSION='"fuzz"' -I. -Ilib -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
        -Wno-gnu-zero-variadic-macro-arguments "tests/fuzz/$harness.c" "${files[@]}" -ljansson -lz -lm -lpthread -o "$dir/fuzz"
    cp "tests/fuzz/seeds/$harness/"* "$dir/corpus/"
    case $harness in
    messages | events | scan) add_payloads "${QW_PAYLOADS:-$ROOT/../shared/payloads}" "$dir/corpus" payload ;;
    topic) add_payloads "${QW_PAYLOADS:-$ROOT/../shared/payloads}" "$dir/corpus" topic ;;
    esac
    echo "$harness: $seconds s from $(find "$dir/corpus" -type f | wc -l) inputs"
    if ! "$dir/fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 -artifact_prefix="$dir/found/" \
        -print_final_stats=1 "$dir/corpus" >"$dir/log" 2>&1; then
        tail -n 40 "$dir/log"
        echo "$harness: FAILED; the input is in ${dir#"$ROOT"/}/found"
        failed=1
    else
        grep -E 'number_of_executed_units|peak_rss' "$dir/log" | sed "s/^stat::/  /"
    fi
done
exit $failed
