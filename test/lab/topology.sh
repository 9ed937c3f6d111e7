# Sourced by the scenarios: hosts as network namespaces on one switch, small web servers, directors, and checks that
# print TAP. The switch is bridge br0 of the namespace the scenario starts in; addresses are 10.9.0.0/24.
set -u
scratch=/run/scratch
lab=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
: "${DAEMON:=keepalived}"

# host NAME OCTET: a namespace with eth0 = 10.9.0.OCTET/24 and a MAC address that ends in OCTET.
host() {
  [ -d /sys/class/net/br0 ] || { ip link add br0 type bridge; ip link set br0 up; }
  ip netns add "$1"
  ip link add "sw-$1" type veth peer name eth0 address "02:00:00:00:09:$(printf %02x "$2")" netns "$1"
  ip link set "sw-$1" master br0 up
  ip -n "$1" link set lo up
  inside "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
    net.ipv4.conf.eth0.rp_filter=0 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
  ip -n "$1" link set eth0 up
  ip -n "$1" addr add "10.9.0.$2/24" dev eth0
}

# In the background use `ip netns exec` itself: $! of a function is a shell, not the program.
inside() { ip netns exec "$@"; }

# real_server NAME OCTET [DR-ADDRESS [TUN-ADDRESS]]: a host that accepts the virtual addresses without answering ARP.
real_server() {
  host "$1" "$2"
  inside "$1" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
  [ -z "${3-}" ] || ip -n "$1" addr add "$3/32" dev lo
  if [ -n "${4-}" ]; then
    ip -n "$1" link set tunl0 up 2>/dev/null || ip -n "$1" tunnel add tunl0 mode ipip
    ip -n "$1" link set tunl0 up
    ip -n "$1" addr add "$4/32" dev tunl0
    inside "$1" sysctl -qw net.ipv4.conf.tunl0.rp_filter=0
  fi
  web "$1"
}

# web NAME: an HTTP server in NAME that answers its name; /health answers 503 while the file NAME.sick exists.
declare -A web_pid
web() {
  ip netns exec "$1" python3 -S "$lab/web.py" "$1" 80 "$scratch/$1.sick" >/dev/null 2>&1 &
  web_pid[$1]=$!
  until_true 10 inside "$1" bash -c '</dev/tcp/127.0.0.1/80' || echo "# the web server of $1 did not start"
}
stop_web() { kill "${web_pid[$1]}"; wait "${web_pid[$1]}" 2>/dev/null; }

# off_link_client NAME OCTET GATEWAY: a client in 10.7.0.0/24, whose answers must come back through the director (NAT).
off_link_client() {
  host "$1" "$2"
  ip -n "$1" addr flush dev eth0
  ip -n "$1" addr add "10.7.0.$2/24" dev eth0
  ip -n "$1" route add default via "$3"
}

fetch() { inside "$1" curl -s -m 3 --noproxy '*' "$2"; }
# tally CLIENT URL COUNT: who answered COUNT requests, as "2 r1 2 r2".
tally() {
  local n
  for ((n = 0; n < $3; n++)); do fetch "$1" "$2"; done | sort | uniq -c | awk '{ printf "%s%s %s", s, $1, $2; s = " " }'
}

# start DIRECTOR [OPTION...]: runs $DAEMON there with $scratch/DIRECTOR.conf; its log is $scratch/DIRECTOR.log.
declare -A daemon_pid
start() {
  local name=$1
  shift
  # shellcheck disable=SC2086
  ip netns exec "$name" $DAEMON -n -l -D -f "$scratch/$name.conf" -p "$scratch/$name.pid" -r "$scratch/$name.vrrp.pid" \
    -c "$scratch/$name.checkers.pid" "$@" >>"$scratch/$name.log" 2>&1 &
  daemon_pid[$name]=$!
}
# stop DIRECTOR: SIGTERM; its exit status is returned.
stop() {
  kill -TERM "${daemon_pid[$1]}"
  wait "${daemon_pid[$1]}"
}
# slay DIRECTOR: SIGKILL for every process of the daemon at once.
slay() {
  kill -KILL "${daemon_pid[$1]}" $(cat "$scratch/$1".*pid 2>/dev/null | sort -u) 2>/dev/null
  wait "${daemon_pid[$1]}" 2>/dev/null
  rm -f "$scratch/$1".*pid "$scratch/$1.pid"
}

table() { inside "$1" ipvsadm -Sn; }
# destinations DIRECTOR COUNT: it has that many real servers in all.
destinations() { [ "$(table "$1" | grep -c '^-a')" = "$2" ]; }
holds() { ip -n "$1" -o addr show dev eth0 | grep -q " $2/"; }
lacks() { ! holds "$1" "$2"; }

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.2f", b - a }'; }
# until_true SECONDS COMMAND...: waits until COMMAND holds, at most that long.
until_true() {
  local end=$((SECONDS + $1 + 1))
  shift
  while ((SECONDS < end)); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  return 1
}

tests=0
failures=0
report() {
  tests=$((tests + 1))
  [ "$1" = 0 ] && echo "ok $tests - $2" && return
  failures=$((failures + 1))
  echo "not ok $tests - $2"
  [ -z "${3-}" ] || sed 's/^/#   /' <<<"$3"
}
# check TEXT COMMAND...: passes when COMMAND succeeds.
check() {
  local text=$1
  shift
  if "$@"; then report 0 "$text"; else report 1 "$text" "failed: $*
$(situation)"; fi
}
# situation: what the directors hold, for a failed check.
situation() {
  local name
  for name in "${!daemon_pid[@]}"; do
    echo "$name holds: $(ip -n "$name" -o -4 addr show dev eth0 | awk '{ printf "%s ", $4 }')"
    grep -hE 'STATE|(Adding|Removing) service' "$scratch/$name.log" | tail -4
  done
}
# equal TEXT EXPECTED ACTUAL
equal() {
  if [ "$2" = "$3" ]; then report 0 "$1"; else report 1 "$1" "expected: $2
actual:   $3
$(situation)"; fi
}
skip() {
  tests=$((tests + 1))
  echo "ok $tests - $1 # SKIP $2"
}
# finish [DIRECTOR...]: the plan, and after failures the logs of the directors.
finish() {
  local name
  echo "1..$tests"
  [ "$failures" = 0 ] && exit 0
  for name in "$@"; do
    echo "# log of $name:"
    tail -n 60 "$scratch/$name.log" | sed 's/^/#   /'
    table "$name" | sed 's/^/#   /'
  done
  exit 1
}
