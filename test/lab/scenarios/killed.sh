#!/bin/bash
# A checker process killed in whatever it does: the table stays and traffic goes on, and the next one takes it over.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
host client 100
host d 1
address=10.9.0.200
real_server r1 11 $address
real_server r2 12 $address
ip -n d addr add $address/32 dev eth0
# Accepts and never answers, so that there is always a check under way.
ip netns exec r2 python3 -S -c 'import socket, time
server = socket.create_server(("", 81)); time.sleep(999)' &

# conf WEIGHT SERVICES: that many more services make a start and a reload last.
conf() {
  local n
  cat <<CONF
virtual_server $address 80 {
    delay_loop 1
    lb_algo rr
    lb_kind DR
    protocol TCP
    real_server 10.9.0.11 80 {
        weight $1
        TCP_CHECK {
            connect_timeout 2
        }
    }
    real_server 10.9.0.12 80 {
        weight $1
        HTTP_GET {
            url {
                path /health
                status_code 200
            }
            retry 1
            delay_before_retry 1
        }
    }
}
CONF
  for ((n = 1; n <= $2; n++)); do
    cat <<CONF
virtual_server 10.9.1.$n 80 {
    delay_loop 1
    lb_algo rr
    lb_kind NAT
    protocol TCP
    real_server 10.9.0.12 81 {
        weight $1
        HTTP_GET {
            url {
                path /
            }
            connect_timeout 9
        }
    }
    real_server 10.9.0.11 80 {
        weight $1
    }
}
CONF
  done
}
# traffic: tries all the time, and notes what fails.
traffic() {
  while :; do
    fetch client http://$address/ >$scratch/answer || echo failed
    sleep 0.05
  done >$scratch/failed
}
checker() { cat $scratch/d.checkers.pid 2>/dev/null; }
# checker_other_than PID: another one runs.
checker_other_than() { [ -n "$(checker)" ] && [ "$(checker)" != "$1" ] && kill -0 "$(checker)" 2>/dev/null; }
weights() { table d | grep -c -- "-w $1\$"; }
count=20
conf 1 $count >$scratch/d.conf
start d
check 'all is programmed' until_true 60 destinations d $((2 * count + 2))
traffic &
traffic=$!

old=$(checker)
kill -KILL "$old"
check 'killed while it checks, there is a next one' until_true 20 checker_other_than "$old"
for delay in 0 0.5; do
  old=$(checker)
  sleep $delay
  kill -KILL "$old"
  : >$scratch/d.log
  check "killed $delay s after its start, there is a next one" until_true 20 checker_other_than "$old"
done
check 'that takes the table over' until_true 20 grep -q 'Initializing ipvs' $scratch/d.log

# The longer it ran the sooner it is started again, so this is another daemon.
slay d
: >$scratch/d.log
start d
until_true 60 grep -q 'Initializing ipvs' $scratch/d.log
weight=1
for delay in 0 0.2 0.6; do
  weight=$((weight + 1))
  conf $weight $count >$scratch/d.conf
  old=$(checker)
  kill -HUP "${daemon_pid[d]}"
  sleep $delay
  kill -KILL "$old"
  check "killed $delay s after SIGHUP, the next one has the new weights" \
    until_true 30 eval "[ \"\$(weights $weight)\" = $((2 * count + 2)) ]"
  until_true 10 checker_other_than "$old"
done
check 'all is as configured' destinations d $((2 * count + 2))
kill $traffic
wait $traffic 2>/dev/null
equal 'no request failed in all this' '' "$(cat $scratch/failed)"
touch $scratch/r2.sick
check 'the last one checks' until_true 20 eval '! table d | grep -q -- "-t $address:80 -r 10.9.0.12:80"'
rm $scratch/r2.sick

for delay in 0 0.05; do
  old=$(checker)
  kill -TERM "${daemon_pid[d]}"
  sleep $delay
  kill -KILL "$old" 2>/dev/null
  began=$(now)
  wait "${daemon_pid[d]}"
  status=$?
  equal "killed $delay s after SIGTERM, the daemon ends with status 0" 0 $status
  check 'and at once' test "$(since "$began" | cut -d. -f1)" -lt 5
  check 'without pid files' eval '! ls $scratch/d.pid $scratch/d.checkers.pid 2>/dev/null'
  inside d ipvsadm -C
  start d
  check 'another starts' until_true 60 destinations d $((2 * count + 2))
done
stop d
equal 'and ends' 0 $?
equal 'leaving nothing' '' "$(table d)"

# Nobody listens at port 82; the first check of the next process is late, that of the other server too.
inhibiting() {
  cat <<CONF
virtual_server $address 80 {
    delay_loop 1
    warmup 0
    lb_kind DR
    protocol TCP
    inhibit_on_failure
    real_server 10.9.0.11 80 {
        weight 3
        TCP_CHECK {
        }
    }
    real_server 10.9.0.12 80 {
        weight 3
        TCP_CHECK {
            connect_port 82
        }
    }
}
CONF
}
inhibiting >$scratch/d.conf
start d
is_inhibited() { [ "$(table d | grep -c -- "-r 10.9.0.12:80 .*-w 0\$")" = 1 ]; }
check 'a dead server stays at weight 0' until_true 20 is_inhibited
old=$(checker)
: >$scratch/d.log
kill -KILL "$old"
until_true 20 checker_other_than "$old"
while ! grep -q '10.9.0.12.*failed' $scratch/d.log; do
  is_inhibited || echo weighed
  sleep 0.1
done >$scratch/weighed
equal 'and so it does until the next process has checked it' '' "$(cat $scratch/weighed)"
check 'and after' is_inhibited
stop d
finish d
