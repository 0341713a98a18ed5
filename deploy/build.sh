#!/usr/bin/env bash
# Builds what is out of date, and says nothing when nothing is:
#   deploy/build.sh programs   the four programs, optimised, to build/bin (meson in build/release)
#   deploy/build.sh tests      the C tests beside them
#   deploy/build.sh asan       the same with address and undefined-behaviour sanitizers, to build/asan (tests only)
#   deploy/build.sh web        the web app, to webapp/dist
#   deploy/build.sh browser    what the browser suite needs from npm, to tests/browser/node_modules
# Logs are under build/log. Two of these at once wait for each other.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$ROOT/deploy/lib.sh"
LOG=$ROOT/build/log

mkdir -p "$LOG"
exec 8>"$ROOT/build/.lock"
flock -n 8 || { step "another build is running in this folder: waiting for it"; flock 8; }

# setup DIR TITLE MESON-OPTION…: a build folder remembers its options and where it lies; when either changes, it is begun anew.
setup() {
    local dir=$1 title=$2 wanted
    shift 2
    wanted="$ROOT $* $(meson --version) $(gcc -dumpfullversion)"
    [ ! -e "$dir/build.ninja" ] || [ "$(cat "$dir/.asked" 2>/dev/null)" != "$wanted" ] || return 0
    rm -rf "$dir"
    quietly "$LOG/$title-setup.log" "$title: meson setup" meson setup "$dir" "$ROOT" --prefix="$ROOT/build" --bindir=bin "$@" ||
        die "meson setup failed" "read $LOG/$title-setup.log; a missing library is installed by deploy/install.sh run"
    echo "$wanted" >"$dir/.asked"
}

# compile DIR TITLE [TARGET…]: ninja -n says what it would do without doing it, so that nothing is said when nothing is to do.
compile() {
    local dir=$1 title=$2
    shift 2
    if ninja -C "$dir" -n "$@" 2>/dev/null | grep -q 'no work to do'; then return 0; fi
    quietly "$LOG/$title-compile.log" "$title: compiling" ninja -C "$dir" "$@" ||
        die "it does not compile" "read $LOG/$title-compile.log"
    if grep -q 'warning:' "$LOG/$title-compile.log"; then step "$title: $(grep -c 'warning:' "$LOG/$title-compile.log") warnings, in $LOG/$title-compile.log"; fi
}

PROGRAMS=(meter/qw-meter ingestor/qw-ingestor api/qw-api admin/qw)

programs() {
    local dir=$ROOT/build/release program
    setup "$dir" release --buildtype=debugoptimized
    compile "$dir" release "${PROGRAMS[@]}"
    for program in "${PROGRAMS[@]}"; do
        if [ ! "$ROOT/build/bin/${program##*/}" -nt "$dir/$program" ]; then
            meson install -C "$dir" --no-rebuild --quiet >"$LOG/install.log" 2>&1 || die "meson install failed" "read $LOG/install.log"
            touch "$ROOT"/build/bin/*
            break
        fi
    done
}

tests() {
    programs
    compile "$ROOT/build/release" tests
}

asan() {
    setup "$ROOT/build/asan" asan --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false --werror
    compile "$ROOT/build/asan" asan
}

# Puts a node and an npm that are new enough first in PATH, fetched through the old npm (deploy/node) if need be.
node_ready() {
    local kept=$ROOT/build/node
    if cmp -s "$ROOT/deploy/node/package-lock.json" "$kept/node_modules/.installed"; then use_kept_node; fi
    if node_new_enough; then return 0; fi
    rm -rf "$kept" && mkdir -p "$kept"
    cp "$ROOT"/deploy/node/package*.json "$kept/"
    quietly "$LOG/node.log" "node $(node --version) or npm $(npm --version) is too old for the web app: fetching newer ones through npm" \
        npm ci --prefix "$kept" --no-audit --no-fund ||
        die "npm could not fetch a newer node" "install node $NODE_WANTED and npm $NPM_WANTED or newer, or see $LOG/node.log"
    cp "$ROOT/deploy/node/package-lock.json" "$kept/node_modules/.installed"
    use_kept_node
    node_new_enough || die "no newer node for $(uname -m) in npm's registry" "install node $NODE_WANTED and npm $NPM_WANTED or newer by hand"
}

# npm_packages FOLDER TITLE: npm ci when the lock file changed since the last time.
npm_packages() {
    local dir=$1 stamp=$1/node_modules/.installed now
    now=$(hash_of "$dir/package.json" "$dir/package-lock.json")
    [ "$(cat "$stamp" 2>/dev/null)" != "$now" ] || return 0
    (cd "$dir" && quietly "$LOG/$2-npm.log" "$2: npm ci" npm ci --no-audit --no-fund) ||
        die "npm ci failed in ${dir#"$ROOT"/}" "read $LOG/$2-npm.log; is the network there?"
    echo "$now" >"$stamp"
}

# Everything that the web app is made from: what git would track under webapp/, and the API's contract.
web_sources() {
    find "$ROOT/webapp" "$ROOT/api/openapi.yaml" \( -name node_modules -o -name dist -o -name '.*' \) -prune -o -type f -print 2>/dev/null | LC_ALL=C sort
}

web() {
    local stamp=$ROOT/build/.web now
    [ -e "$ROOT/webapp/package-lock.json" ] || { step "web app: not there yet"; return 0; }
    now=$(web_sources | xargs -d '\n' sha256sum | sha256sum | cut -c 1-16)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && [ -e "$ROOT/webapp/dist/index.html" ]; then return 0; fi
    node_ready
    npm_packages "$ROOT/webapp" web
    (cd "$ROOT/webapp" && quietly "$LOG/web-build.log" "web: building" npm run build) ||
        die "the web app does not build" "read $LOG/web-build.log"
    # a build may rewrite generated sources: the stamp is of what lies there afterwards
    web_sources | xargs -d '\n' sha256sum | sha256sum | cut -c 1-16 >"$stamp"
}

browser() {
    [ -e "$ROOT/tests/browser/package-lock.json" ] || return 0
    node_ready
    npm_packages "$ROOT/tests/browser" browser
}

[ $# -gt 0 ] || die "usage: deploy/build.sh programs|tests|asan|web|browser…"
for part in "$@"; do
    case $part in
    programs | tests | asan | web | browser) "$part" ;;
    *) die "nothing called '$part' is built here" "programs, tests, asan, web or browser" ;;
    esac
done
