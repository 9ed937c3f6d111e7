/* Numbers from the system's headers, so that TypeScript never repeats them. */
#include "evenkeel.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_addr.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/version.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* Younger than the oldest C library that the engine runs with (linux/in6.h). */
#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29
#endif
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

#define ROW(name) {#name, name}

static const struct {
  const char *name;
  double value;
} rows[] = {
    ROW(AF_UNSPEC), ROW(AF_UNIX), ROW(AF_INET), ROW(AF_INET6), ROW(AF_NETLINK), ROW(AF_PACKET),
    ROW(SOCK_STREAM), ROW(SOCK_DGRAM), ROW(SOCK_RAW),
    ROW(SOL_SOCKET), ROW(SOL_NETLINK),
    ROW(IPPROTO_IP), ROW(IPPROTO_ICMP), ROW(IPPROTO_IPV6), ROW(IPPROTO_ICMPV6),
    ROW(SO_SNDBUF), ROW(SO_RCVBUF), ROW(SO_SNDBUFFORCE), ROW(SO_RCVBUFFORCE), ROW(SO_REUSEADDR), ROW(SO_TIMESTAMPNS),
    ROW(SO_BINDTODEVICE), ROW(SO_MARK), ROW(SO_ERROR), ROW(SO_ATTACH_FILTER), ROW(SO_TYPE),
    ROW(IP_TOS), ROW(IP_TTL), ROW(IP_HDRINCL), ROW(IP_RECVTTL), ROW(IP_MULTICAST_IF), ROW(IP_MULTICAST_LOOP),
    ROW(IP_MULTICAST_ALL), ROW(IP_ADD_MEMBERSHIP), ROW(IP_DROP_MEMBERSHIP), ROW(IP_FREEBIND), ROW(IP_RECVERR),
    ROW(IPV6_CHECKSUM), ROW(IPV6_UNICAST_HOPS), ROW(IPV6_MULTICAST_IF), ROW(IPV6_MULTICAST_HOPS),
    ROW(IPV6_MULTICAST_LOOP), ROW(IPV6_ADD_MEMBERSHIP), ROW(IPV6_DROP_MEMBERSHIP), ROW(IPV6_V6ONLY), ROW(IPV6_RECVPKTINFO), ROW(IPV6_PKTINFO),
    ROW(IPV6_RECVHOPLIMIT), ROW(IPV6_HOPLIMIT), ROW(IPV6_TCLASS), ROW(IPV6_FREEBIND), ROW(IPV6_MULTICAST_ALL),
    ROW(MSG_DONTROUTE), ROW(MSG_DONTWAIT), ROW(MSG_TRUNC), ROW(MSG_NOSIGNAL), ROW(MSG_ERRQUEUE),
    ROW(NETLINK_ROUTE), ROW(NETLINK_GENERIC), ROW(NETLINK_NETFILTER), ROW(NETLINK_CONNECTOR),
    ROW(NETLINK_ADD_MEMBERSHIP), ROW(NETLINK_EXT_ACK), ROW(NETLINK_CAP_ACK),
    ROW(ETH_P_ARP),
    ROW(ARPHRD_ETHER), ROW(ARPHRD_INFINIBAND),
    ROW(SIOCGIFFLAGS), ROW(SIOCGMIIPHY), ROW(SIOCGMIIREG),
    ROW(SCHED_OTHER), ROW(SCHED_RR), ROW(SCHED_RESET_ON_FORK),
    ROW(RLIMIT_NOFILE), ROW(RLIMIT_RTTIME), ROW(RLIMIT_CORE),
    ROW(SIGHUP), ROW(SIGINT), ROW(SIGQUIT), ROW(SIGUSR1), ROW(SIGUSR2), ROW(SIGPIPE), ROW(SIGALRM), ROW(SIGTERM),
    ROW(SIGKILL), ROW(SIGCHLD), ROW(SIGXCPU),
    ROW(EPERM), ROW(ENOENT), ROW(ESRCH), ROW(EINTR), ROW(EIO), ROW(ENXIO), ROW(EBADF), ROW(EAGAIN), ROW(ENOMEM),
    ROW(EACCES), ROW(EBUSY), ROW(EEXIST), ROW(ENODEV), ROW(EINVAL), ROW(ERANGE), ROW(ENAMETOOLONG),
    ROW(EMSGSIZE), ROW(EOPNOTSUPP), ROW(EAFNOSUPPORT), ROW(EADDRINUSE), ROW(EADDRNOTAVAIL),
    ROW(ENETDOWN), ROW(ENETUNREACH), ROW(ECONNRESET), ROW(ENOBUFS), ROW(ETIMEDOUT), ROW(ECONNREFUSED),
    ROW(EHOSTUNREACH), ROW(EINPROGRESS),
    ROW(LINUX_VERSION_CODE),
};

bool export_constants(napi_env env, napi_value exports) {
  napi_value constants;
  if (napi_create_object(env, &constants) != napi_ok) return false;
  for (size_t i = 0; i < LENGTH(rows); i++)
    if (napi_set_named_property(env, constants, rows[i].name, make_number(env, rows[i].value)) != napi_ok)
      return false;
  /* Not constants to the compiler: the C library keeps some real-time signals for itself. */
  if (napi_set_named_property(env, constants, "SIGRTMIN", make_number(env, SIGRTMIN)) != napi_ok ||
      napi_set_named_property(env, constants, "SIGRTMAX", make_number(env, SIGRTMAX)) != napi_ok)
    return false;
  return napi_object_freeze(env, constants) == napi_ok &&
         napi_set_named_property(env, exports, "constants", constants) == napi_ok;
}
