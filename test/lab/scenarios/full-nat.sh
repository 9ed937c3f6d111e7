#!/bin/bash
# FullNAT: real servers that know no route back to the client answer through the director, IPv4 and IPv6.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
off_link_client far 101 10.7.0.254
host d 1
inside d sysctl -qw net.ipv6.conf.all.forwarding=1
ip -n d addr add 10.7.0.254/24 dev eth0
for address in 10.9.0.200 10.9.0.201 10.9.0.202 10.9.0.50 10.9.0.51 10.9.0.52 10.9.0.60; do
  ip -n d addr add $address/32 dev eth0
done
for address in fd00:7::fe fd00:9::1 fd00:9::200 fd00:9::50; do ip -n d addr add $address/64 dev eth0 nodad; done
ip -n far addr add fd00:7::65/64 dev eth0 nodad
ip -n far route add fd00:9::/64 via fd00:7::fe
octet=11
for name in r1 r2 sorry; do
  real_server $name $octet
  ip -n $name addr add fd00:9::$octet/64 dev eth0 nodad
  octet=$((octet + 1))
done

# service ADDRESS LINES: a virtual server of two real servers, the second killable.
service() {
  local first=10.9.0.11 second=10.9.0.12
  case $1 in *:*) first=fd00:9::11 second=fd00:9::12 ;; esac
  cat <<CONF
virtual_server $1 {
    delay_loop 1
    lb_algo rr
    protocol TCP
    $2
    real_server $first 80 {
    }
    real_server $second 80 {
        TCP_CHECK {
            connect_timeout 1
            retry 0
        }
    }
}
CONF
}
configure() {
  {
    printf 'global_defs {\n    local_address {\n        %s\n    }\n}\n' "$1"
    service '10.9.0.200 80' "lb_kind FNAT
    sorry_server 10.9.0.13 80"
    service '10.9.0.201 80' 'lb_kind NAT'
    service '10.9.0.202 8080' "lb_kind FNAT
    local_address {
        10.9.0.60
    }"
    service 'fwmark 7' 'lb_kind FNAT'
    service 'fd00:9::200 80' 'lb_kind FNAT'
  } >$scratch/d.conf
}
# peers URL: the addresses that the servers saw in 8 requests.
peers() {
  local n
  for ((n = 0; n < 8; n++)); do fetch far "$1/peer"; done | cut -d' ' -f2 | sort -u | tr '\n' ' '
}
conntrack() { inside d cat /proc/sys/net/ipv4/vs/conntrack; }
# rules: how many rules translate sources, in whichever packet filter.
rules() {
  { inside d iptables-legacy -w -t nat -S; inside d ip6tables-legacy -w -t nat -S; inside d nft list ruleset; } \
    2>/dev/null | grep -ciE 'evenkeel'
}
inside d iptables-legacy -w -t mangle -A PREROUTING -d 10.9.0.203 -j MARK --set-mark 7
ip -n d route add local 10.9.0.203 dev lo
inside d iptables-legacy -w -t nat -A POSTROUTING -s 192.0.2.1 -j MASQUERADE
foreign=$(inside d iptables-legacy -w -t nat -S)

configure '10.9.0.50-51 fd00:9::50'
before=$(conntrack)
start d
check 'five services with two real servers each are programmed' until_true 40 destinations d 10
equal 'IPVS leaves its connections to connection tracking' 1 "$(conntrack)"
equal 'connections alternate between servers that have no route back' '5 r1 5 r2' "$(tally far http://10.9.0.200/ 10)"
equal 'which see both addresses of the range' '10.9.0.50 10.9.0.51 ' \
  "$(for n in 1 2 3 4; do peers http://10.9.0.200; done | tr ' ' '\n' | sed '/^$/d' | sort -u | tr '\n' ' ')"
equal 'NAT beside it is not translated, and gets no answer' '' "$(tally far http://10.9.0.201/ 1)"
equal 'a virtual server may have its own address, and another port' '10.9.0.60 ' "$(peers http://10.9.0.202:8080)"
equal 'a service of a firewall mark is translated' '2 r1 2 r2' "$(tally far http://10.9.0.203/ 4)"
equal 'so is IPv6' '2 r1 2 r2' "$(tally far 'http://[fd00:9::200]/' 4)"
equal 'by addresses of its family' 'fd00:9::50 ' "$(peers 'http://[fd00:9::200]')"

stop_web r2
check 'a dead server leaves' until_true 15 destinations d 5
equal 'the other serves' '4 r1' "$(tally far http://10.9.0.200/ 4)"
web r2
check 'it returns' until_true 15 destinations d 10

sed -i 's/10.9.0.50-51/10.9.0.52/' $scratch/d.conf
kill -HUP "${daemon_pid[d]}"
check 'a reload brings another address' until_true 15 eval '[ "$(peers http://10.9.0.200)" = "10.9.0.52 " ]'
sed -i '/local_address/,/}/d' $scratch/d.conf
kill -HUP "${daemon_pid[d]}"
check 'without one it is the interface that counts' until_true 15 eval '[ "$(peers http://10.9.0.202:8080)" = "10.9.0.1 " ]'

sed -i 's/lb_kind FNAT/lb_kind NAT/' $scratch/d.conf
kill -HUP "${daemon_pid[d]}"
check 'a reload without FNAT takes the rules' until_true 15 eval '[ "$(rules)" = 0 ]'
equal 'and only those' "$foreign" "$(inside d iptables-legacy -w -t nat -S)"
sed -i 's/lb_kind NAT/lb_kind FNAT/' $scratch/d.conf
kill -HUP "${daemon_pid[d]}"
check 'they come back' until_true 15 eval '[ "$(rules)" != 0 ]'
until_true 2 false
standing=$(rules)
inside d nft delete table ip evenkeel_fnat 2>/dev/null || {
  inside d iptables-legacy -w -t nat -D POSTROUTING -m ipvs --ipvs -j EVENKEEL_FNAT
  inside d iptables-legacy -w -t nat -F EVENKEEL_FNAT
  inside d iptables-legacy -w -t nat -X EVENKEEL_FNAT
}
kill -HUP "${daemon_pid[d]}"
check 'so they do when somebody has removed them' until_true 15 eval '[ "$(rules)" = "$standing" ]'
stop d
equal 'the rules go with us' 0 "$(rules)"
equal 'what others had stays' "$foreign" "$(inside d iptables-legacy -w -t nat -S)"
equal 'the setting of IPVS is as it was' "$before" "$(conntrack)"

configure '10.9.0.50-51 fd00:9::50'
start d
until_true 40 destinations d 10
standing=$(rules)
kill -KILL "$(cat $scratch/d.checkers.pid)"
check 'the next checker process takes the rules over' until_true 20 \
  eval '[ "$(grep -c "Initializing ipvs" $scratch/d.log)" = 3 ] && [ "$(rules)" = "$standing" ]'
equal 'and connections work' '5 r1 5 r2' "$(tally far http://10.9.0.200/ 10)"
stop d
equal 'until the end' 0 "$(rules)"
finish d
