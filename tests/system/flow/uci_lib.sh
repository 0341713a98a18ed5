# shellcheck shell=bash
# The UCI household as qw-meter replays it, and what must come out of it. Sourced after shared_data set SHARED_FILE.

uci_replay() {
    meter_program --replay "$SHARED_FILE" --meter uci --time Date,Time --column Global_active_power --kind power --unit kW \
        --label start --tz Europe/Paris --log-level warn "$@"
}

# "day Wh" for each local day: the register is the sum of the minutes' mean power, cut off to whole Wh; a row's label is the
# start of its minute, so its energy is in the register at the label plus 60 s, and midnight is the end of 23:59. Rows with
# `?` carry no energy. Integers throughout: watt-minutes.
uci_days() {
    zcat "$SHARED_FILE" | awk -F ';' '
        NR == 1 || $3 == "?" || $3 == "" {next}
        {
            split($1, d, "/"); split($3, kw, ".")
            day = sprintf("%04d-%02d-%02d", d[3], d[2], d[1])
            if (day != current) {if (current != "") {print current, int(sum / 60) - before}; before = int(sum / 60); current = day}
            sum += kw[1] * 1000 + substr(kw[2] "000", 1, 3)
        }
        END {print current, int(sum / 60) - before}'
}
