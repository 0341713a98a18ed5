#!/usr/bin/env bash
# Makes an authority of one's own and a certificate for a server, to try TLS with, or for a closed network:
#
#   broker/make-certs.sh DIR NAME…      names and IPv4 addresses under which the server is reached, such as localhost 127.0.0.1
#
# DIR gets ca.crt (hand it to whoever connects), server.crt and server.key. The authority's key is thrown away: nobody can
# sign more with it, and a new certificate is a new authority. Good for 398 days. Files that are there are not overwritten.
# For the public, take a certificate of a known authority instead.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
DIR=$1
shift
DAYS=398 # the longest that browsers take

names=
for name in "$@"; do
    [[ $name =~ ^[A-Za-z0-9.*-]{1,253}$ ]] || { echo "make-certs.sh: '$name' is no host name" >&2; exit 1; }
    if [[ $name =~ ^[0-9]+(\.[0-9]+){3}$ ]]; then names+=",IP:$name"; else names+=",DNS:$name"; fi
done
mkdir -p "$DIR"
for file in ca.crt server.crt server.key; do
    [ ! -e "$DIR/$file" ] || { echo "make-certs.sh: $DIR/$file is there already; remove it to begin anew" >&2; exit 1; }
done

umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
openssl req -x509 "${key[@]}" -keyout "$work/ca.key" -out "$work/ca.crt" -days "$DAYS" -subj "/CN=Quilowatt $(openssl rand -hex 4)" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign 2>/dev/null
openssl req -new "${key[@]}" -keyout "$work/server.key" -out "$work/server.csr" -subj "/CN=${1:0:64}" 2>/dev/null
printf '%s\n' "subjectAltName=${names#,}" basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=serverAuth \
    "subjectKeyIdentifier=hash" "authorityKeyIdentifier=keyid" >"$work/extensions"
openssl x509 -req -in "$work/server.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -days "$DAYS" \
    -extfile "$work/extensions" -out "$work/server.crt" 2>/dev/null
openssl verify -CAfile "$work/ca.crt" "$work/server.crt" >/dev/null
# the certificate last: whoever waits for it finds its key
for file in ca.crt server.key server.crt; do
    cp "$work/$file" "$DIR/$file.new"
    mv "$DIR/$file.new" "$DIR/$file"
done
chmod 644 "$DIR/ca.crt" "$DIR/server.crt"
echo "$DIR: ca.crt, server.crt and server.key for $*" >&2
