#!/bin/bash
# Two directors with VRRP and IPVS on one switch: who serves, and how service moves when the master is stopped, killed
# or cut off. DR for the client on the link, NAT for the one behind it.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
dr=10.9.0.200 nat=10.7.0.200 inner=10.9.0.250
host client 100
off_link_client far 101 10.7.0.200
host d1 1
host d2 2
for name in d1 d2; do
  inside $name sysctl -qw net.ipv4.conf.all.arp_announce=2
done
octet=11
for name in r1 r2; do
  real_server $name $octet $dr
  ip -n $name route add 10.7.0.0/24 via $inner
  octet=$((octet + 1))
done

# conf STATE PRIORITY
conf() {
  cat <<CONF
global_defs {
    router_id LAB
}
vrrp_instance VI_1 {
    state $1
    interface eth0
    virtual_router_id 51
    priority $2
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    virtual_ipaddress {
        $dr
        $inner
        $nat/24
    }
}
CONF
  local service kind
  for service in "$dr DR" "$nat NAT"; do
    kind=${service#* }
    cat <<CONF
virtual_server ${service% *} 80 {
    delay_loop 6
    lb_algo rr
    lb_kind $kind
    protocol TCP
    real_server 10.9.0.11 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 3
            retry 3
            delay_before_retry 3
        }
    }
    real_server 10.9.0.12 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 3
            retry 3
            delay_before_retry 3
        }
    }
}
CONF
  done
}
conf MASTER 100 >$scratch/d1.conf
conf BACKUP 50 >$scratch/d2.conf

# The client's ARP cache says which director its packets go to.
client_goes_to() { ip -n client neigh show $dr | grep -q "02:00:00:00:09:0$1"; }
# serves DIRECTOR-NUMBER OTHER: it holds all addresses, traffic flows, through it.
serves() {
  check "$2: all three addresses are on d$1" all_on "d$1"
  equal "$2: DR alternates" '2 r1 2 r2' "$(tally client http://$dr/ 4)"
  equal "$2: NAT alternates" '2 r1 2 r2' "$(tally far http://$nat/ 4)"
  check "$2: the client's packets go to d$1" until_true 2 client_goes_to "$1"
}
all_on() { holds "$1" $dr && holds "$1" $inner && holds "$1" $nat; }
none_on() { lacks "$1" $dr && lacks "$1" $inner && lacks "$1" $nat; }
# moved TEXT BEGAN SECONDS TO: waits for the addresses and prints the time.
moved() {
  check "$1" until_true "$3" all_on "$4"
  echo "# $1: $(since "$2") s"
}

start d1
start d2
check 'd1 becomes master' until_true 40 all_on d1
check 'both directors program both services' until_true 40 eval 'destinations d1 4 && destinations d2 4'
serves 1 'after the election'
check 'd2 holds no address' none_on d2

kill -TERM "${daemon_pid[d1]}"
began=$(now)
moved 'SIGTERM to the master moves the addresses' "$began" 5 d2
wait "${daemon_pid[d1]}"
equal 'the stopped master exits with 0' 0 $?
check 'the stopped master has no address' none_on d1
equal 'the stopped master has no service' '' "$(table d1)"
serves 2 'after SIGTERM'

start d1
check 'the first comes back and preempts' until_true 40 eval 'all_on d1 && none_on d2'
check 'it has its services again' until_true 15 destinations d1 4
serves 1 'after preemption'

slay d1
began=$(now)
moved 'SIGKILL of the master moves the addresses' "$began" 8 d2
check 'after SIGKILL: gratuitous ARP turns the client' until_true 2 client_goes_to 2
# The dead one's leftovers are taken away, as a reboot of its machine would.
ip -n d1 addr flush dev eth0
ip -n d1 addr add 10.9.0.1/24 dev eth0
inside d1 ipvsadm -C
serves 2 'after SIGKILL'
start d1
check 'the first comes back and preempts again' until_true 40 eval 'all_on d1 && none_on d2'
check 'it has its services again' until_true 15 destinations d1 4

began=$(now)
ip link set sw-d1 down
moved 'cutting the link of the master moves the addresses' "$began" 8 d2
check 'the cut-off master gives its addresses up' until_true 3 none_on d1
serves 2 'after the cut'
began=$(now)
ip link set sw-d1 up
moved 'with its link the first takes over again' "$began" 12 d1
check 'd2 gives the addresses up' until_true 3 none_on d2
serves 1 'after the link came back'

began=$(now)
stop d2
stop d1
echo "# both stopped: $(since "$began") s"
check 'no address is left' eval 'none_on d1 && none_on d2'
equal 'no service is left' '' "$(table d1)$(table d2)"
finish d1 d2
