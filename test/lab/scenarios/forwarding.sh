#!/bin/bash
# One director, two real servers and a sorry server: HTTP through NAT, DR and TUN, sick servers leave and return.
. "$(dirname "$(readlink -f "$0")")/../topology.sh"
nat=10.9.0.200 dr=10.9.0.201 tun=10.9.0.202
host client 100
off_link_client far 101 10.7.0.254
host d 1
ip -n d addr add 10.7.0.254/24 dev eth0
for address in $nat $dr $tun; do ip -n d addr add $address/32 dev eth0; done
octet=11
for name in r1 r2 sorry; do
  real_server $name $octet $dr $tun
  ip -n $name route add 10.7.0.0/24 via 10.9.0.1
  octet=$((octet + 1))
done

http_check='HTTP_GET {
            url {
                path /health
                status_code 200
            }
            connect_timeout 1
            retry 1
            delay_before_retry 1
        }'
tcp_check='TCP_CHECK {
            connect_timeout 1
            retry 1
            delay_before_retry 1
        }'
# service ADDRESS SCHEDULER KIND WEIGHT-OF-R1 SORRY-LINE
service() {
  cat <<CONF
virtual_server $1 80 {
    delay_loop 1
    lb_algo $2
    lb_kind $3
    protocol TCP
    $5
    real_server 10.9.0.11 80 {
        weight $4
        $http_check
    }
    real_server 10.9.0.12 80 {
        weight 1
        $tcp_check
    }
}
CONF
}
{
  service $nat rr NAT 1 'sorry_server 10.9.0.13 80'
  service $dr rr DR 1 'sorry_server 10.9.0.13 80'
  service $tun wrr TUN 3 ''
} >$scratch/d.conf

began=$(now)
start d
check 'three services with two real servers each are programmed' until_true 40 destinations d 6
echo "# programmed $(since "$began") s after the start"
equal 'NAT alternates between the real servers' '5 r1 5 r2' "$(tally far http://$nat/ 10)"
equal 'DR alternates between the real servers' '5 r1 5 r2' "$(tally client http://$dr/ 10)"
equal 'TUN follows the weights 3:1' '9 r1 3 r2' "$(tally client http://$tun/ 12)"

touch $scratch/r1.sick
check 'a server whose HTTP_GET status is wrong leaves the pools' until_true 15 destinations d 3
equal 'NAT serves from the other' '4 r2' "$(tally far http://$nat/ 4)"
rm $scratch/r1.sick
check 'with the right status it returns' until_true 15 destinations d 6

began=$(now)
stop_web r2
check 'a killed server leaves the pools' until_true 15 destinations d 3
echo "# it left after $(since "$began") s"
equal 'DR serves from the other' '4 r1' "$(tally client http://$dr/ 4)"
equal 'TUN serves from the other' '4 r1' "$(tally client http://$tun/ 4)"
web r2
check 'the restarted server returns' until_true 15 destinations d 6
equal 'DR alternates again' '2 r1 2 r2' "$(tally client http://$dr/ 4)"

stop_web r1
stop_web r2
# Both sorry servers and nothing else: the service without one keeps an empty pool.
only_sorry() { [ "$(table d | grep '^-a' | grep -c 10.9.0.13:80)" = 2 ] && destinations d 2; }
check 'the sorry servers stand in when all are dead' until_true 15 only_sorry
said=$("$(dirname "$DAEMON")/evenkeel" status $scratch/d.pid)
equal 'the live state names the dead servers, why, and who stands in' '6 6 2' \
  "$(grep -cE '\]:tcp:80 +down' <<<"$said") $(grep -cE '! (TCP_CHECK|HTTP_GET): ' <<<"$said") $(grep -c 'stands in' <<<"$said")"
equal 'NAT serves from the sorry server' '4 sorry' "$(tally far http://$nat/ 4)"
equal 'DR serves from the sorry server' '4 sorry' "$(tally client http://$dr/ 4)"
web r1
web r2
check 'the real servers return and the sorry servers leave' until_true 15 destinations d 6
equal 'NAT alternates again' '2 r1 2 r2' "$(tally far http://$nat/ 4)"

stop d
equal 'the exit status after SIGTERM is 0' 0 $?
equal 'the table is empty after SIGTERM' '' "$(table d)"
finish d
