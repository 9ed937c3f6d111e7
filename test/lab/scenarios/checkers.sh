#!/bin/bash
# Every kind of check, of servers that are good, then bad in their own way, then good again: what $DAEMON and $REFERENCE
# (keepalived) log of each real server and write to the FIFO, and the IPVS tables in between, side by side.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
tested=$DAEMON reference=${REFERENCE:-keepalived}
world=$scratch/world
mkdir -p $world
chmod 755 $scratch $world
openssl req -x509 -newkey rsa:2048 -nodes -keyout $world/key.pem -out $world/cert.pem -days 1 -subj /CN=x 2>/dev/null
python3 -S "$lab/misbehaving.py" $world &
servers=$!
until_true 10 [ -e $world/ready ]
ip addr add 10.8.0.9/32 dev lo

# real KIND PORT GOOD BAD [LINES]: a real server, checked at PORT, and how its server behaves; PORT 0 sets none.
ordinal=0
real() {
  ordinal=$((ordinal + 1))
  [ "$2" = 0 ] || { echo "$2 $3" >>$world/good; echo "$2 $4" >>$world/bad; }
  printf '    real_server 127.0.0.1 %d {\n        weight 3\n        %s {\n' $ordinal "$1"
  case $1 in
    FILE_CHECK) ;;
    *) printf '            delay_loop 2\n            delay_before_retry 1\n            warmup 0\n            log_all_failures\n' ;;
  esac
  [ "$2" = 0 ] || printf '            connect_timeout 1\n            connect_port %d\n' "$2"
  printf '            %s\n        }\n    }\n' "${5-}"
}
# virtual OCTET PROTOCOL: begins a virtual server.
virtual() { printf 'virtual_server 10.9.1.%d 80 {\n    lb_algo wrr\n    lb_kind NAT\n    protocol %s\n' "$1" "$2"; }
page='url {
                path /
                status_code 200
                MORE
            }'
{
  printf 'global_defs {\n    lvs_notify_fifo %s\n    script_user root\n}\n' $scratch/fifo
  printf 'track_file tf {\n    file %s\n}\n' $world/tf
  virtual 1 TCP
  real HTTP_GET 8000 200 503 "${page/MORE/}"
  real HTTP_GET 8001 200 empty "${page/MORE/digest $(printf 'hello world\n' | md5sum | cut -c1-32)}"
  real HTTP_GET 8002 200 short "${page/MORE/regex \"hello\"}"
  real HTTP_GET 8003 no-length hang "${page/MORE/}"
  real HTTP_GET 8004 200 half "${page/MORE/}"
  real HTTP_GET 8005 200 reset "${page/MORE/}"
  real HTTP_GET 8006 200 garbage "${page/MORE/}${page/MORE/}"
  real HTTP_GET 8007 503 503 "${page/MORE/}"
  echo '}'
  virtual 2 TCP
  real SSL_GET 8440 200 503 "${page/MORE/}"
  real SSL_GET 8441 200 no-tls "${page/MORE/}"
  real SSL_GET 8442 200 hang-tls "${page/MORE/}"
  real SSL_GET 8443 no-length hang "${page/MORE/}"
  echo '}'
  virtual 3 TCP
  real SMTP_CHECK 2500 good no
  real SMTP_CHECK 2501 good unknown 'helo_name me.example'
  real SMTP_CHECK 2502 good hang
  real SMTP_CHECK 2503 good empty
  real SMTP_CHECK 2504 good leaves
  real SMTP_CHECK 2505 many many
  real SMTP_CHECK 2599 - -
  real TCP_CHECK 2509 good good
  real TCP_CHECK 2598 - -
  echo '}'
  virtual 4 UDP
  real DNS_CHECK 5300 'code 0' 'code 3' 'name example.com
            type A'
  real DNS_CHECK 5301 'code 0' silence
  real DNS_CHECK 5302 'code 0' another
  real DNS_CHECK 5303 'code 0' echo
  real DNS_CHECK 5399 - -
  real UDP_CHECK 7000 echo 'bytes 0199' 'payload 0102030405
            require_reply 01x2'
  real UDP_CHECK 7001 'bytes 0112' silence 'require_reply 0112'
  real UDP_CHECK 7002 silence silence
  real UDP_CHECK 7003 echo 'bytes 01' 'require_reply 6b
            min_reply_length 2'
  real UDP_CHECK 7099 - -
  echo '}'
  virtual 5 TCP
  real PING_CHECK 0
  real MISC_CHECK 0 '' '' "misc_path \"$world/one a b\"
            misc_timeout 1"
  real MISC_CHECK 0 '' '' "misc_path \"$world/two\"
            misc_dynamic
            retry 2"
  real MISC_CHECK 0 '' '' "misc_path \"$world/three\"
            retry 0"
  real FILE_CHECK 0 '' '' 'track_file tf
            weight 1'
  real FILE_CHECK 0 '' '' 'track_file tf
            weight 0'
  real FILE_CHECK 0 '' '' 'track_file tf
            weight -2 reverse'
  echo '}'
} >$scratch/d.conf

behave() {
  local port behaviour
  while read -r port behaviour; do echo "$behaviour" >$world/$port; done <$world/$1
}
script() {
  printf '#!/bin/sh\n%s\n' "$2" >$world/$1.new
  chmod 755 $world/$1.new
  mv $world/$1.new $world/$1
}
mark() { echo "== $1" | tee -a $scratch/log >>$scratch/lines; }
# play COMMAND NAME: its log, FIFO lines and tables end up in NAME.log, NAME.fifo and NAME.table.
play() {
  local daemon reader
  behave good
  echo 0 >$world/tf
  script one 'exit 0'
  script two 'exit 12'
  script three 'exit 0'
  : >$scratch/log
  : >$scratch/lines
  rm -f $scratch/fifo
  mkfifo $scratch/fifo
  cat <>$scratch/fifo >>$scratch/lines &
  reader=$!
  $1 -n -l -D -f $scratch/d.conf -p $scratch/d.pid -r $scratch/v.pid -c $scratch/c.pid >>$scratch/log 2>&1 &
  daemon=$!
  until_true 20 grep -q 'Startup complete' $scratch/log
  sleep 6
  mark bad
  behave bad
  script one 'sleep 20'
  script two 'exit 1'
  script three 'kill -9 $$'
  echo 2 >$world/tf
  sleep 10
  ipvsadm -Sn >$scratch/$2.table
  mark good
  behave good
  script one 'exit 0'
  script two 'exit 3'
  script three 'exit 0'
  echo -2147483648 >$world/tf
  sleep 7
  echo -1 >$world/tf
  sleep 1
  ipvsadm -Sn >>$scratch/$2.table
  kill $daemon
  wait $daemon
  kill $reader
  wait $reader 2>/dev/null
  sed -E 's/^.{24}: //; s/SSL_CHECK/HTTP_CHECK/' $scratch/log >$scratch/$2.log
  tr -d '\0' <$scratch/lines >$scratch/$2.fifo
}
play "$reference" theirs
play "$tested" ours
kill $servers

# of FILE ORDINAL: the lines about one real server or, of mail servers, about what it is checked at; phases between.
of() { grep -aE "^==|\]:((tcp|udp):)?($2|${3:-$2})([ .)]|$)" "$1" | grep -av ctivating; }
check 'keepalived has seen the servers fail and come back' [ "$(grep -c ^RS $scratch/theirs.fifo)" -gt 40 ]
equal 'the same tables' "$(sort $scratch/theirs.table)" "$(sort $scratch/ours.table)"
for ((n = 1; n <= ordinal; n++)); do
  port=
  ((n >= 13 && n <= 18)) && port=$((2500 + n - 13))
  ((n == 19)) && port=2599
  equal "real server $n: log" "$(of $scratch/theirs.log $n $port)" "$(of $scratch/ours.log $n $port)"
  equal "real server $n: FIFO" "$(of $scratch/theirs.fifo $n)" "$(of $scratch/ours.fifo $n)"
done
finish
