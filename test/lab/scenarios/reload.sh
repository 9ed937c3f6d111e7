#!/bin/bash
# SIGHUP sends differences only, a bad file changes nothing, and a killed checker process comes back to a whole table.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
one=10.9.0.200 two=10.9.0.201
host client 100
host d 1
real_server r1 11 $one $two
real_server r2 12 $one $two

# conf WEIGHT-OF-R2: an instance whose only address is the first service's, and two services.
conf() {
  cat <<CONF
vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 255
    advert_int 1
    virtual_ipaddress {
        $one
        $two
    }
}
CONF
  local address weight=$1
  for address in $one $two; do
    cat <<CONF
virtual_server $address 80 {
    delay_loop 2
    lb_algo wrr
    lb_kind DR
    protocol TCP
    real_server 10.9.0.11 80 {
        weight 5
        TCP_CHECK {
            connect_timeout 3
        }
    }
    real_server 10.9.0.12 80 {
        weight $weight
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
CONF
    weight=5
  done
}
rules() {
  cat <<RULES
-A -t $one:80 -s wrr
-a -t $one:80 -r 10.9.0.11:80 -g -w 5
-a -t $one:80 -r 10.9.0.12:80 -g -w $1
-A -t $two:80 -s wrr
-a -t $two:80 -r 10.9.0.11:80 -g -w 5
-a -t $two:80 -r 10.9.0.12:80 -g -w 5
RULES
}
rules_are() { [ "$(table d | sort)" = "$(rules "$1" | sort)" ]; }
# Counters return to zero when a service or destination is taken away and added again.
connections() { inside d ipvsadm -Ln --stats | awk '/^TCP|->.*:80/ { print $1, $2, $3 }'; }
# watch_table FILE: every state the table is seen in, until killed.
watch_table() {
  local state last=
  while :; do
    state=$(table d | md5sum)
    [ "$state" = "$last" ] || echo "$state" >>"$1"
    last=$state
  done
}

conf 5 >$scratch/d.conf
start d
check 'services and addresses are set' until_true 40 eval 'rules_are 5 && holds d $one'
equal 'traffic flows' '2 r1 2 r2' "$(tally client http://$one/ 4)"
equal 'traffic flows on the second service' '2 r1 2 r2' "$(tally client http://$two/ 4)"
until_true 3 false
counted=$(connections)
parent=${daemon_pid[d]} vrrp=$(cat $scratch/d.vrrp.pid) checkers=$(cat $scratch/d.checkers.pid)

ip -n d monitor address >$scratch/addresses &
address_monitor=$!
watch_table $scratch/states &
watcher=$!
sleep 0.5
conf 9 >$scratch/d.conf
kill -HUP "$parent"
check 'SIGHUP with one other weight sets it' until_true 10 rules_are 9
until_true 2 false
equal 'no counter of any service or destination was lost' "$counted" "$(connections)"
equal 'the table had two states, before and after' 2 "$(wc -l <$scratch/states)"
equal 'no address was touched' '' "$(cat $scratch/addresses)"
equal 'the processes are the same' "$parent $vrrp $checkers" \
  "${daemon_pid[d]} $(cat $scratch/d.vrrp.pid) $(cat $scratch/d.checkers.pid)"

counted=$(connections)
kill -HUP "$parent"
until_true 3 false
equal 'SIGHUP without a difference loses no counter' "$counted" "$(connections)"
check 'and leaves the table' rules_are 9

if [ -n "${LAB_REFERENCE-}" ]; then
  skip 'a file with a stray brace leaves the table' 'keepalived applies what it can read'
  skip 'the log says why, with the line' 'keepalived applies what it can read'
  skip 'an unreadable file leaves the table' 'keepalived applies what it can read'
else
  { echo '}'; conf 7; } >$scratch/d.conf
  : >$scratch/d.log
  kill -HUP "$parent"
  until_true 3 false
  check 'a file with a stray brace leaves the table' rules_are 9
  check 'the log says why, with the line' grep -qE 'Line 1[^0-9]' $scratch/d.log
  rm $scratch/d.conf
  kill -HUP "$parent"
  until_true 3 false
  check 'a missing file leaves the table' rules_are 9
fi
conf 9 >$scratch/d.conf
equal 'no address was touched all along' '' "$(cat $scratch/addresses)"

kill "$watcher"
rm $scratch/states
watch_table $scratch/states &
watcher=$!
kill -KILL "$checkers"
back() { [ "$(cat $scratch/d.checkers.pid)" != "$checkers" ] && kill -0 "$(cat $scratch/d.checkers.pid)"; }
check 'a killed checker process is started again' until_true 10 back
until_true 3 false
check 'the table is as it was' rules_are 9
equal 'and was so all the time' 1 "$(wc -l <$scratch/states)"
equal 'the VRRP process lives on' "$vrrp" "$(cat $scratch/d.vrrp.pid)"
equal 'no address was touched by it' '' "$(cat $scratch/addresses)"
stop_web r2
check 'the new checker process checks' until_true 15 destinations d 2
kill "$watcher"
stop d
equal 'the exit status after SIGTERM is 0' 0 $?
check 'SIGTERM takes the addresses away' grep -q "Deleted.*$one" $scratch/addresses
kill "$address_monitor"
equal 'the table is empty after SIGTERM' '' "$(table d)"
finish d
