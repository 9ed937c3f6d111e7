#!/bin/bash
# Connections outlive the director that began them: the synchronisation daemon of IPVS follows the VRRP instance, and
# what the master knows of connections the backup knows too. A reload that ties the daemon to the instance, or unties it,
# moves it from one process to the other, whichever of them is first.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
address=10.9.0.200
host client 100
host d1 1
host d2 2
octet=11
for name in r1 r2 r3; do
  real_server $name $octet $address
  octet=$((octet + 1))
done
inside d1 sysctl -qw net.ipv4.conf.all.arp_announce=2
inside d2 sysctl -qw net.ipv4.conf.all.arp_announce=2

# conf PRIORITY
conf() {
  cat <<CONF
global_defs {
    lvs_sync_daemon eth0 inst VI_1 id 7
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    priority $1
    advert_int 0.5
    version 3
    virtual_ipaddress {
        $address
    }
}
virtual_server $address 80 {
    lb_algo rr
    lb_kind DR
    protocol TCP
    real_server 10.9.0.11 80 {
    }
    real_server 10.9.0.12 80 {
    }
    real_server 10.9.0.13 80 {
    }
}
CONF
}
conf 200 >$scratch/d1.conf
conf 100 >$scratch/d2.conf
half() { inside "$1" ipvsadm -L --daemon | cut -d' ' -f1 | tr '\n' ' '; }
known() { inside "$1" ipvsadm -Lnc | awk '/ESTABLISHED.*:80$/' | wc -l; }
# begin NUMBER: a request in pieces, the last of which waits for the file `end`.
begin() {
  ip netns exec client python3 -S -c "import os, socket, time
client = socket.create_connection(('$address', 80), timeout=20)
for part in (b'GET /', b'peer', b' HTTP/1.0', b'\r\n', b'A: b', b'\r\n'):
    client.sendall(part)
    time.sleep(0.1)
open('$scratch/begun$1', 'w').close()
while not os.path.exists('$scratch/end'):
    time.sleep(0.1)
try:
    client.sendall(b'\r\n')
    print(client.recv(999).decode().splitlines()[0])
except OSError as error:
    print(error)" >"$scratch/client$1" &
}

start d1
check 'the first is master and sends' until_true 40 eval 'holds d1 $address && [ "$(half d1)" = "master " ]'
start d2
check 'the second listens' until_true 40 eval 'destinations d2 3 && [ "$(half d2)" = "backup " ]'
for n in 1 2 3 4; do begin $n; done
check 'four connections are begun' until_true 20 eval 'ls $scratch/begun4 $scratch/begun3 $scratch/begun2 $scratch/begun1'
check 'the second knows them' until_true 10 eval '[ "$(known d2)" = 4 ]'
kill -KILL "$(cat $scratch/d2.checkers.pid)"
until_true 2 false
equal 'also after its checker process was killed' 4 "$(known d2)"
slay d1
ip link set sw-d1 down
check 'the master is killed, the second takes over and sends' \
  until_true 20 eval 'holds d2 $address && [ "$(half d2)" = "master " ]'
touch $scratch/end
check 'all connections end' until_true 20 eval '[ "$(cat $scratch/client? | wc -l)" = 4 ]'
equal 'as if nothing had happened' 'HTTP/1.1 200 OK' "$(cat $scratch/client? | sort -u)"
stop d2
equal 'nothing is left of the daemon' '' "$(half d2)"

syncs() { inside d2 ipvsadm -L --daemon | sed -n 's/ sync daemon.*syncid=\([0-9]*\).*/ \1/p' | tr '\n' ' '; }
sync_is() { [ "$(syncs)" = "$1" ]; }
reload_to() {
  conf 100 | sed "s/inst VI_1 id 7/$1/" >$scratch/d2.conf
  kill -HUP "$(cat $scratch/d2.pid)"
}
moves() {
  conf 100 >$scratch/d2.conf
  start d2
  until_true 20 eval 'holds d2 $address && [ -n "$(syncs)" ]'
  syncs
  for how in 'id 8' 'inst VI_1 id 9' 'id 10' 'inst VI_1 id 11'; do
    reload_to "$how"
    until_true 4 false
    syncs
  done
}
tested=$DAEMON
DAEMON=${REFERENCE:-keepalived}
moves >$scratch/expected
stop d2
DAEMON=$tested
moves >$scratch/actual
equal 'tied, untied and tied again by reloads, it runs as with keepalived' "$(<$scratch/expected)" "$(<$scratch/actual)"

# late PROCESS SETTINGS EXPECTED: a reload that PROCESS comes to after the other.
late() {
  kill -STOP "$(cat "$scratch/d2.$1.pid")"
  reload_to "$2"
  until_true 2 false
  kill -CONT "$(cat "$scratch/d2.$1.pid")"
  until_true 2 false
  check "whoever had it may be late: $2" until_true 10 sync_is "$3"
}
late vrrp 'id 12' 'master 12 backup 12 '
late checkers 'inst VI_1 id 13' 'master 13 '
stop d2
equal 'nothing is left of it' '' "$(syncs)"
finish d1 d2
