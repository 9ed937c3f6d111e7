#!/bin/bash
# FullNAT of every kind of service, in reloads, and what a killed process or daemon leaves of it.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
modprobe sctp 2>/dev/null
off_link_client far 101 10.7.0.254
host d 1
inside d sysctl -qw net.ipv6.conf.all.forwarding=1
ip -n d addr add 10.7.0.254/24 dev eth0
for octet in 200 201 202 203 205 206 207 210 211 50 51 60 62 63; do ip -n d addr add 10.9.0.$octet/32 dev eth0; done
for address in fd00:7::fe fd00:9::1 fd00:9::200 fd00:9::201 fd00:9::202 fd00:9::50 fd00:9::51; do
  ip -n d addr add $address/64 dev eth0 nodad
done
ip -n far addr add fd00:7::65/64 dev eth0 nodad
ip -n far route add fd00:9::/64 via fd00:7::fe
real_server r1 11
real_server r2 12 10.9.0.210
ip -n r1 addr add fd00:9::11/64 dev eth0 nodad
ip -n r2 addr add fd00:9::12/64 dev eth0 nodad
ip -n r2 addr add 10.7.0.12/24 dev eth0
inside d iptables-legacy -w -t mangle -A PREROUTING -d 10.9.0.207 -j MARK --set-mark 8

# servers FAMILY PORT [LINES-OF-THE-FIRST [LINES-OF-THE-SECOND]]
servers() {
  local network=10.9.0.
  [ "$1" = 6 ] && network=fd00:9::
  printf '  real_server %s11 %s {\n%s\n  }\n  real_server %s12 %s {\n%s\n  }\n' $network "$2" "${3-}" $network "$2" "${4-}"
}
# service KEY PROTOCOL LINES SERVERS
service() { printf 'virtual_server %s {\nlb_algo rr\nprotocol %s\n%s\n%s\n}\n' "$1" "$2" "$3" "$4"; }
configure() {
  {
    printf 'global_defs {\nlocal_address {\n%s\n}\n}\n' "$1"
    printf 'virtual_server_group g4 {\n10.9.0.205-206 80\n10.9.0.203 8080\nfwmark 8\n}\n'
    printf 'virtual_server_group g6 {\nfd00:9::201-202 80\n}\n'
    service '10.9.0.200 53' UDP 'lb_kind FNAT' "$(servers 4 80)"
    service 'fd00:9::200 53' UDP 'lb_kind FNAT' "$(servers 6 80)"
    service '10.9.0.201 53' SCTP 'lb_kind FNAT' "$(servers 4 80)"
    service 'group g4' TCP 'lb_kind FNAT' "$(servers 4 80)"
    service 'group g6' TCP 'lb_kind FNAT' "$(servers 6 80)"
    service '10.9.0.210 80' TCP 'lb_kind DR' "$(servers 4 80 'lvs_method FNAT')"
    service '10.9.0.211 0' TCP $'lb_kind FNAT\npersistence_timeout 60' "$(servers 4 0)"
    service '10.9.0.202 80' TCP $'lb_kind FNAT\nlocal_address {\n10.9.0.60\n10.9.0.62-63\n  }' "$(servers 4 80)"
    service '10.9.0.202 81' TCP 'lb_kind NAT' "$(servers 4 80)"
  } >$scratch/d.conf
}
# reload COMMAND...: SIGHUP, then waits until COMMAND holds.
reload() {
  kill -HUP "${daemon_pid[d]}"
  until_true 15 "$@"
}
# datagrams ADDRESS PORT COUNT: what came back.
datagrams() {
  inside far timeout 5 bash -c "for ((n = 0; n < $3; n++)); do
    exec 3<>/dev/udp/$1/$2; echo >&3; head -1 <&3
  done" | summary
}
# associations ADDRESS PORT COUNT: what came back over SCTP.
associations() {
  inside far timeout 5 python3 -S -c "import socket
for n in range($3):
  client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132)
  client.connect(('$1', $2))
  print(client.recv(99).decode().strip())" | summary
}
# answers URL COUNT: what came back.
answers() { fetch far "$1/peer?[1-$2]" | summary; }
# Each answer once; an address of the director is `ours`.
summary() { sed -E 's/ (10.9.0.5[01]|fd00:9::5[01])$/ ours/' | sort -u | tr '\n' ','; }
# started COUNT: so often a checker process has.
started() { [ "$(grep -c 'Initializing ipvs' $scratch/d.log)" = "$1" ]; }
conntrack() { inside d cat /proc/sys/net/ipv4/vs/conntrack; }
rules() {
  { inside d iptables-legacy -w -t nat -S; inside d ip6tables-legacy -w -t nat -S; inside d nft list ruleset; } \
    2>/dev/null | grep -ciE 'evenkeel'
}

configure $'10.9.0.50-51\nfd00:9::50'
before=$(conntrack)
start d
check 'all are programmed' until_true 60 destinations d 26
both='r1 ours,r2 ours,'
equal 'datagrams' "$both" "$(datagrams 10.9.0.200 53 2)"
equal 'datagrams of IPv6' "$both" "$(datagrams fd00:9::200 53 2)"
equal 'SCTP' "$both" "$(associations 10.9.0.201 53 2)"
equal 'the last address of a range in a group' "$both" "$(answers http://10.9.0.206 2)"
equal 'another port in a group' "$both" "$(answers http://10.9.0.203:8080 2)"
equal 'a firewall mark in a group' "$both" "$(answers http://10.9.0.207 2)"
equal 'a range of IPv6 in a group' "$both" "$(answers 'http://[fd00:9::202]' 2)"
equal 'beside a server of DR' 'r1 ours,r2 10.7.0.101,' "$(answers http://10.9.0.210 2)"
equal 'a service of every port stays with a server' 1 "$(answers http://10.9.0.211 3 | grep -cE '^r[12] ours,$')"
equal 'several ranges' '10.9.0.60,10.9.0.62,10.9.0.63,' \
  "$(fetch far 'http://10.9.0.202/peer?[1-60]' | cut -d' ' -f2 | sort -u | tr '\n' ',')"
equal 'NAT on another port of the address is as ever' '' "$(answers http://10.9.0.202:81 1)"

configure $'10.9.0.60\nfd00:9::51'
reload eval '[ "$(datagrams 10.9.0.200 53 2)" = "r1 10.9.0.60,r2 10.9.0.60," ]'
equal 'a reload brings other sources, for groups too' 'r1 10.9.0.60,r2 10.9.0.60,' "$(answers http://10.9.0.206 2)"
equal 'and IPv6' "$both" "$(answers 'http://[fd00:9::202]' 2)"
sed -i '/^virtual_server 10.9.0.200 /,/^}$/d; s/10.9.0.205-206 80/10.9.0.205 80/' $scratch/d.conf
sed -i '/^virtual_server 10.9.0.210 /,/^}$/s/ DR/ FNAT/' $scratch/d.conf
service '10.9.0.206 81' TCP 'lb_kind FNAT' "$(servers 4 80)" >>$scratch/d.conf
reload eval '[ "$(answers http://10.9.0.206:81 2)" = "r1 10.9.0.60,r2 10.9.0.60," ]'
equal 'a service that a reload brings' 'r1 10.9.0.60,r2 10.9.0.60,' "$(answers http://10.9.0.206:81 2)"
equal 'a server that becomes one of FNAT' 'r1 10.9.0.60,r2 10.9.0.60,' "$(answers http://10.9.0.210 2)"
check 'and nothing is left of those that went' destinations d 24

kept=$(table d)
kill -KILL "$(cat $scratch/d.checkers.pid)"
equal 'traffic goes on without a checker process' 'r1 10.9.0.60,r2 10.9.0.60,' "$(answers http://10.9.0.206:81 2)"
check 'the next one starts' until_true 30 started 2
equal 'which finds the table as it has to be' "$kept" "$(table d)"
equal 'and traffic goes on' 'r1 10.9.0.60,r2 10.9.0.60,' "$(answers http://10.9.0.206:81 2)"

slay d
check 'a killed daemon leaves rules' test "$(rules)" != 0
equal 'that still carry traffic' 'r1 10.9.0.60,r2 10.9.0.60,' "$(answers http://10.9.0.206:81 2)"
sed 's/FNAT/NAT/' $scratch/d.conf >$scratch/plain.conf
cp $scratch/d.conf $scratch/translating.conf
cp $scratch/plain.conf $scratch/d.conf
start d
check 'the next one removes them where nobody wants them' until_true 30 eval '[ "$(rules)" = 0 ]'
equal 'and restores the setting of IPVS' "$before" "$(conntrack)"
slay d
cp $scratch/translating.conf $scratch/d.conf
start d
check 'or makes them' until_true 30 eval '[ "$(answers http://10.9.0.206:81 2)" = "r1 10.9.0.60,r2 10.9.0.60," ]'
slay d
: >$scratch/d.log
start d
check 'or takes them over' until_true 30 started 1
equal 'with the setting on' 1 "$(conntrack)"
stop d
equal 'to remove them at its end' 0 "$(rules)"
equal 'with the setting as it was' "$before" "$(conntrack)"
finish d
