# shellcheck shell=bash
# What ./run provides around the parts: secrets, the records that a first start needs, the wait until all is ready, run.env
# and the summary. Sourced by ./run, with DIR, HTTP_PORT, MQTT_PORT, METRICS_PORT and METERS set when these are called.

BIN=${QW_PROGRAMS_DIR:-$ROOT/build/bin} # QW_PROGRAMS_DIR: where they are in a container
CUSTOMER_USER=familia-silva # the demo household that can log in

qw() { "$BIN/qw" --records-db "$DIR/records.db" --ledger-db "$DIR/ledger.db" "$@" 9>&-; }

# fresh_secret: 24 letters and digits, 120 bits from the kernel.
fresh_secret() { head -c 15 /dev/urandom | base32 | tr 'A-Z' 'a-z'; }

# keep_secret NAME TEXT: in a file that this user alone can read; there before it has its name, so never half written.
keep_secret() {
    (umask 077 && printf '%s\n' "$2" >"$DIR/secrets/$1.new" && mv "$DIR/secrets/$1.new" "$DIR/secrets/$1")
}
secret() { cat "$DIR/secrets/$1"; }

# provide_login NAME ROLE [qw user add option…]: a login whose password stands in secrets/NAME. A lost secret is replaced by
# a fresh one, and a lost login is made again with the kept secret.
provide_login() {
    local name=$1 role=$2 file=$DIR/secrets/$1
    shift 2
    if [ -s "$file" ]; then
        qw user add "$name" --role "$role" --password-file "$file" --if-missing "$@" >/dev/null
        return
    fi
    keep_secret "$name.unused" "$(fresh_secret)"
    qw user add "$name" --role "$role" --password-file "$file.unused" --if-missing "$@" >/dev/null
    qw user passwd "$name" --password-file "$file.unused" >/dev/null
    mv "$file.unused" "$file"
}

# provide_records: the databases, the logins of machines and of the operator, and one device that may claim an identity.
provide_records() {
    (umask 077 && mkdir -p "$DIR/secrets" "$DIR/journal" "$DIR/broker" "$DIR/demo")
    if [ -e "$DIR/records.db" ]; then qw init >/dev/null; else qw init --tz America/Sao_Paulo >/dev/null; fi
    provide_login ingestor service
    provide_login claim claim
    provide_login operator operator
    [ -s "$DIR/secrets/claim-serial" ] || keep_secret claim-serial "QW-$(fresh_secret | cut -c 1-8)"
    [ -s "$DIR/secrets/claim-code" ] || keep_secret claim-code "$(fresh_secret)"
    qw claim add --serial "$(secret claim-serial)" --code-file "$DIR/secrets/claim-code" --if-missing >/dev/null
}

# An API token of the operator, kept between starts for as long as the API takes it.
provide_token() {
    if [ -s "$DIR/secrets/token" ] && token_is_good; then return 0; fi
    keep_secret token "$(qw token add --user operator --name run 2>>"$DIR/log/run.log")"
    until_true 10 "the API taking the operator's token" "read $DIR/log/api.log" token_is_good
}
token_is_good() {
    printf 'header = "Authorization: Bearer %s"\n' "$(secret token)" |
        curl --silent --fail --max-time 5 --output /dev/null --config - "http://127.0.0.1:$HTTP_PORT/api/v1/me" 9>&-
}

answers() { curl --silent --fail --max-time 3 --output /dev/null "$1" 9>&-; }

wait_ready() {
    until_true 60 "the ingestor reaching the broker" "read $DIR/log/ingestor.log and $DIR/log/broker.log" answers "http://127.0.0.1:$METRICS_PORT/health"
    until_true 60 "the API becoming ready" "read $DIR/log/api.log" answers "http://127.0.0.1:$HTTP_PORT/ready"
    provide_token
}

# KEY=value lines that a shell can source and anybody can parse: no value needs quotes.
write_run_env() {
    (
        umask 077
        {
            echo "URL=http://127.0.0.1:$HTTP_PORT"
            echo "MQTT_HOST=127.0.0.1"
            echo "MQTT_PORT=$MQTT_PORT"
            echo "MQTT_USER=operator"
            echo "MQTT_PASSWORD=$(secret operator)"
            echo "API_TOKEN=$(secret token)"
            echo "OPERATOR_USER=operator"
            echo "OPERATOR_PASSWORD=$(secret operator)"
            if [ "$METERS" -gt 0 ]; then
                echo "CUSTOMER_USER=$CUSTOMER_USER"
                echo "CUSTOMER_PASSWORD=$(secret "$CUSTOMER_USER")"
            fi
            echo "CLAIM_USER=claim"
            echo "CLAIM_PASSWORD=$(secret claim)"
            echo "CLAIM_SERIAL=$(secret claim-serial)"
            echo "CLAIM_CODE=$(secret claim-code)"
            echo "METRICS_PORT=$METRICS_PORT"
            echo "BIN=$BIN"
            echo "LEDGER_DB=$DIR/ledger.db"
            echo "RECORDS_DB=$DIR/records.db"
        } >"$DIR/run.env.new"
        mv "$DIR/run.env.new" "$DIR/run.env"
    )
}

summary() {
    local env=$DIR/run.env
    [[ $env != "$PWD"/* ]] || env=./${env#"$PWD"/}
    cat <<TEXT

   Quilowatt is running:  http://127.0.0.1:$HTTP_PORT

     operator   operator        $(secret operator)
TEXT
    [ "$METERS" -eq 0 ] || printf '     household  %-15s %s\n' "$CUSTOMER_USER" "$(secret "$CUSTOMER_USER")"
    cat <<TEXT

   Things to try in another terminal (the first line brings addresses and logins):

     . $env
     mosquitto_pub -h \$MQTT_HOST -p \$MQTT_PORT -u \$MQTT_USER -P \$MQTT_PASSWORD -q 1 -t meters/casa-42/readings -m '{"energy_wh":123456}'
     curl -H "Authorization: Bearer \$API_TOKEN" \$URL/api/v1/meters/casa-42/readings
     mosquitto_sub -h \$MQTT_HOST -p \$MQTT_PORT -u \$MQTT_USER -P \$MQTT_PASSWORD -t 'alerts/#' -t 'meters/+/bill' -v

   Data, logs and passwords are in ${env%/run.env}. Ctrl-C stops everything.

TEXT
}
