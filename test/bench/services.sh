#!/bin/bash
# In the lab kernel: seconds from the start of $DAEMON until IPVS holds LAB_SERVICES services with two real servers each,
# LAB_ROUNDS times, from a reload with one weight changed until IPVS has it, from SIGTERM to the end, and the memory of its
# processes. Prints "start SECONDS", "reload SECONDS", "stop SECONDS", "memory NAME RSS-KIB PSS-KIB".
. "$(dirname "$(readlink -f "$0")")/../lab/topology.sh"
services=${LAB_SERVICES:-2000} rounds=${LAB_ROUNDS:-3}
host d 1
# Checks of the absent real servers find no neighbour and take their whole time: none fails while this runs.
ip -n d route add 172.16.0.0/12 dev eth0
{
  for ((n = 0; n < services; n++)); do
    printf 'virtual_server 10.50.%d.%d 80 {\n    delay_loop 600\n    lb_algo wrr\n    lb_kind NAT\n    protocol TCP\n' $((n / 250)) $((n % 250 + 1))
    for r in 1 2; do
      printf '    real_server 172.%d.%d.%d 8080 {\n        weight 1\n' $((20 + r)) $((n / 250)) $((n % 250 + 1))
      printf '        TCP_CHECK {\n            connect_timeout 3\n        }\n    }\n'
    done
    echo '}'
  done
} >$scratch/d.conf
# Both daemons go through the file in order.
last="10.50.$(((services - 1) / 250)).$(((services - 1) % 250 + 1)) 80"

# await QUESTION WANTED COMMAND...: runs the command, and waits until the table is as wanted. The seconds are in $took.
await() {
  local asking question=$1 wanted=$2 began
  shift 2
  exec {asking}< <(inside d timeout 60 python3 "$(dirname "$(readlink -f "$0")")/table.py" $last "$question" "$wanted")
  read -r -u "$asking" _ || exit 1
  began=$EPOCHREALTIME
  "$@"
  read -r -u "$asking" _ || { echo 'the table is not as wanted'; tail -5 $scratch/d.log; exit 1; }
  took=$(seconds "$began" "$EPOCHREALTIME")
  exec {asking}<&-
}
# seconds BEGIN END: a program that tells the time would take a tenth of a second there to start.
seconds() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b - a }'; }

# The line of the last real server's weight.
heavier=$(grep -n 'weight 1' $scratch/d.conf | tail -1 | cut -d: -f1)

for ((round = 0; round < rounds; round++)); do
  await servers 2 start d
  echo "start $took"
  [ "$(inside d ipvsadm -Sn | grep -c '^-a')" = $((2 * services)) ] || echo 'the table is not complete'
  # What a start leaves to be said and tidied up is no part of a reload.
  sleep 2
  if [ $round = 0 ]; then
    for file in $scratch/d.pid $scratch/d.checkers.pid; do
      pid=$(cat $file)
      echo "memory $(basename $file .pid) $(awk '/^VmRSS/ { print $2 }' /proc/$pid/status) \
$(awk '/^Pss:/ { sum += $2 } END { print sum + 0 }' /proc/$pid/smaps_rollup 2>/dev/null || echo 0)"
    done
  fi
  sed "$heavier s/weight 1/weight 7/" $scratch/d.conf >$scratch/changed.conf
  cp $scratch/d.conf $scratch/former.conf
  mv $scratch/changed.conf $scratch/d.conf
  await weight 7 kill -HUP "${daemon_pid[d]}"
  echo "reload $took"
  mv $scratch/former.conf $scratch/d.conf
  sleep 2
  began=$EPOCHREALTIME
  kill -TERM "${daemon_pid[d]}"
  wait "${daemon_pid[d]}"
  ended=$EPOCHREALTIME
  echo "stop $(seconds "$began" "$ended")"
  inside d ipvsadm -C
done
