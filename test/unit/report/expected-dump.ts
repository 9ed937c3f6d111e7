/** Global definitions of a keepalived 2.4.3 dump. */
export const globalText = `
------< Global definitions >------
 Network namespace = (default)
 Network namespace ipvs = (main namespace)
 Replace symlinks in script paths
 Don't set supplementary groups for all scripts
 Router ID = DUMP
 Smtp server = 127.0.0.1
 Smtp server port = 25
 Smtp HELO name = vm
 Smtp server connection timeout = 30
 Email notification from = root@vm
 Email notification to:
   ops@example.com
 Default smtp_alert = unset
 Default smtp_alert_vrrp = unset
 Default smtp_alert_checker = unset
 Checkers log all failures = false
 No test config before reload
 Dynamic interfaces = false
 Disable local IGMP = no
 Use VRRPv2 checksum for VRRPv3 IPv4 = no
 LVS flush = false
 LVS flush on stop = disabled
 FIFO write vrrp states on reload = false
 VRRP notify priority changes = false
 VRRP IPv4 mcast group = 224.0.0.18
 VRRP IPv6 mcast group = ff02::12
 Gratuitous ARP delay = 5
 Gratuitous ARP repeat = 5
 Gratuitous ARP refresh timer = 0
 Gratuitous ARP refresh repeat = 1
 Gratuitous ARP lower priority delay = 4294967295
 Gratuitous ARP lower priority repeat = 4294967295
 Num adverts before down = 3
 Gratuitous ARP for each secondary VMAC = 0s
 Send advert after receive lower priority advert = true
 Send advert after receive higher priority advert = false
 Gratuitous ARP interval = 0.000000
 Gratuitous NA interval = 0.000000
 VRRP default protocol version = 2
 nftables without counters
 libnftnl version 1.2.4
 VRRP check unicast_src = false
 VRRP skip check advert addresses = false
 VRRP strict mode = false
 Max auto priority = 0
 Min auto priority delay = 1000000 usecs
 VRRP process priority = 0
 VRRP don't swap = false
 VRRP realtime priority = 0
 VRRP realtime limit = 10000
 Checker process priority = 0
 Checker don't swap = false
 Checker realtime priority = 0
 Checker realtime limit = 10000
 BFD process priority = 0
 BFD don't swap = false
 BFD realtime priority = 0
 BFD realtime limit = 10000
 SNMP vrrp disabled
 SNMP checker disabled
 SNMP RFCv2 disabled
 SNMP RFCv3 disabled
 SNMP traps disabled
 SNMP socket = default (unix:/var/agentx/master)
 SNMP VS stats update interval = 5.000000
 SNMP RS stats update interval = 5.000000
 DBus disabled
 DBus service name = 
 DBus no interface name = none
 Script security enabled
 Default script uid:gid 0:0
 vrrp_netlink_cmd_rcv_bufs = 0
 vrrp_netlink_cmd_rcv_bufs_force = 0
 vrrp_netlink_monitor_rcv_bufs = 0
 vrrp_netlink_monitor_rcv_bufs_force = 0
 process_monitor_rcv_bufs = 0
 process_monitor_rcv_bufs_force = 0
 lvs_netlink_cmd_rcv_bufs = 0
 lvs_netlink_cmd_rcv_bufs_force = 0
 lvs_netlink_monitor_rcv_bufs = 0
 lvs_netlink_monitor_rcv_bufs_force = 0
 rs_init_notifies = 0
 no_checker_emails = 0
 rx_bufs_multiples = 3
 umask = 0177
 json_version 1
 iproute usr directory /etc/iproute2
 iproute etc directory /etc/iproute2
`;

/** VRRP topology of a keepalived 2.4.3 dump before its sockets are open. */
export const vrrpText = `
------< VRRP Topology >------
 VRRP Instance = VI_A
   VRRP Version = 2
   Flags: none
   Wantstate = MASTER
   Number of config faults = 0
   Interface = eth0
   Using src_ip = 10.20.0.1
   Multicast address 224.0.0.18
   Gratuitous ARP delay = 5
   Gratuitous ARP repeat = 5
   Gratuitous ARP refresh = 60
   Gratuitous ARP refresh repeat = 1
   Gratuitous ARP lower priority delay = 5
   Gratuitous ARP lower priority repeat = 5
   Down timer adverts = 3
   Send advert after receive lower priority advert = true
   Send advert after receive higher priority advert = false
   Virtual Router ID = 7
   Priority = 120
   Advert interval = 1 sec
   Accept = enabled
   Preempt = enabled
   Promote_secondaries = disabled
   Authentication type = SIMPLE_PASSWORD
   Password = ********
   Virtual IP (2):
     10.20.0.5/24 dev eth0 scope global
     10.20.0.6 dev eth1 scope global label eth1:v
   Virtual IP Excluded :
     2001:db8::99/64 dev eth0 scope global preferred_lft forever
   No sockets allocated
   Using smtp notification = yes
   Notify deleted = Fault
   Notify priority changes = false
 VRRP Instance = VI_B
   VRRP Version = 3
   Using Native IPv6
   Flags:
   Wantstate = BACKUP
   Number of config faults = 0
   Interface = eth0
   Using src_ip = fe80::ff:fe00:1
   Multicast address ff02::12, ifindex 3
   Gratuitous ARP delay = 5
   Gratuitous ARP repeat = 5
   Gratuitous ARP refresh = 60
   Gratuitous ARP refresh repeat = 1
   Gratuitous ARP lower priority delay = 5
   Gratuitous ARP lower priority repeat = 5
   Down timer adverts = 3
   Send advert after receive lower priority advert = true
   Send advert after receive higher priority advert = false
   Virtual Router ID = 8
   Priority = 110
   Advert interval = 500 milli-sec
   Accept = enabled
   Preempt = disabled
   Promote_secondaries = disabled
   Virtual IP (2):
     fe80::8 dev eth0 scope global deprecated
     2001:db8::8/64 dev eth0 scope global preferred_lft forever
   No sockets allocated
   Using smtp notification = no
   Notify deleted = Fault
   Notify priority changes = false
`;

/** LVS topology and health checkers of a keepalived 2.4.3 dump. */
export const lvsText = `
------< LVS Topology >------
 System is compiled with LVS v1.2.1
 ------< Virtual server >------
 VS VIP = 10.20.0.40, VPORT = 80
   Address family = inet
   connection timeout = 5.000000
   delay_loop = 6.000000
   lvs_sched = wrr
   Hashed = disabled
   flag-1 = disabled
   flag-2 = disabled
   flag-3 = disabled
   One packet scheduling = disabled
   persistence timeout = 50
   protocol = TCP
   alpha is OFF
   omega is OFF
   Inhibit on failure is OFF
   quorum = 2, hysteresis = 1
   Using smtp notification = no
   default forwarding method = DR
   sorry server = [10.20.0.19]:tcp:80
     forwarding method = NAT
     Inhibit on failure is OFF
     set = 0
     alive = 0
   VS alive = 1
   quorum_state_up = 1
   reloaded = 0
   ------< Real server >------
   RIP = 10.20.0.11, RPORT = 80, WEIGHT = 3 EFF WEIGHT = 3
   forwarding method = DR
   Alpha is OFF
   connection timeout = 5.000000
   connection limit range = 5 -> 10
   Delay loop = 6.000000
   Inhibit on failure is ON
   Using smtp notification = yes
   initial weight = 3
   effective weight = 3
   previous effective_weight = 0
   alive = 1
   num failed checkers = 0
   RS set = 1
   reloaded = 0
------< Health checkers >------
 [10.20.0.40]:tcp:80 -> [10.20.0.11]:tcp:80
   Enabled = yes
   Up = yes
   Has run = no
   Current weight = 0
   Alpha = no
   Delay loop = 6000000 us
   Warmup = 6000000 us
   Retries = 2
   Delay before retry = 3000000 us
   Retries iterations = 2
   Default delay before retry = 3000000 us
   Log all failures = no
   Connection
     Dest = [10.20.0.11]:80
     Timeout = 3.000000
   Keepalive method = HTTP_GET, http protocol 1.0
   Enable SNI unset
   Fast recovery unset
   Checked url = /
     digest = 9b3a0c85a887a256d6939da88aabd8cd
     tls_compliant unset
     HTTP Status Code(s)
       200-299
       301
   Checked url = /two
     tls_compliant unset
     HTTP Status Code(s)
       200-299
     Virtual host = www.example.com
 [10.20.0.40]:tcp:80 -> [10.20.0.11]:tcp:80
   Enabled = yes
   Up = yes
   Has run = no
   Current weight = 0
   Alpha = no
   Delay loop = 6000000 us
   Warmup = 1500000 us
   Retries = 0
   Default delay before retry = 1000000 us
   Log all failures = no
   Connection
     Dest = [10.20.0.11]:80
     Bind to = [10.20.0.1]:0
     Bind i/f = eth0
     Mark = 9
     Timeout = 3.000000
   Keepalive method = TCP_CHECK
`;
