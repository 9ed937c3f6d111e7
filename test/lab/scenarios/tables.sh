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
finish d
