#!/bin/bash
# The IPVS table of $DAEMON beside that of $REFERENCE (keepalived) for every configuration in tables/, service by service.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
host d 1
host r1 11
web r1
tested=$DAEMON reference=${REFERENCE:-keepalived}

# settled FILE: waits until the table has not changed for two seconds and the daemon has run for $1 at least.
settled() {
  local least=$((SECONDS + $1)) last='' current=''
  until_true 40 eval '[ -n "$(table d)" ]'
  while current=$(table d | sort); [ "$current" != "$last" ] || ((SECONDS < least)); do
    last=$current
    sleep 2
  done
  echo "$current"
}
# program COMMAND CONFIGURATION: the settled table of that daemon, which is then stopped.
program() {
  DAEMON=$1
  cp "$2" $scratch/d.conf
  start d
  settled "$(sed -n 's/^# settles in \([0-9]*\) s.*/\1/p' "$2")"
  stop d
}
# service_of TABLE SERVICE: the lines of one service, with its destinations.
service_of() { grep -F -- "$2 " <<<"$1"; }

for file in "$lab"/tables/*.conf; do
  name=$(basename "$file" .conf)
  program "$reference" "$file" >$scratch/expected
  left_by_reference=$(table d)
  program "$tested" "$file" >$scratch/actual
  equal "$name: nothing is left after SIGTERM" "$left_by_reference" "$(table d)"
  expected=$(cat $scratch/expected) actual=$(cat $scratch/actual)
  check "$name: the reference programmed services" [ -n "$expected" ]
  while read -r _ kind address options; do
    equal "$name: $kind $address $options" "$(service_of "$expected" "$kind $address")" \
      "$(service_of "$actual" "$kind $address")"
  done < <(grep '^-A' <<<"$expected")
  equal "$name: no other service" "$(grep -c '^-A' <<<"$expected")" "$(grep -c '^-A' <<<"$actual")"
done

# A kernel without some schedulers and without a persistence engine, in the middle of more than a batch of commands.
modprobe ip_vs_rr
modprobe ip_vs_wlc
mount -t tmpfs tmpfs /lib/modules
service() {
  printf 'virtual_server 10.8.0.%s 80 {\n    lb_kind NAT\n    protocol TCP\n    %s\n' "$1" "$2"
  printf '    real_server 10.9.0.11 80 {\n    }\n    real_server 10.9.0.12 80 {\n        %s\n    }\n}\n' "${3-}"
}
echo '# settles in 4 s' >$scratch/many.conf
for ((n = 1; n <= 220; n++)); do
  case $n in
    3) service $n 'lb_algo sed' ;;
    100) service $n $'lb_algo rr\npersistence_engine sip\npersistence_timeout 30' ;;
    101) service $n 'lb_algo nq' ;;
    105) service $n 'lb_algo rr' $'uthreshold 5\nlthreshold 9' ;;
    210) service $n 'lb_algo wlc' ;;
    *) service $n 'lb_algo rr' ;;
  esac
done >>$scratch/many.conf
# refusals: what the kernel did not take, without the time.
refusals() { sed -n 's/.*\(IPVS cmd .*\)/\1/p' $scratch/d.log | sort; }
for each in reference tested; do
  : >$scratch/d.log
  program "${!each}" $scratch/many.conf >$scratch/$each
  # At its end the reference removes what never was there.
  refusals | grep -v DEL >$scratch/$each.refusals
done
equal 'what a kernel refuses is left out, all the rest is there' '' "$(diff $scratch/reference $scratch/tested)"
equal 'and is named' '' "$(diff $scratch/reference.refusals $scratch/tested.refusals)"
check 'some is refused' [ -s $scratch/tested.refusals ]
finish d
