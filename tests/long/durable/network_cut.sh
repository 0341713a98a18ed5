#!/usr/bin/env bash
# Scenario: ingestor and broker live in two network namespaces. The cable between them is cut for a while (longer than the broker waits for a keep-alive),
# then a part of the packets is lost both ways (iptables' statistic), while devices send that keep their readings until the receipt. It goes on by
# itself, and the ledger is that of an undisturbed run. Skips where namespaces or iptables are not allowed.
. "$(dirname "$0")/../../system/lib.sh"
. "$(dirname "$0")/../../system/durable/durable_lib.sh"
READINGS=1500
options "$@"
[ "$RATE" -gt 0 ] || RATE=800
space=qwtest$$
ip netns add "$space" 2>/dev/null || skip "network namespaces are not allowed here (it takes root)"
cleanups+=("ip link delete qwv$$" "ip netns delete $space")
subnet=10.$((200 + RANDOM % 50)).$((RANDOM % 250))
ip link add "qwv$$" type veth peer name qwv1 netns "$space" 2>/dev/null || skip "virtual cables (veth) are not allowed here"
ip address add "$subnet.1/30" dev "qwv$$"
ip link set "qwv$$" up
ip netns exec "$space" ip address add "$subnet.2/30" dev qwv1
ip netns exec "$space" ip link set qwv1 up
ip netns exec "$space" ip link set lo up

( RATE=0; undisturbed )
system_at "$WORK/shaken"
BROKER_ADDRESS=0.0.0.0 # this machine's own address in the small network; loopback for the senders
INGESTOR_OPTIONS=(--mqtt-host "$subnet.1" --mqtt-keep-alive-s 5)
NAMESPACE=(ip netns exec "$space")
start_system
devices
sleep 3
for ((round = 1; round <= ROUNDS; round++)); do
    ip link set "qwv$$" down
    note "cut"
    unlinked() { [ "$(health | jq .link_up)" = false ]; }
    wait_for 40 "the ingestor notices that the network is cut" unlinked
    nap_ms "$(random_ms 500 3000)"
    ip link set "qwv$$" up
    wait_for 60 "the link is back" linked
    any_sending || fail "the load was over before round $round: more readings are needed"
done
if ip netns exec "$space" iptables -A INPUT -m statistic --mode random --probability 0.2 -j DROP 2>/dev/null; then
    ip netns exec "$space" iptables -A OUTPUT -m statistic --mode random --probability 0.2 -j DROP
    note "a fifth of the packets is lost"
    sleep 10
    ip netns exec "$space" iptables -F
else
    note "without lost packets: iptables has no statistic here"
fi
await_senders
same_as_undisturbed
