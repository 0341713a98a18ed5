#!/usr/bin/env bash
# A month of a real French household, minute by minute, goes through MQTT at full speed. Each local day's energy comes out of
# the API as the difference of the register at its two midnights, to the Wh; a replay of the same file changes nothing.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/uci_lib.sh"
shared_data data/uci_household_1min/household_power_consumption_34d.csv.gz
stack_private --meters 0
register uci 'tz="Europe/Paris"'

uci_days >"$WORK/wanted"
began=$SECONDS
uci_replay || fail "the replay ended with $?"
note "replayed in $((SECONDS - began)) s"
all_days() { days uci 2006-12-16 2007-01-20 Europe/Paris >"$WORK/found" && cmp -s "$WORK/wanted" "$WORK/found"; }
for _ in $(seq 300); do ! all_days 2>/dev/null || break; sleep 0.2; done
diff "$WORK/wanted" "$WORK/found" || fail "days differ (wanted <, found >)"
note "$(wc -l <"$WORK/found") days agree to the Wh after $((SECONDS - began)) s"

facts=$(ledger 'select count(*) from fact')
uci_replay
repeated() { [ "$(metric qw_ingestor_readings_repeated_total)" -ge 48000 ]; }
wait_for 60 "the second replay is only repetitions" repeated
expect "$facts" "$(ledger 'select count(*) from fact')" "facts after a second replay"
all_days || fail "a repetition changed the days"
