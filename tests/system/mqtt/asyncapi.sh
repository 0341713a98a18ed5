#!/usr/bin/env bash
# docs/asyncapi.yaml is valid AsyncAPI 3.0, every reference in it and in docs/schemas leads somewhere and no schema is left
# out. Its channels are the code's topics, both ways: what the ingestor subscribes to (with the same QoS) and its parser knows,
# what it publishes, what the broker's ACL lets a meter write and read; and those of docs/protocol.md, with QoS and retain.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../api/npm_lib.sh"
. "$(dirname "$0")/wire_lib.sh"
node "$HERE/asyncapi.mjs" "$ROOT" "$WIRE_SAYS" || fail "asyncapi.yaml and code differ"
