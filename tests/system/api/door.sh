#!/usr/bin/env bash
# Slow and half-open connections from one address (127.0.0.2, which no exemption covers) hold up nobody: there is a limit per
# address, decided before a thread is taken, and a request has little time to arrive. 127.0.0.1 and a configured proxy are exempt.
. "$(dirname "$0")/api_lib.sh"
api_start --request-timeout-ms 2000 --connections-per-address 16 --trusted-proxies 127.0.0.3
python3 - "$PORT" <<'PYTHON' || fail "the door does not hold"
import socket, sys, time, urllib.request
port = int(sys.argv[1])

def connect(source, text):
    s = socket.socket()
    s.bind((source, 0))
    s.connect(("127.0.0.1", port))
    try:
        s.sendall(text)
    except OSError:
        pass
    return s

def answer(s, seconds):
    s.settimeout(seconds)
    try:
        return s.recv(4096)
    except socket.timeout:
        return None
    except OSError:
        return b""

def expect(condition, words):
    if not condition:
        sys.exit("FAILED: " + words)

def health(source):
    s = connect(source, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    got = answer(s, 5)
    s.close()
    return got or b""

def asked_within(seconds, source="127.0.0.1"):
    began = time.monotonic()
    got = health(source)
    took = time.monotonic() - began
    expect(b"200 OK" in got, "others get no answer: %r" % got[:80])
    expect(took < seconds, "others waited %.2f s" % took)

flood = [connect("127.0.0.2", b"GET /health HTTP/1.1\r\nHos") for _ in range(60)]
for _ in range(20):
    asked_within(0.5)
asked_within(0.5, "127.0.0.4")
refused = 0
for s in flood:
    got = answer(s, 0.05)
    if got is not None and (got == b"" or b" 503 " in got):
        refused += 1
expect(refused == 60 - 16, "%d of 60 were turned away at a limit of 16" % refused)
expect(b" 503 " in health("127.0.0.2") or health("127.0.0.2") == b"", "one more from the address that is full")

began = time.monotonic()
drip = connect("127.0.0.4", b"GET /health HTTP/1.1\r\n")
closed = False
while time.monotonic() - began < 6 and not closed:
    try:
        drip.sendall(b"X")
    except OSError:
        closed = True
    if answer(drip, 0.1) is not None:
        closed = True
took = time.monotonic() - began
expect(closed and took < 4.5, "a head that drips was waited for %.1f s" % took)

began = time.monotonic()
body = connect("127.0.0.4", b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{")
closed = False
while time.monotonic() - began < 8 and not closed:
    try:
        body.sendall(b" ")
    except OSError:
        closed = True
    if answer(body, 0.1) is not None:
        closed = True
took = time.monotonic() - began
expect(closed and took < 6, "a body that drips was waited for %.1f s" % took)

time.sleep(1)
asked_within(0.5, "127.0.0.2")  # the flood's time is over: the address may come again
exempt = [connect("127.0.0.3", b"GET /health HTTP/1.1\r\nHos") for _ in range(40)]
expect(all(answer(s, 0.01) is None for s in exempt), "a configured proxy is turned away")
for s in flood + exempt:
    s.close()
for text in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 30 + b"\r\n\r\n", b"GET " + b"/" * 20000 + b" HTTP/1.1\r\n\r\n",
             b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5000 + b"\r\n", b"\r\n\r\n\r\n", b"FOO BAR BAZ\r\n\r\n"):
    s = connect("127.0.0.1", text)
    got = answer(s, 5)
    expect(got is not None and b" 200 " not in got, "nonsense is answered with %r" % (got or b"")[:60])
    s.close()
asked_within(0.5)
PYTHON
