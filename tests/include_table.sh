#!/usr/bin/env bash
# Includes point down, never up or sideways: every #include of lib/ and of the programs is held against the table of
# docs/architecture.md, and the built programs against what they must not be linked with.
#
#   tests/include_table.sh includes     the table, over the sources
#   tests/include_table.sh symbols      the pure middle (base, energy, wire) calls nothing that does I/O or asks the time
#   tests/include_table.sh linked       qw-meter without SQLite, qw-api without Paho, …
#   tests/include_table.sh self-test    a tree with one violation of each kind is refused, each by name
#
# Without a word, all of them. Every violation is one line "file:line: what". BUILD (build/release) says where the
# libraries lie, BIN (build/bin) where the programs.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=${BUILD:-$ROOT/build/release}
BIN=${BIN:-$ROOT/build/bin}

# may_include FOLDER: the folders of lib/ that files in FOLDER may include. Everybody may include their own folder.
may_include() {
    case $1 in
    lib/base) echo "" ;;
    lib/energy) echo "base" ;;
    lib/wire) echo "base energy" ;;
    lib/mqtt | lib/access | lib/daemon) echo "base" ;;
    lib/store) echo "base energy" ;;
    meter) echo "base energy wire mqtt daemon" ;;
    lib/print) echo "base energy wire" ;;
    lib/billing) echo "base energy wire store" ;;
    api) echo "base energy wire print store billing access daemon" ;;
    admin) echo "base energy wire store billing access daemon" ;;
    ingestor | bench) echo "base energy wire mqtt store access daemon" ;;
    *) return 1 ;;
    esac
}

# owner_of HEADER: the one place where a foreign library may be seen, as a glob; nothing for headers anybody may use.
owner_of() {
    case $1 in
    sqlite3.h) echo 'lib/store/sqlite/*' ;;
    libpq-fe.h) echo 'lib/store/postgres/*' ;;
    MQTTAsync.h | MQTTClient.h | mosquitto.h) echo 'lib/mqtt/*' ;;
    jansson.h) echo 'lib/wire/*' ;;
    civetweb.h) echo 'api/http.c' ;;
    cairo*.h | pango/*) echo 'lib/print/sheet.c' ;;
    sodium.h | sodium/* | openssl/*) echo 'lib/access/*' ;;
    esac
}

# What the pure middle must not include: files, sockets, threads.
impure() {
    case $1 in
    unistd.h | fcntl.h | dirent.h | poll.h | pthread.h | threads.h | netdb.h | signal.h | syslog.h | sys/* | netinet/* | arpa/*) return 0 ;;
    esac
    return 1
}

folder_of() { # lib/store/sqlite/x.c → lib/store; api/routes/x.c → api
    case $1 in
    lib/*/*) local rest=${1#lib/}; echo "lib/${rest%%/*}" ;;
    */*) echo "${1%%/*}" ;;
    esac
}

includes() {
    local violations=0 file line header kind folder target allowed owner seen=0 shown
    declare -A shows=() # a header of ours → the glob of who may include it, because it shows a foreign library
    cd "$ROOT"
    shown=$(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]' --include='*.[ch]' lib meter ingestor api admin bench 2>/dev/null || true)
    [ -n "$shown" ] || { echo "no sources found under $ROOT"; return 1; }
    blame() { echo "$file:$line: $1"; violations=$((violations + 1)); }
    # first pass: which headers show a foreign library
    while IFS=$'\t' read -r file line kind header; do
        owner=$(owner_of "$header")
        if [ -n "$owner" ] && [[ $file == *.h ]]; then shows[${file#lib/}]=$owner; fi
    done < <(parse <<<"$shown")
    while IFS=$'\t' read -r file line kind header; do
        seen=$((seen + 1))
        folder=$(folder_of "$file")
        allowed=$(may_include "$folder") || { blame "$folder is not in the table"; continue; }
        if [ "$kind" = '<' ]; then
            owner=$(owner_of "$header")
            # shellcheck disable=SC2053 # the right side is a glob
            if [ -n "$owner" ] && [[ $file != $owner ]]; then blame "<$header> may be included by $owner only"; fi
            case $folder in
            lib/base | lib/energy | lib/wire) ! impure "$header" || blame "<$header> in $folder, which does no I/O and has no threads" ;;
            esac
            continue
        fi
        case $header in
        ../* | */../* | ./*) blame "\"$header\" climbs: paths begin at lib/ or at the top folder"; continue ;;
        lib/*) blame "\"$header\": leave out lib/"; continue ;;
        esac
        if [ -e "lib/$header" ] && [[ $header == */* ]]; then
            target=lib/${header%%/*}
            case " $allowed ${folder#lib/} " in
            *" ${target#lib/} "*) ;;
            *) blame "\"$header\": $folder may include only: ${allowed:-nothing else}" ;;
            esac
            owner=${shows[$header]-}
            # shellcheck disable=SC2053
            if [ -n "$owner" ] && [[ $file != $owner ]]; then blame "\"$header\" shows a library that only $owner may see"; fi
        elif [ -e "$header" ]; then
            target=$(folder_of "$header")
            [ "$target" = "$folder" ] || [ "$folder" = bench ] || blame "\"$header\": $folder may not look into $target"
        elif [ ! -e "$(dirname "$file")/$header" ]; then
            # generated headers are made beside the folder that includes them
            case $header in
            */*) blame "\"$header\" is not in lib/ nor at the top" ;;
            esac
        fi
    done < <(parse <<<"$shown")
    echo "$seen includes, $violations violations"
    [ "$violations" -eq 0 ]
}

# grep's lines → file TAB line TAB < or " TAB header
parse() { sed -nE 's/^([^:]+):([0-9]+):[[:space:]]*#[[:space:]]*include[[:space:]]*([<"])([^">]+)[">].*$/\1\t\2\3\t\4/p' | sed -E 's/^([^\t]*)\t([0-9]+)([<"])\t/\1\t\2\t\3\t/'; }

# Functions that do I/O, ask the clock or the environment, or start threads.
FORBIDDEN='^(fopen|fdopen|freopen|fread|fwrite|fgets|fputs|fprintf|__fprintf_chk|printf|__printf_chk|puts|putchar|perror|open|open64|openat|creat|read|write|pread|pwrite|close|socket|connect|send|recv|poll|select|epoll_.*|time|clock|clock_gettime|gettimeofday|localtime|localtime_r|mktime|tzset|getenv|secure_getenv|setenv|syslog|pthread_create|fork|system|popen|exit|sleep|usleep|nanosleep|rand|random|srand|json_load_file|json_dump_file|json_dumpfd|json_dumpf|json_loadf|json_loadfd)$'

symbols() {
    local violations=0 library archive found
    for library in energy wire base; do
        archive=$BUILD/lib/$library/lib$library.a
        [ -e "$archive" ] || archive=$(find "$BUILD/lib" -name "lib$library.a" -print -quit 2>/dev/null || true)
        [ -e "$archive" ] || { echo "lib$library.a is not built in $BUILD"; violations=$((violations + 1)); continue; }
        # lib/base/clock.c is the one clock of the house: programs pass what it says to everybody else
        found=$(nm -A --undefined-only "$archive" 2>/dev/null | grep -v 'clock\.c\.o' |
            awk -v forbidden="$FORBIDDEN" '{name = $NF; sub(/@.*/, "", name); if (name ~ forbidden) {n = split($1, part, ":"); print part[n - 1] ": calls " name}}' | sort -u)
        [ -z "$found" ] || { echo "$found"; violations=$((violations + $(wc -l <<<"$found"))); }
    done
    echo "pure libraries: $violations violations"
    [ "$violations" -eq 0 ]
}

# not_linked PROGRAM LIBRARY-PATTERN…
not_linked() {
    local program=$1 needed pattern
    shift
    needed=$(readelf -d "$BIN/$program" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
    [ -n "$needed" ] || { echo "$program: not built in $BIN"; return 1; }
    for pattern in "$@"; do
        if grep -q "$pattern" <<<"$needed"; then
            echo "$program: linked with $(grep "$pattern" <<<"$needed")"
            return 1
        fi
    done
    echo "$program: $(tr '\n' ' ' <<<"$needed")"
}

linked() {
    local rc=0
    not_linked qw-meter sqlite libpq civetweb libsodium || rc=1
    not_linked qw-api paho mosquitto || rc=1
    not_linked qw paho mosquitto civetweb cairo || rc=1
    not_linked qw-ingestor civetweb cairo || rc=1
    return "$rc"
}

# Plants one violation of each kind in a small tree; each must be named, and the tree without them must pass.
self_test() {
    local tree out rc=0
    tree=$(mktemp -d)
    trap 'rm -rf "$tree"' RETURN
    mkdir -p "$tree"/lib/{base,energy,wire,mqtt,store/sqlite,access,daemon} "$tree"/{meter,api,ingestor,admin,bench,tests}
    cp "${BASH_SOURCE[0]}" "$tree/tests/"
    touch "$tree/lib/base/err.h" "$tree/lib/energy/tariff.h" "$tree/lib/mqtt/link.h" "$tree/lib/store/facts.h" "$tree/lib/daemon/log.h" "$tree/ingestor/pipeline.h" "$tree/lib/wire/topic.h"
    echo '#include <sqlite3.h>' >"$tree/lib/store/sqlite/db.h"
    echo '#include "store/sqlite/db.h"' >"$tree/lib/store/sqlite/facts.c"
    printf '#include "base/err.h"\n#include <string.h>\n' >"$tree/lib/energy/rate.c"
    printf '#include "pipeline.h"\n#include "store/facts.h"\n#include "mqtt/link.h"\n' >"$tree/ingestor/main.c"
    out=$(bash "$tree/tests/include_table.sh" includes 2>&1) || { echo "a clean tree is refused:"; echo "$out"; return 1; }
    expect() { # FILE TEXT WORDS-OF-THE-BLAME
        printf '%s\n' "$2" >"$tree/$1"
        out=$(bash "$tree/tests/include_table.sh" includes 2>&1) && { echo "not noticed: $2 in $1"; rc=1; }
        if ! { grep -qF "$1:1: " <<<"$out" && grep -qF "$3" <<<"$out"; }; then echo "wrong words for $2 in $1:"; echo "$out"; rc=1; fi
        rm -f "$tree/$1"
    }
    expect lib/base/up.c '#include "energy/tariff.h"' 'lib/base may include only: nothing else'
    expect lib/energy/side.c '#include "wire/topic.h"' 'lib/energy may include only: base'
    expect lib/access/log.c '#include "daemon/log.h"' 'lib/access may include only: base'
    expect meter/db.c '#include "store/facts.h"' 'meter may include only'
    expect api/say.c '#  include "mqtt/link.h"' 'api may include only'
    expect api/sql.c '#include <sqlite3.h>' '<sqlite3.h> may be included by'
    expect api/hidden.c '#include "store/sqlite/db.h"' 'shows a library'
    expect lib/store/facts2.h '#include <sqlite3.h>' '<sqlite3.h> may be included by'
    expect api/server.c '#include <civetweb.h>' '<civetweb.h> may be included by api/http.c'
    expect api/draw.c '#include <cairo-pdf.h>' '<cairo-pdf.h> may be included by lib/print/sheet.c'
    expect ingestor/paho.c '#include <MQTTAsync.h>' '<MQTTAsync.h> may be included by'
    expect admin/doc.c '#include <jansson.h>' '<jansson.h> may be included by'
    expect lib/daemon/hash.c '#include <openssl/evp.h>' '<openssl/evp.h> may be included by'
    expect lib/wire/io.c '#include <unistd.h>' 'does no I/O'
    expect meter/peek.c '#include "ingestor/pipeline.h"' 'meter may not look into ingestor'
    expect lib/energy/climb.c '#include "../wire/topic.h"' 'climbs'
    [ "$rc" -ne 0 ] || echo "every planted violation was named"
    return "$rc"
}

case ${1-all} in
includes) includes ;;
symbols) symbols ;;
linked) linked ;;
self-test) self_test ;;
all) rc=0; for part in includes symbols linked self-test; do bash "${BASH_SOURCE[0]}" "$part" || rc=1; done; exit "$rc" ;;
*) echo "usage: tests/include_table.sh [includes|symbols|linked|self-test]" >&2; exit 2 ;;
esac
