# shellcheck shell=bash
# Sourced by the scripts here that need packages from npm; sets NPM_HERE, the folder of their JavaScript.
NPM_HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
use_kept_node
if ! cmp -s "$NPM_HERE/package-lock.json" "$NPM_HERE/node_modules/.installed"; then
    (cd "$NPM_HERE" && npm ci --no-audit --no-fund --silent) || fail "npm ci"
    cp "$NPM_HERE/package-lock.json" "$NPM_HERE/node_modules/.installed"
fi
