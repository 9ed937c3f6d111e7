#!/bin/bash
# Groups across a reload, ha_suspend, and what IPVS has beside its table: timeouts and the synchronisation daemon.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
host d 1
host r1 11
web r1

cat >$scratch/d.conf <<CONF
global_defs {
    lvs_timeouts tcp 800 udp 200
    lvs_sync_daemon eth0 id 5 ttl 3
    lvs_notify_fifo $scratch/fifo
}
virtual_server_group web {
    10.9.1.1-2 80
    10.9.2.0/31 81
    fwmark 7
}
virtual_server group web {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    real_server 10.9.0.11 80 {
    }
}
virtual_server 10.9.1.9 80 {
    delay_loop 1
    lb_algo rr
    lb_kind NAT
    protocol TCP
    ha_suspend
    real_server 10.9.0.11 81 {
        TCP_CHECK {
            warmup 0
            retry 0
        }
    }
}
CONF
start d
until_true 40 eval '[ -n "$(table d)" ]'
services() { table d | grep -c '^-A'; }
timeouts() { inside d ipvsadm -L --timeout; }
equal 'every member of a group is a service' 6 "$(services)"
equal 'timeouts are set, the one left out stays' 'Timeout (tcp tcpfin udp): 800 120 200' "$(timeouts)"
equal 'without an instance both halves of the synchronisation daemon run' \
  'backup sync daemon (mcast=eth0, syncid=5, maxlen=1472, group=224.0.0.81, port=8848, ttl=3)
master sync daemon (mcast=eth0, syncid=5, maxlen=1472, group=224.0.0.81, port=8848, ttl=3)' \
  "$(inside d ipvsadm -L --daemon | sort)"
sleep 3
check 'an unchecked server stays while the address is elsewhere' grep -q 10.9.0.11:81 <(table d)
ip -n d addr add 10.9.1.9/32 dev lo
check 'with the address the checks begin' until_true 10 eval '! table d | grep -q 10.9.0.11:81'
ip -n d addr del 10.9.1.9/32 dev lo
check 'without it they are suspended' until_true 5 grep -q 'Suspending healthchecker' $scratch/d.log

sed -i 's/10.9.1.1-2 80/10.9.1.2-4 80/; s/fwmark 7/fwmark 8/; s/ udp 200//' $scratch/d.conf
kill -HUP "${daemon_pid[d]}"
check 'a reload brings the new members' until_true 20 eval 'table d | grep -q "f 8 -r 10.9.0.11"'
equal 'and takes the old ones' 7 "$(services)"
check 'which the log names' grep -q 'VS \[\[10.9.1.1\]:tcp:80-10.9.1.2\] in group web no longer exists' $scratch/d.log
equal 'a timeout that is taken away is as it was' 'Timeout (tcp tcpfin udp): 800 120 300' "$(timeouts)"
stop d
equal 'nothing is left' '' "$(table d)"
equal 'timeouts are as they were' 'Timeout (tcp tcpfin udp): 900 120 300' "$(timeouts)"
equal 'no synchronisation daemon is left' '' "$(inside d ipvsadm -L --daemon)"

cat >$scratch/d.conf <<CONF
global_defs {
    lvs_restore_services
    lvs_sync_daemon eth0 inst VI
}
vrrp_instance VI {
    interface eth0
    virtual_router_id 7
    priority 100
    virtual_ipaddress {
        10.9.1.9/24
    }
}
virtual_server 10.9.1.9 80 {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    real_server 10.9.0.11 80 {
        weight 3
    }
    real_server 10.9.0.12 80 {
    }
}
CONF
start d
sync_daemon() { inside d ipvsadm -L --daemon | sed 's/ sync daemon.*syncid=\([0-9]*\),.*/ \1/'; }
check 'a backup listens' until_true 20 eval '[ "$(sync_daemon)" = "backup 7" ]'
check 'a master sends' until_true 10 eval '[ "$(sync_daemon)" = "master 7" ]'
until_true 20 destinations d 2
wanted=$(table d)
inside d ipvsadm -C
check 'a table that somebody empties comes back' until_true 10 eval '[ "$(table d)" = "$wanted" ]'
inside d ipvsadm -A -t 10.9.1.10:80 -s rr
inside d ipvsadm -e -t 10.9.1.9:80 -r 10.9.0.11:80 -m -w 9
inside d ipvsadm -d -t 10.9.1.9:80 -r 10.9.0.12:80
check 'so do a weight and a server' until_true 10 eval '[ "$(table d | grep -F 10.9.1.9:80 | sort)" = "$(sort <<<"$wanted")" ]'
check 'what is not ours stays' grep -qF 10.9.1.10:80 <(table d)
check 'each time is counted' until_true 5 grep -q 'put right by 2 command(s), 5 so far' $scratch/d.log
ip -n d link set eth0 down
check 'a router at fault listens' until_true 10 eval '[ "$(sync_daemon)" = "backup 7" ]'
ip -n d link set eth0 up
stop d
equal 'what is not ours outlives us' '-A -t 10.9.1.10:80 -s rr' "$(table d)"

host other 2
cat >$scratch/d.conf <<CONF
net_namespace_ipvs other
global_defs {
    lvs_restore_services
}
virtual_server 10.9.1.9 80 {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    real_server 10.9.0.11 80 {
    }
}
CONF
start d
check 'IPVS may be in another network namespace' until_true 20 destinations other 1
inside other ipvsadm -C
check 'and is guarded there' until_true 10 destinations other 1
stop d
equal 'until the end' '' "$(table other)"
finish d
