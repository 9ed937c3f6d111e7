#!/bin/bash
# Virtual servers over their life: what the kernel holds and what FIFO readers see at start, when servers fail and come
# back, at reloads and at the end. Expected texts are what keepalived gives.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
host d 1
host r1 11
web r1

# checked ADDRESS PORT [LINE]: a real server with a quick TCP_CHECK.
checked() {
  cat <<CONF
    real_server $1 $2 {
        ${3-}
        TCP_CHECK {
            connect_timeout 2
        }
    }
CONF
}
# service LAST-OCTET LINES SERVERS
service() {
  cat <<CONF
virtual_server 10.9.1.$1 80 {
    delay_loop 1
    delay_before_retry 1
    warmup 0
    lb_algo wrr
    lb_kind NAT
    protocol TCP
$2
$3
}
CONF
}
global() { printf 'global_defs {\n    lvs_notify_fifo %s\n}\n' "$scratch/fifo"; }
sorry='    sorry_server 10.9.0.99 99'
first_conf() {
  global
  service 1 "$sorry" "$(checked 10.9.0.11 80 'weight 2')$(checked 10.9.0.11 81)"
  service 2 '    omega' "$(checked 10.9.0.11 80)$(checked 10.9.0.11 81 inhibit_on_failure)"
}
# The second service's quorum is above its weight and is put right; a server that fails leaves, others come.
second_conf() {
  global
  service 1 "$sorry" "$(checked 10.9.0.11 80 'weight 5')$(checked 10.9.0.11 82)"
  service 2 $'    omega\n    quorum 9' "$(checked 10.9.0.11 80)"
}
# said: the FIFO lines since the last call, without their NULs.
said() {
  tr -d '\0' <$scratch/lines
  : >$scratch/lines
}
# settles TABLE: the kernel holds it, in any order, within fifteen seconds.
settles() {
  expected=$(sort <<<"$1")
  until_true 15 eval '[ "$(table d | sort)" = "$expected" ]' && return
  table d | sed 's/^/# /'
  return 1
}
lines() { printf '%s\n' "$@"; }
one='-A -t 10.9.1.1:80 -s wrr' two='-A -t 10.9.1.2:80 -s wrr'
real() { echo "-a -t 10.9.1.$1:80 -r 10.9.0.$2 -m -w $3"; }
rs() { echo "RS [10.9.0.11]:tcp:$2 [10.9.1.$1]:tcp:80 $3"; }
vs() { echo "VS [10.9.1.$1]:tcp:80 $2"; }

mkfifo $scratch/fifo
: >$scratch/lines
# Open for both, so that the reader neither waits for a writer nor sees an end.
python3 -S -c '
import os, sys
fifo = os.open(sys.argv[1], os.O_RDWR)
lines = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND)
while True: os.write(lines, os.read(fifo, 65536))' $scratch/fifo $scratch/lines &
reader=$!

inside d ipvsadm -A -t 10.77.0.1:80 -s rr
foreign='-A -t 10.77.0.1:80 -s rr'
first_conf >$scratch/d.conf
start d
check 'servers that refuse are out after one failure, an inhibited one stays at weight 0' settles \
  "$(lines "$foreign" "$one" "$(real 1 11:80 2)" "$two" "$(real 2 11:80 1)" "$(real 2 11:81 0)")"
equal 'every FIFO line has its NUL' "$(wc -l <$scratch/lines)" "$(tr -cd '\0' <$scratch/lines | wc -c)"
equal 'FIFO lines of the start' \
  "$(lines "$(vs 1 UP)" "$(vs 2 UP)" "$(rs 1 81 DOWN)" "$(rs 2 81 DOWN)" | sort)" "$(said | sort)"

stop_web r1
check 'the sorry server stands in; without one the service is empty' settles \
  "$(lines "$foreign" "$one" "$(real 1 99:99 1)" "$two" "$(real 2 11:81 0)")"
equal 'FIFO lines of the failure' "$(lines "$(rs 1 80 DOWN)" "$(vs 1 DOWN)" "$(rs 2 80 DOWN)" "$(vs 2 DOWN)" | sort)" \
  "$(said | sort)"
kill -HUP "${daemon_pid[d]}"
until_true 3 false
equal 'a reload without a difference says nothing' '' "$(said)"

web r1
check 'the server comes back and the sorry server leaves' settles \
  "$(lines "$foreign" "$one" "$(real 1 11:80 2)" "$two" "$(real 2 11:80 1)" "$(real 2 11:81 0)")"
said >/dev/null

second_conf >$scratch/d.conf
kill -HUP "${daemon_pid[d]}"
check 'a reload changes weights, removes and adds; a value that was put right does not stop it' settles \
  "$(lines "$foreign" "$one" "$(real 1 11:80 5)" "$two" "$(real 2 11:80 1)")"
until_true 1 false
equal 'the server that joined and never answered says so' "$(rs 1 82 DOWN)" "$(said)"
check 'after all its retries' grep -q 'TCP_CHECK on service \[10.9.0.11\]:tcp:82 failed after 1 retries' $scratch/d.log
check 'a server that had left is not removed again' \
  [ "$(grep -c 'Removing service \[10.9.0.11\]:tcp:81 from VS \[10.9.1.1\]' $scratch/d.log)" = 1 ]

inside d ipvsadm -D -t 10.9.1.2:80
stop_web r1
check 'a service that somebody removed does not come back' settles "$(lines "$foreign" "$one" "$(real 1 99:99 1)")"
until_true 5 grep -q 'Removing service \[10.9.0.11\]:tcp:80 from VS \[10.9.1.2\]' $scratch/d.log
until_true 1 false
said >/dev/null
web r1
check 'its server is refused' until_true 15 grep -q 'ADDDEST.*(10.9.1.2:tcp:80 -> 10.9.0.11:80)' $scratch/d.log
check 'others are not' settles "$(lines "$foreign" "$one" "$(real 1 11:80 5)")"
until_true 1 false
equal 'nobody is told that it is up' "$(lines "$(rs 1 80 UP)" "$(vs 1 UP)")" "$(said)"
inside d ipvsadm -A -t 10.9.1.2:80 -s wrr
check 'it is taken once the service is there' settles \
  "$(lines "$foreign" "$one" "$(real 1 11:80 5)" "$two" "$(real 2 11:80 1)")"
until_true 1 false
equal 'and that is told' "$(lines "$(rs 2 80 UP)" "$(vs 2 UP)")" "$(said)"

stop d
equal 'the exit status after SIGTERM is 0' 0 $?
equal 'what another program put into the kernel is left' "$foreign" "$(table d)"
until_true 1 false
equal 'omega says goodbye' "$(lines "$(rs 2 80 DOWN)" "$(vs 2 DOWN)")" "$(said)"
kill "$reader"
finish d
