#!/usr/bin/env bash
# Installs what deploy/packages.txt lists and this machine lacks: deploy/install.sh run|test
# Says nothing when nothing is missing. Needs apt (Debian, Ubuntu) and root or sudo; on another system it prints what is
# missing and stops. Installing a package starts no service: a mosquitto that already runs is left alone.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$ROOT/deploy/lib.sh"
PACKAGES=$ROOT/deploy/packages.txt

# There where the proof is found.
proved() {
    local what=${1#*:} dir
    case $1 in
    cmd:*) have "$what" || [ -x "/usr/sbin/$what" ] ;;
    hdr:*)
        for dir in /usr/include "/usr/include/$(uname -m)-linux-gnu" /usr/local/include; do
            [ ! -e "$dir/$what" ] || return 0
        done
        have gcc && echo "#include <$what>" | gcc -E -x c - >/dev/null 2>&1
        ;;
    file:/*) [ -e "$what" ] ;;
    file:*) [ -n "$(find /usr/lib /usr/lib64 /lib -name "$what" -print -quit 2>/dev/null)" ] ;;
    esac
}

# missing SETS: lines "package|proof|reason" of what is not there.
missing() {
    local package proof set reason
    while IFS='|' read -r package proof set reason; do
        package=${package//[[:space:]]/} proof=${proof//[[:space:]]/} set=${set//[[:space:]]/}
        case "$package" in '' | '#'*) continue ;; esac
        case " $1 " in *" $set "*) ;; *) continue ;; esac
        proved "$proof" || printf '%s|%s|%s\n' "$package" "$proof" "${reason# }"
    done <"$PACKAGES"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -- "$@"; fi
}

# Debian's packages start their service when they are installed, unless policy-rc.d says no. It is put there for the
# moment and taken away again; one that is already there is somebody else's and stays.
POLICY=/usr/sbin/policy-rc.d
forbid_services() {
    [ ! -e "$POLICY" ] || return 0
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
    as_root chmod 755 "$POLICY"
    trap 'as_root rm -f "$POLICY"' EXIT
}

apt_install() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
    as_root "${apt[@]}" update
    forbid_services
    as_root "${apt[@]}" install -y --no-install-recommends "$@"
}

list() { while IFS='|' read -r package proof reason; do printf '   %-18s %-42s %s\n' "$package" "(${proof})" "$reason"; done <<<"$1"; }

main() {
    local sets lacking names
    case ${1-} in
    run) sets="run" ;;
    test) sets="run test browser" ;;
    *) die "usage: deploy/install.sh run|test" ;;
    esac
    lacking=$(missing "$sets")
    # Ubuntu's chromium is a snap, which cannot be installed everywhere: there the browser suite is skipped.
    if [ -n "$lacking" ] && grep -qs '^ID=ubuntu' /etc/os-release; then lacking=$(grep -v '^chromium|' <<<"$lacking" || true); fi
    [ -n "$lacking" ] || return 0
    if ! have apt-get; then
        say "These are missing here:"
        list "$lacking" >&2
        die "this system has no apt, so they cannot be installed by themselves" \
            "install them with your system's own tools (in brackets: what is looked for), then start again"
    fi
    names=$(cut -d '|' -f 1 <<<"$lacking" | tr '\n' ' ')
    if [ "$(id -u)" -ne 0 ] && ! { have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; }; then
        say "These packages are missing here:"
        list "$lacking" >&2
        die "installing them needs root, and this user has no sudo here" "as root: apt-get install --no-install-recommends $names"
    fi
    # shellcheck disable=SC2086 # a list of names
    quietly "$ROOT/build/log/apt.log" "installing $(wc -w <<<"$names") packages with apt ($(cut -c 1-60 <<<"$names")…)" apt_install $names ||
        die "apt could not install: $names" "read $ROOT/build/log/apt.log; then try: apt-get update && apt-get install $names"
    lacking=$(missing "${sets% browser}")
    [ -z "$lacking" ] || { list "$lacking" >&2; die "still missing after the installation" "see $ROOT/build/log/apt.log"; }
}
main "$@"
