#!/usr/bin/env bash
# A thousand idle streams, from a start under the usual limit of 1,024 open files: they cost no time, an event reaches all of
# them soon, the rest is served as before, one more is told to come later.
. "$(dirname "$0")/api_lib.sh"
ulimit -Sn 1024
[ "$(ulimit -Hn)" -ge 4096 ] || skip "this machine allows $(ulimit -Hn) open files"
api_start --sse-clients-max 1000
ulimit -Sn 4096
python3 - "$PORT" "$TOKEN" "$SEED" "$QW_LEDGER_DB" "$QW_RECORDS_DB" <<'PYTHON' || fail "a thousand streams are too many"
import socket, subprocess, sys, time, urllib.request
port, token, seed, ledger, records = int(sys.argv[1]), *sys.argv[2:6]

def expect(condition, words):
    if not condition:
        sys.exit("FAILED: " + words)

def stream():
    s = socket.create_connection(("127.0.0.1", port))
    s.sendall(b"GET /api/v1/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n" % token.encode())
    return s

def health():
    began = time.monotonic()
    urllib.request.urlopen("http://127.0.0.1:%d/health" % port).read()
    took = time.monotonic() - began
    expect(took < 0.5, "/health took %.2f s" % took)

began = time.monotonic()
streams = [stream() for _ in range(1000)]
heads = [b""] * 1000
for i, s in enumerate(streams):
    s.settimeout(10)
    while b": quilowatt" not in heads[i]:
        got = s.recv(4096)
        expect(got != b"", "stream %d: %r" % (i, heads[i][:80]))
        heads[i] += got
print("1000 streams: %.2f s" % (time.monotonic() - began))
health()
began = time.monotonic()
subprocess.run([seed, ledger, records, "tail", "casa-42", "10"], check=True)
for i, s in enumerate(streams):
    got = b""
    while got.count(b"event: ") < 10:
        more = s.recv(8192)
        expect(more != b"", "stream %d ended" % i)
        got += more
took = time.monotonic() - began
print("10 events to each: %.2f s" % took)
expect(took < 3, "10 events took %.2f s to reach 1000 streams" % took)
health()
expect(b" 503 " in stream().recv(200), "there is room for one more")
PYTHON
api_stop
[ "$stop_ms" -lt 2000 ] || fail "stopping took $stop_ms ms"
note "stopped in $stop_ms ms"
