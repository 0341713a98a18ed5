#!/usr/bin/env bash
# The certificate of the profile `production`, in its volume (TLS_DIR):
#   certs.sh check           is there one, is it valid now, does it fit its key
#   certs.sh install         takes certificates and a key, one PEM text on standard input
#   certs.sh make NAME…      makes one to try with (broker/make-certs.sh), in place of what was there
#   certs.sh ca              prints the authority that `make` made, for whoever connects
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TLS_DIR=${TLS_DIR:-/etc/quilowatt/certs}
umask 077

die() { printf '%s\n' "$@" >&2; exit 1; }

# of DIR: says what is wrong with it, or until when it is good
looked_at() {
    local crt=$1/server.crt key=$1/server.key
    [ -s "$crt" ] && [ -s "$key" ] || die "there is no certificate." \
        "  yours:  cat fullchain.pem privkey.pem | docker compose run --rm -T certs install" \
        "  to try: docker compose run --rm certs make localhost 127.0.0.1"
    openssl x509 -in "$crt" -noout 2>/dev/null || die "server.crt is no certificate"
    openssl pkey -in "$key" -noout -passin pass: 2>/dev/null || die "server.key is no key, or has a password"
    [ "$(openssl x509 -in "$crt" -noout -pubkey)" = "$(openssl pkey -in "$key" -pubout -passin pass:)" ] || die "certificate and key do not fit each other"
    openssl x509 -in "$crt" -noout -checkend 0 >/dev/null || die "the certificate $(openssl x509 -in "$crt" -noout -enddate): it has run out"
    echo "the certificate of $(openssl x509 -in "$crt" -noout -subject -nameopt multiline | awk -F ' = ' '/commonName/ {print $2}') is good, $(openssl x509 -in "$crt" -noout -enddate)"
}

# The key first: whoever sees a new certificate finds the key that fits.
put() { # FOLDER
    local file
    for file in ca.crt server.key server.crt; do
        [ -e "$1/$file" ] || continue
        cp "$1/$file" "$TLS_DIR/$file.new"
        mv "$TLS_DIR/$file.new" "$TLS_DIR/$file"
    done
    sync
}

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
case "${1-}" in
check) looked_at "$TLS_DIR" ;;
install)
    cat >"$new/all"
    awk '/-----BEGIN CERTIFICATE-----/, /-----END CERTIFICATE-----/' "$new/all" >"$new/server.crt"
    awk '/-----BEGIN .*PRIVATE KEY-----/, /-----END .*PRIVATE KEY-----/' "$new/all" >"$new/server.key"
    looked_at "$new"
    put "$new"
    ;;
make)
    shift
    [ $# -gt 0 ] || die "make wants the names under which the server is reached"
    "$ROOT/broker/make-certs.sh" "$new" "$@"
    looked_at "$new"
    put "$new"
    ;;
ca) cat "$TLS_DIR/ca.crt" ;;
*) die "usage: certs.sh check | install | make NAME… | ca" ;;
esac
