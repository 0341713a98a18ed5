#!/usr/bin/env bash
# The web app's files: assets stay for a year, the page is asked for every time, a path of the app's own gets the page, a
# missing asset is a 404 and never the page, and no way leads out of the folder.
. "$(dirname "$0")/api_lib.sh"
api_start

header() { curl -sS -D - -o /dev/null --path-as-is "${@:2}" "$URL$1" | tr -d '\r'; }
has() { grep -qi "^$2" <<<"$1" || fail "$3: no '$2' in: $1"; }

for path in / /index.html /meters/casa-42 /alerts; do
    answer=$(header "$path")
    has "$answer" 'HTTP/1.1 200' "$path"
    has "$answer" 'content-type: text/html' "$path"
    has "$answer" 'cache-control: no-cache' "$path"
done
answer=$(header /assets/app-1a2b.js)
has "$answer" 'cache-control: public, max-age=31536000, immutable' "an asset"
has "$answer" 'content-type: text/javascript' "an asset"
etag=$(grep -i '^etag:' <<<"$answer" | cut -d' ' -f2)
expect 304 "$(status GET /assets/app-1a2b.js -H "If-None-Match: $etag")" "an asset that one has"
answer=$(header /assets/app-1a2b.js -H 'Accept-Encoding: br, gzip')
has "$answer" 'content-encoding: gzip' "a packed asset"
has "$answer" 'vary: accept-encoding' "a packed asset"
expect "$(cat "$WORK/web/assets/app-1a2b.js")" "$(curl -sS --compressed "$URL/assets/app-1a2b.js")" "the packed asset's contents"
if header /assets/app-1a2b.js -H 'Accept-Encoding: gzip;q=0' | grep -qi content-encoding; then fail "gzip;q=0 means no"; fi
expect 200 "$(status HEAD /index.html)" "HEAD"
expect 0 "$(curl -sS -I "$URL/index.html" -o /dev/null -w '%{size_download}')" "HEAD has no body"
for path in /assets/none-1.js /assets/ /assets/none /favicon.ico /api/v1/none /api/; do expect 404 "$(status GET "$path")" "$path"; done
for path in /../outside.txt /..%2foutside.txt /%2e%2e/outside.txt /assets/../../outside.txt /assets/%2e%2e%2f%2e%2e%2foutside.txt \
    //etc/passwd '/..\outside.txt' /.hidden /assets/.secret /%00 /a%0d%0aX:y '/%ff' '/%zz'; do
    body=$(curl -sS --path-as-is "$URL$path")
    case $body in *secret* | *root:*) fail "$path leads out: $body" ;; esac
done
ln -s "$WORK/outside.txt" "$WORK/web/link.txt"
expect 404 "$(status GET /link.txt)" "a link out of the folder"
for path in '/%00' '/a%0d%0aX:y' '/%ff' '/%zz'; do expect 400 "$(status GET "$path")" "$path"; done
for header in 'content-security-policy: default-src .none.' 'x-content-type-options: nosniff' 'referrer-policy: no-referrer' 'x-request-id: [0-9a-f]\{32\}'; do
    has "$(header /)" "$header" "the page's headers"
    has "$(header /api/v1/me)" "$header" "the API's headers"
done
curl -sSI "$URL/" | grep -i content-security-policy | grep -q "frame-ancestors 'none'" || fail "the page may be framed"
for method in POST PUT DELETE PATCH OPTIONS; do expect 405 "$(status "$method" /index.html)" "$method of a file"; done
expect 'GET, HEAD, PATCH' "$(curl -sS -D - -o /dev/null -X DELETE "$URL/api/v1/meters/casa-42" | tr -d '\r' | sed -n 's/^Allow: //p')" "Allow"
