# shellcheck shell=bash
# Sourced by the scripts here; sets HERE, this folder, and WIRE_SAYS, the program that says what the code says.
HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
WIRE_SAYS=${WIRE_SAYS:-$(find "$ROOT/build/release" -name wire_says -type f -print -quit 2>/dev/null || true)}
[ -x "$WIRE_SAYS" ] || skip "wire_says is not built"
