#!/usr/bin/env bash
# Scenario: all of the tree compiles without a warning with gcc and with clang, optimised and with sanitizers: each warns of what the others do not see.
. "$(dirname "$0")/../../deploy/lib.sh"
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
WORK=${QW_COMPILERS_DIR:-$ROOT/build/compilers}
failed=0
mkdir -p "$WORK"
for compiler in gcc clang; do
    have "$compiler" || { echo "there is no $compiler on this machine"; exit 77; }
    for kind in release sanitized; do
        dir=$WORK/$compiler-$kind options=(--werror --buildtype=debugoptimized)
        [ "$kind" = release ] || options+=(-Db_sanitize=address,undefined -Db_lundef=false)
        rm -rf "$dir"
        if CC=$compiler meson setup "$dir" "$ROOT" "${options[@]}" >"$dir.log" 2>&1 && ninja -k 0 -C "$dir" >>"$dir.log" 2>&1; then
            echo "$compiler, $kind: good"
            rm -rf "$dir"
        else
            grep -E -A 3 'error:|ERROR' "$dir.log" | head -n 40
            echo "$compiler, $kind: FAILED, see $dir.log"
            failed=1
        fi
    done
done
exit $failed
