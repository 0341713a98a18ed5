#!/usr/bin/env bash
# Scenario: while readings pour in other processes open the ledger and close it again: qw verify, qw backup, the API (started and stopped), somebody with
# sqlite3. Whoever closes a database last removes its write-ahead log: none of them may take himself for the last. Then the ingestor is killed (-9), and
# the ledger is that of an undisturbed run.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/durable_lib.sh"
options "$@"
undisturbed
system_at "$WORK/shaken"
start_system
send_all lines
wal() { stat -c %i "$LEDGER_DB-wal" 2>/dev/null || echo none; }
inode=$(wal)
for other in sqlite3 verify backup api; do
    case $other in
    sqlite3) sqlite3 -cmd '.timeout 5000' "$LEDGER_DB" 'SELECT count(*) FROM fact' >/dev/null ;;
    verify) "$BIN/qw" --records-db "$DIR/records.db" --ledger-db "$LEDGER_DB" verify --work-dir "$WORK" >"$WORK/said" 2>&1 || [ $? -eq 1 ] || { cat "$WORK/said"; fail "qw verify cannot run"; } ;;
    backup) "$BIN/qw" --records-db "$DIR/records.db" --ledger-db "$LEDGER_DB" backup "$WORK/backup" >"$WORK/said" 2>&1 || { cat "$WORK/said"; fail "qw backup cannot run"; } ;;
    api)
        port=$(free_port)
        background "$BIN/qw-api" --records-db "$DIR/records.db" --ledger-db "$LEDGER_DB" --http-port "$port" >"$DIR/log/api.log" 2>&1
        ready() { curl --silent --fail --max-time 3 "http://127.0.0.1:$port/ready"; }
        wait_quietly 20 "the API" ready
        kill -TERM "$background_pid"
        wait "$background_pid" || fail "the API did not leave cleanly"
        ;;
    esac
    expect "$inode" "$(wal)" "the write-ahead log (its inode) after $other closed the ledger"
done
await_senders
await_settled
ended "$ingestor_pid"
start_ingestor
wait_quietly 20 "the ingestor reaching the broker" linked
same_as_undisturbed
