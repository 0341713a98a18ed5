#!/usr/bin/env bash
# Scenario: readings pour in, 48 hours of late ones of every meter at once among them, while the API is read hard: many clients ask without pause, others
# take large answers slowly (2 KB/s), and a backup runs now and then. The write-ahead log stays bounded, no commit waits for long, and the ledger is that
# of an undisturbed run.
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
READINGS=6000
options "$@"
undisturbed
system_at "$WORK/shaken"
start_system
port=$(free_port)
background "$BIN/qw-api" --records-db "$DIR/records.db" --ledger-db "$LEDGER_DB" --http-port "$port" >"$DIR/log/api.log" 2>&1
api_pid=$background_pid
token=$("$BIN/qw" --records-db "$DIR/records.db" --ledger-db "$LEDGER_DB" token add --user operator --name test)
ask() { curl --silent --show-error --max-time 120 --output /dev/null --write-out '%{http_code}\n' -H "Authorization: Bearer $token" "$@" 2>/dev/null || echo cut; }
ready() { curl --silent --fail --max-time 3 "http://127.0.0.1:$port/ready"; }
wait_quietly 20 "the API" ready
span=$((READINGS / 96 + 2 < 45 ? READINGS / 96 + 2 : 45)) # days; an answer has 5,000 points at most
from=$(date -u -d "$span days ago" +%F) until=$(date -u -d tomorrow +%F)
paths=("readings?limit=1000" "usage?bucket=quarter_hour&from=$from&to=$until" "usage?bucket=day&from=$from&to=$until")
hammer() { while :; do for path in "${paths[@]}"; do ask "http://127.0.0.1:$port/api/v1/meters/dur-$((RANDOM % METERS))/$path" >>"$WORK/answers"; done; done; }
# takes its answer 1 KB at a time, twice a second, through a small window; says how it ended
slowly() {
    exec python3 -c 'import random, socket, sys, time
port, token, meters, paths = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:]
while True:
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.connect(("127.0.0.1", port))
    path = "/api/v1/meters/dur-%d/%s" % (random.randrange(meters), random.choice(paths))
    link.sendall(("GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n" % (path, token)).encode())
    try:
        got = 0
        while part := link.recv(1024):
            got += len(part)
            time.sleep(0.5)
        print("end", got, flush=True)
    except OSError:
        print("cut", flush=True)
    link.close()' "$port" "$token" "$METERS" "${paths[@]:0:2}" >>"$WORK/slow" 2>/dev/null
}
for _ in 1 2; do background hammer; done
for _ in 1 2 3 4 5 6 7 8; do background slowly; done
watch() { # the largest log, and the longest time without a commit while messages wait
    local wal largest=0 commits former=0 since longest=0 now
    since=$(now_ms)
    while :; do
        wal=$(stat -c %s "$LEDGER_DB-wal" 2>/dev/null || echo 0)
        [ "$wal" -le "$largest" ] || largest=$wal
        commits=$(metric qw_ingestor_commits_a_total) now=$(now_ms)
        if [ "$commits" != "$former" ] || [ "$(metric qw_ingestor_journal_waiting_bytes)" = 0 ]; then former=$commits since=$now; fi
        [ $((now - since)) -le "$longest" ] || longest=$((now - since))
        echo "$largest $longest" >"$WORK/watched.new" && mv "$WORK/watched.new" "$WORK/watched"
        sleep 0.2
    done
}
background watch

# everything but the last 48 hours in order; then those, of all meters at once, the newest first
late=192
for ((k = 0; k < METERS; k++)); do
    mkdir -p "$WORK/late"
    tail -n "$late" "$WORK/load/dur-$k.lines" | tac >"$WORK/late/dur-$k.lines"
    head -n -"$late" "$WORK/load/dur-$k.lines" >"$WORK/late/dur-$k.early"
done
whole=$WORK/load
mv "$whole" "$WORK/whole"
mkdir "$whole"
for part in early lines; do
    for ((k = 0; k < METERS; k++)); do cp "$WORK/late/dur-$k.$part" "$whole/dur-$k.lines"; done
    send_all lines
    for ((round = 1; round <= ROUNDS; round++)); do "$BIN/qw" --records-db "$DIR/records.db" --ledger-db "$LEDGER_DB" backup "$WORK/backup-$part-$round" >/dev/null || fail "a backup beside the load"; done
    await_senders
done
await_settled 240
read -r largest longest <"$WORK/watched"
note "answers: $(sort "$WORK/answers" | uniq -c | tr -s " \n" " "); slow ones: $(cut -d " " -f 1 "$WORK/slow" | sort | uniq -c | tr -s " \n" " ")"
note "largest write-ahead log $((largest / 1048576)) MiB, longest wait for a commit $longest ms, $(grep -c 200 "$WORK/answers") answers, $(wc -l <"$WORK/slow") slow ones"
[ "$largest" -lt $((200 * 1048576)) ] || fail "the write-ahead log grew to $largest bytes"
[ "$longest" -lt 4000 ] || fail "no commit for $longest ms while messages waited"
[ "$(grep -c 200 "$WORK/answers")" -gt 10 ] || { sort "$WORK/answers" | uniq -c; fail "the API hardly answered"; }
ended "$api_pid"
same_as_undisturbed
