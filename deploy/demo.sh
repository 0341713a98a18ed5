# shellcheck shell=bash
# The demo neighbourhood of ./run --meters N: its records, and the simulated meters. Sourced by ./run
# and, in containers, by deploy/compose/setup.sh and fleet.sh.
#
# The meters are a function of time: what they show does not depend on when they run. So the first start sends three months
# of history, and a later one only what is missing since the last heartbeat.

DEMO_DAYS=92           # three months
DEMO_INTERVAL_S=900    # between two readings of the history
DEMO_READINGS_PER_S=20 # live: a meter's interval is 1 s for up to so many meters, and longer for more

demo_heartbeat_at=0
demo_done() { echo "$DIR/demo/history-done-$METERS"; }

# Once in a minute the time is noted, so that the next start knows what the neighbourhood's history lacks.
demo_heartbeat() {
    [ "$METERS" -gt 0 ] && [ "$SECONDS" -ge "$demo_heartbeat_at" ] && [ -e "$(demo_done)" ] || return 0
    demo_heartbeat_at=$((SECONDS + 60))
    touch "$DIR/demo/alive"
}

# Days of history that are missing: all, or those since the last heartbeat (none when it was off for less than an interval).
demo_days_missing() {
    local gap
    if [ ! -e "$(demo_done)" ]; then
        echo "$DEMO_DAYS"
        return
    fi
    # when the history was done, or the last heartbeat after it
    gap=$(($(date +%s) - $(stat -c %Y "$(demo_done)" "$DIR/demo/alive" 2>/dev/null | sort -n | tail -n 1)))
    if [ "$gap" -lt "$DEMO_INTERVAL_S" ]; then echo 0; return; fi
    gap=$(((gap + 86399) / 86400))
    echo $((gap < DEMO_DAYS ? gap : DEMO_DAYS))
}

# The streets of a quarter of Sorocaba, São Paulo: three districts of blocks of some 90 m, each fed by two feeders; houses
# stand a few metres off the middle of their side of the block. Lines "number id district feeder latitude longitude label",
# fields separated by tabs.
demo_points() {
    awk -v count="$METERS" -v digits="$(demo_digits)" '
        function jitter(n, range) {n = (n * 1103515245 + 12345) % 2147483648; return (n / 2147483648 - 0.5) * range}
        BEGIN {
            split("centro vergueiro campolim", district, " ")
            split("Rua das Palmeiras;Rua Sete de Setembro;Alameda dos Ipês;Rua Bento Soares;Travessa do Rosário;Avenida do Mirante", street, ";")
            lat0[1] = -23.5015; lon0[1] = -47.4580; lat0[2] = -23.5115; lon0[2] = -47.4660; lat0[3] = -23.5275; lon0[3] = -47.4700
            for (i = 1; i <= count; i++) {
                d = (i - 1) % 3 + 1; k = int((i - 1) / 3)
                side = 1; while (side * side < (count + 2) / 3) side++
                row = int(k / side); column = k % side
                lat = lat0[d] - row * 0.00081 + jitter(i * 7 + 3, 0.00030)
                lon = lon0[d] + column * 0.00088 + jitter(i * 13 + 5, 0.00030)
                printf "%d\tcasa-%0*d\t%s\talim-%d%d\t%.6f\t%.6f\t%s, %d\n", i, digits, i, district[d], d, row % 2 + 1, lat, lon, street[(row + d) % 6 + 1], 20 + column * 34 + row * 2 + i % 7
            }
        }'
}
# Names have as many digits as qw-meter --fleet gives them.
demo_digits() { echo $((${#METERS} < 3 ? 3 : ${#METERS})); }
demo_number() { printf '%0*d' "$(demo_digits)" "$1"; }

# demo_lines: the neighbourhood as lines for `qw apply`. Everybody lives there since before the history begins; two in
# three have the residential tariff, the others the one with tiers.
demo_lines() {
    local since
    since=$(date -u -d "$((DEMO_DAYS + 3)) days ago" +%Y-%m-01)
    demo_points | awk -F '\t' -v since="$since" '
        BEGIN {
            first = split("Ana Bruno Carla Diego Elisa Fábio Gabriela Heitor Inês João Karina Lucas Marina Nelson Olívia Paulo Rita Sérgio Tânia Vítor", given, " ")
            last = split("Silva Souza Oliveira Pereira Costa Almeida Ribeiro Carvalho Gomes Martins Araújo Barbosa Rocha Dias Nunes Moreira Cardoso", family, " ")
        }
        {
            customer = sprintf("cliente-%s", substr($2, 6))
            name = $1 == 1 ? "Família Silva" : given[($1 * 7) % first + 1] " " family[($1 * 5) % last + 1]
            printf "{\"do\":\"meter add\",\"id\":\"%s\",\"tz\":\"America/Sao_Paulo\",\"district\":\"%s\",\"feeder\":\"%s\",\"lat\":%s,\"lon\":%s,\"label\":\"%s\",\"address\":\"%s, Sorocaba\",\"volts\":220,\"export\":\"yes\",\"serial\":\"SIM%010d\",\"model\":\"qw-meter\",\"if_missing\":true}\n", $2, $3, $4, $5, $6, name, $7, $1
            printf "{\"do\":\"customer add\",\"id\":\"%s\",\"name\":\"%s\",\"language\":\"pt-BR\",\"if_missing\":true}\n", customer, name
            printf "{\"do\":\"account add\",\"customer\":\"%s\",\"meter\":\"%s\",\"from\":\"%s\",\"tariff\":\"%s\",\"class\":\"residential\",\"if_missing\":true}\n", customer, $2, since, $1 % 3 == 2 ? "demo.tiered" : "br.cpfl-piratininga.b1"
        }'
    # Every fourth household, the one that can log in among them, wants to hear of a day above 9 kWh, and of a bill that
    # will be a tenth above the usual one: so that somebody who looks around sees alerts come and go.
    demo_points | awk -F '\t' -v since="$since" '
        $1 % 4 == 1 {
            printf "{\"do\":\"rules set\",\"meter\":\"%s\",\"kind\":\"excess_consumption\",\"params\":\"{\\\"day_wh\\\":9000}\",\"from\":\"%sT03:00:00Z\"}\n", $2, since
            printf "{\"do\":\"rules set\",\"meter\":\"%s\",\"kind\":\"bill_variation\",\"params\":\"{\\\"percent\\\":10}\",\"from\":\"%sT03:00:00Z\"}\n", $2, since
        }'
}

# What befell some of the meters in their history (meter/incident.h), so that the operator's pages show what real meters do:
# neither the first one, whose household can log in, nor so many that they were the rule. Written once, with the dates of
# the first start: what a meter has shown it must not unsay.
demo_incidents() {
    local file=$DIR/demo/incidents.csv
    [ ! -e "$file" ] || return 0
    {
        echo "meter,kind,from,until,value_wh"
        [ -e "$(demo_done)" ] || demo_scenes
    } >"$file.new"
    mv "$file.new" "$file"
}
demo_scenes() {
    scene 3 transient 6 14:10 14:20 0     # one reading of 0
    scene 4 outage 9 02:50 06:00          # no power for three hours
    scene 6 exchange 20 13:05 "" 12       # another device, announced
    scene 7 silence 12 01:40 27:40        # readings of a day lost on the way
    scene 8 reset 33 16:25 "" 0           # the register begins anew, and nobody says why
    scene 10 frozen 5 09:05 57:05         # stands still for two days, then leaps to what was counted
    scene 12 transient 3 20:55 21:05 16777215 # all ones of 24 bits
}
scene() { # NUMBER KIND DAYS_AGO FROM UNTIL [VALUE_WH]; times of UTC as hours:minutes since that day's midnight
    local midnight
    [ "$1" -le "$METERS" ] || return 0
    midnight=$(date -u -d "$3 days ago 00:00" +%s)
    echo "casa-$(demo_number "$1"),$2,$(scene_time "$midnight" "$4"),$(scene_time "$midnight" "$5"),${6:-}"
}
scene_time() { # MIDNIGHT_S HOURS:MINUTES
    [ -n "$2" ] || return 0
    date -u -d "@$(($1 + 3600 * 10#${2%:*} + 60 * 10#${2#*:}))" +%Y-%m-%dT%H:%M:%SZ
}

# The records come first: a meter that is known to the ingestor when its readings arrive needs no second look.
provide_demo() {
    [ ! -e "$DIR/demo/records-$METERS" ] || return 0
    qw tariff load "$ROOT/deploy/demo/residential.json" --default >/dev/null
    qw tariff load "$ROOT/deploy/demo/tiered.json" >/dev/null
    demo_lines | qw apply - >>"$DIR/log/demo.log" 2>&1 || die "the demo neighbourhood could not be registered" "read $DIR/log/demo.log"
    touch "$DIR/demo/records-$METERS"
}

# demo_fleet HOST PORT: sets DEMO_FLEET, the command that simulates the meters at that broker.
demo_fleet() {
    local interval_ms=$((METERS * 1000 / DEMO_READINGS_PER_S)) days
    days=$(demo_days_missing)
    demo_incidents
    [ "$days" -eq 0 ] || step "sending $days days of history of $METERS meters in the background"
    DEMO_FLEET=("$BIN/qw-meter" --fleet "$METERS" --prefix casa- --seed 24 --zone America/Sao_Paulo
        --broker-host "$1" --broker-port "$2" --username operator --password-file "$DIR/secrets/operator"
        --interval-ms "$((interval_ms < 1000 ? 1000 : interval_ms))" --log-level info
        --backfill-days "$days" --backfill-interval-s "$DEMO_INTERVAL_S" --backfill-until-done-file "$(demo_done)"
        --incidents "$DIR/demo/incidents.csv")
}

start_demo() {
    demo_fleet 127.0.0.1 "$MQTT_PORT"
    start_part meters "${DEMO_FLEET[@]}"
}
