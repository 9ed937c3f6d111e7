#!/bin/bash
# In the lab kernel: the share of a processor that the checker process of $DAEMON takes for LAB_CHECKS TCP_CHECKs every
# 3 s and for LAB_PAGES HTTP_GETs every second, and its memory. Prints "NAME CORES RSS-KIB".
. "$(dirname "$(readlink -f "$0")")/../lab/topology.sh"
checks=${LAB_CHECKS:-2000} pages=${LAB_PAGES:-1000} seconds=${LAB_SECONDS:-12}
sysctl -qw net.core.somaxconn=4096 net.ipv4.ip_local_port_range='10000 65000'
python3 -S "$lab/../bench/answering.py" 8080 &
answering=$!
until_true 10 bash -c '</dev/tcp/127.0.0.1/8080'

# conf COUNT INTERVAL CHECK
conf() {
  local n
  for ((n = 0; n < $1; n++)); do
    ((n % 2)) || printf 'virtual_server 10.50.%d.%d 80 {\n    delay_loop %s\n    lb_algo rr\n    lb_kind NAT\n' $((n / 250)) $((n % 250 + 1)) "$2"
    printf '    real_server 127.1.%d.%d 8080 {\n        %s\n    }\n' $((n / 250)) $((n % 250 + 1)) "$3"
    ((n % 2)) && echo '}'
  done
}
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
# measure NAME
measure() {
  local pid before
  $DAEMON -n -l -D -C -f $scratch/d.conf -p $scratch/d.pid -c $scratch/c.pid >$scratch/log 2>&1 &
  daemon=$!
  until_true 30 grep -q 'Gained quorum' $scratch/log
  sleep 8
  pid=$(cat $scratch/c.pid)
  before=$(ticks "$pid")
  sleep "$seconds"
  awk -v name="$1" -v ticks=$(($(ticks "$pid") - before)) -v hertz="$(getconf CLK_TCK)" -v seconds="$seconds" \
    '/^VmRSS/ { print name, ticks / hertz / seconds, $2 }' "/proc/$pid/status"
  kill "$daemon"
  wait "$daemon"
}
conf "$checks" 3 'TCP_CHECK {
            connect_timeout 3
        }' >$scratch/d.conf
measure tcp
conf "$pages" 1 'HTTP_GET {
            url {
                path /
                status_code 200
            }
            connect_timeout 3
        }' >$scratch/d.conf
measure http
kill $answering
