#!/usr/bin/env bash
# What is done once in containers, one verb each (docker-compose.yml):
#   setup.sh prepare    the databases, the secrets and the first logins; what is there stays
#   setup.sh demo       the records of the demo neighbourhood of METERS meters, and a household's login
#   setup.sh welcome    says where everything is
#   setup.sh logins     prints the generated logins
#   setup.sh backup     both databases as a tar archive on standard output; everything may run meanwhile
#   setup.sh restore    puts such an archive (standard input) in place; nothing may run meanwhile
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
DIR=/var/lib/quilowatt QW_PROGRAMS_DIR=/usr/local/bin METERS=${METERS:-0}
. "$ROOT/deploy/lib.sh"
. "$ROOT/deploy/provide.sh"
. "$ROOT/deploy/demo.sh"
umask 077

# The ingestor's settings that depend on what was asked for; whole before it has its name.
ingestor_settings() {
    printf '# written at every start by setup.sh\nauto_register = %s\n' "$1" >"$DIR/ingestor.conf.new"
    mv "$DIR/ingestor.conf.new" "$DIR/ingestor.conf"
}

prepare() {
    provide_records
    case ${QW_AUTO_REGISTER:-false} in
    true | false) ingestor_settings "${QW_AUTO_REGISTER:-false}" ;;
    *) die "QW_AUTO_REGISTER is '$QW_AUTO_REGISTER'" "true or false" ;;
    esac
    say "databases, secrets and logins are there"
}

demo() {
    mkdir -p "$DIR/log"
    provide_demo
    provide_login "$CUSTOMER_USER" customer --customer "cliente-$(demo_number 1)"
    ingestor_settings true
    say "a neighbourhood of $METERS meters is registered"
}

welcome() {
    cat <<TEXT

   Quilowatt is running:   http://127.0.0.1:$HTTP_PORT      (MQTT: 127.0.0.1, port $MQTT_PORT)

   The passwords of this installation were generated. They are shown by:

     docker compose run --rm setup logins

TEXT
}

logins() {
    local name
    [ -s "$DIR/secrets/operator" ] || die "there are no logins yet" "docker compose up makes them"
    for name in operator "$CUSTOMER_USER" claim; do
        [ ! -s "$DIR/secrets/$name" ] || printf '%-16s %s\n' "$name" "$(secret "$name")"
    done
    printf '%-16s serial %s, code %s\n' 'a device' "$(secret claim-serial)" "$(secret claim-code)"
}

backup() {
    local copy
    [ -e "$DIR/records.db" ] || die "there is nothing to back up yet"
    [ ! -t 1 ] || die "the archive goes to standard output" "docker compose run --rm -T setup backup > quilowatt.tar"
    copy=$(mktemp -d "$DIR/backup.XXXXXX")
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$copy'" EXIT
    qw backup "$copy" >&2
    tar -C "$copy" -cf - ledger.db records.db
}

restore() {
    local new part
    for part in ingestor api; do
        ! getent hosts "$part" >/dev/null || die "$part is running" "docker compose down first, with the profiles that are up"
    done
    new=$(mktemp -d "$DIR/restore.XXXXXX")
    # shellcheck disable=SC2064
    trap "rm -rf '$new'" EXIT
    tar -C "$new" -xf - ledger.db records.db || die "this is no archive of 'setup backup'"
    qw --records-db "$new/records.db" --ledger-db "$new/ledger.db" init >/dev/null || die "the archive's databases cannot be opened" "nothing was changed"
    rm -rf "$DIR"/journal "$DIR"/{ledger,records}.db-{wal,shm} "$new"/*.db-{wal,shm}
    mv "$new/ledger.db" "$new/records.db" "$DIR/"
    mkdir -p "$DIR/journal"
    # what the demo still has to send depends on the ledger's time
    rm -f "$DIR"/demo/history-done-* "$DIR"/demo/records-*
    sync
    say "restored; docker compose up starts it"
}

case ${1-} in
prepare | demo | welcome | logins | backup | restore) [ $# -eq 1 ] || die "$1 takes nothing more"; "$1" ;;
*) die "there is no verb '${1-}'" "prepare, demo, welcome, logins, backup or restore" ;;
esac
