#!/bin/bash
# What a director pair does, told as it happens. Each step waits for what it announces and says so if it does not come.
. "$(dirname "$(readlink -f "$0")")/topology.sh"
vip=10.9.0.200
began=$(now)
failed=0
tell() { printf '\n[%6s s] %s\n' "$(since "$began")" "$*"; }
show() { sed 's/^/           /'; }
# expect SECONDS TEXT COMMAND...: says how long it took.
expect() {
  local limit=$1 text=$2 from
  shift 2
  from=$(now)
  if until_true "$limit" "$@"; then
    tell "$text (after $(since "$from") s)"
  else
    tell "NOT within $limit s: $text"
    failed=1
  fi
}
curls() {
  printf '           curl http://%s/ eight times: ' $vip
  local n
  for ((n = 0; n < 8; n++)); do printf '%s ' "$(fetch client http://$vip/ || echo failed)"; done
  echo
}
ipvs() { inside "$1" ipvsadm -Ln | show; }

# conf STATE PRIORITY
conf() {
  cat <<CONF
global_defs {
    router_id $1
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
        $vip
    }
}
virtual_server $vip 80 {
    delay_loop 2
    lb_algo rr
    lb_kind DR
    protocol TCP
    real_server 10.9.0.11 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 3
            retry 1
            delay_before_retry 1
        }
    }
    real_server 10.9.0.12 80 {
        weight 1
        HTTP_GET {
            url {
                path /health
                status_code 200
            }
            connect_timeout 3
            retry 1
            delay_before_retry 1
        }
    }
}
CONF
}

tell 'A switch, a client, two directors (d1, d2) and two real servers (r1, r2), each a network namespace.'
host client 100
host d1 1
host d2 2
real_server r1 11 $vip
real_server r2 12 $vip
conf MASTER 100 >$scratch/d1.conf
conf BACKUP 50 >$scratch/d2.conf
tell "Both directors start: one VRRP instance for $vip, one virtual server with direct routing and health checks."
echo "           $DAEMON -n -l -D -f d1.conf"
start d1
start d2
expect 30 "d1 is master and holds $vip" holds d1 $vip
expect 10 'both directors have programmed IPVS' eval 'destinations d1 2 && destinations d2 2'
grep -h 'STATE' $scratch/d1.log $scratch/d2.log | show
tell 'The IPVS table of d1 (ipvsadm -Ln):'
ipvs d1
curls

tell 'r2 dies: its web server is killed.'
stop_web r2
expect 30 'the checker has taken r2 out of the pool' destinations d1 1
ipvs d1
curls
tell 'What d1 says of itself (evenkeel status):'
"$(dirname "$DAEMON")/evenkeel" status "$scratch/d1.pid" | show
tell 'r2 is started again.'
web r2
expect 30 'r2 is back in the pool' eval 'destinations d1 2 && destinations d2 2'
curls

tell 'd1 dies: every process of its daemon is killed with SIGKILL, its link goes down.'
ip link set sw-d1 down
slay d1
expect 8 "d2 has taken $vip over" holds d2 $vip
grep -h 'STATE' $scratch/d2.log | tail -1 | show
curls
tell 'd1 is repaired and starts again.'
ip link set sw-d1 up
ip -n d1 addr flush dev eth0
ip -n d1 addr add 10.9.0.1/24 dev eth0
inside d1 ipvsadm -C
start d1
expect 30 'd1 has the higher priority and is master again' eval "holds d1 $vip && lacks d2 $vip"
expect 10 'its IPVS table is programmed' destinations d1 2
curls
tell 'd1 is stopped in order: it advertises priority 0, so that d2 need not wait.'
kill -TERM "${daemon_pid[d1]}"
expect 5 "d2 has $vip" holds d2 $vip
curls
stop d2
wait "${daemon_pid[d1]}"
[ -z "$(table d1)$(table d2)" ] && lacks d1 $vip && lacks d2 $vip && tell 'Both have stopped; no address and no IPVS entry is left.'
if [ $failed = 0 ]; then tell 'All of it happened as it should.'; else tell 'Something did not happen; see above.'; fi
exit $failed
