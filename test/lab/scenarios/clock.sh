#!/bin/bash
# Somebody sets the clock, forward and back, and processes are stopped for a while: adverts and checks go on as before.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
address=10.9.0.200
host d1 1
host d2 2
real_server r1 11 $address
real_server r2 12 $address

# conf PRIORITY
conf() {
  cat <<CONF
vrrp_instance VI_1 {
    version 3
    interface eth0
    virtual_router_id 51
    priority $1
    advert_int 0.5
    virtual_ipaddress {
        $address
    }
}
virtual_server $address 80 {
    delay_loop 1
    lb_algo rr
    lb_kind DR
    protocol TCP
    real_server 10.9.0.11 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 2
        }
    }
    real_server 10.9.0.12 80 {
        weight 1
        HTTP_GET {
            url {
                path /health
                status_code 200
            }
            connect_timeout 2
            retry 1
            delay_before_retry 1
        }
    }
}
CONF
}
# adverts SECONDS: how many the second host hears in that time, which passes whatever the clock says.
adverts() {
  timeout -s INT "$1" ip netns exec d2 tcpdump -pni eth0 -l vrrp 2>/dev/null | grep -c .
}
on_time() { [ "$1" -ge 6 ] && [ "$1" -le 10 ]; }
served() { table d1 | grep -q -- "-r 10.9.0.12:80"; }
entered() { grep -hc 'Entering' $scratch/d1.log $scratch/d2.log | paste -sd' '; }

conf 150 >$scratch/d1.conf
conf 100 >$scratch/d2.conf
start d1
check 'the first host is master' until_true 30 holds d1 $address
start d2
until_true 30 eval 'destinations d1 2 && destinations d2 2 && grep -q "Entering BACKUP" $scratch/d2.log'
sleep 2
before=$(entered)
for step in '+1 hour' '-3 hours'; do
  date -s "$step" >/dev/null
  heard=$(adverts 4)
  check "adverts go on after a step of the clock by $step ($heard in 4 s)" on_time "$heard"
  touch $scratch/r2.sick
  check 'a sick server leaves' until_true 10 eval '! served'
  rm $scratch/r2.sick
  check 'and comes back' until_true 10 served
done
equal 'nobody has changed state' "$before" "$(entered)"

checker=$(cat $scratch/d1.checkers.pid)
kill -STOP "$checker"
touch $scratch/r2.sick
heard=$(adverts 4)
check "a stopped checker process delays no advert ($heard in 4 s)" on_time "$heard"
kill -CONT "$checker"
check 'and goes on where it was' until_true 10 eval '! served'
rm $scratch/r2.sick
check 'as the same process' [ "$(cat $scratch/d1.checkers.pid)" = "$checker" ]

kill -STOP "$(cat $scratch/d1.vrrp.pid)"
check 'a stopped VRRP process lets the other host take over' until_true 10 holds d2 $address
kill -CONT "$(cat $scratch/d1.vrrp.pid)"
check 'and takes its address back' until_true 10 eval 'holds d1 $address && lacks d2 $address'

pids=$(cat $scratch/d1.vrrp.pid $scratch/d1.checkers.pid)
kill -KILL "${daemon_pid[d1]}"
wait "${daemon_pid[d1]}" 2>/dev/null
check 'the children of a killed parent end' until_true 10 eval '! kill -0 '"${pids//$'\n'/ }"' 2>/dev/null'
equal 'with table and address' '' "$(table d1)$(ip -n d1 -o -4 addr show dev eth0 | grep "$address")"
check 'and the other host serves' until_true 5 holds d2 $address
stop d2
equal 'until it ends, too' '' "$(table d2)"
finish d1 d2
