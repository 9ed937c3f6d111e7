/** The release of keepalived whose behaviour this program has, as exporters read it from the first line of -v. */
export const KEEPALIVED_VERSION = 'Keepalived v2.4.3 (11/21,2026)';

/** What a build of keepalived with our abilities would have been configured with: exporters look for --enable-json. */
const CONFIGURE_OPTIONS = [
  '--enable-json',
  '--enable-sha1',
  '--enable-bfd',
  '--enable-regex',
  '--enable-log-file',
  '--enable-snmp',
  '--enable-snmp-rfcv2',
  '--enable-snmp-rfcv3',
  '--enable-dbus',
];
const CONFIG_OPTIONS = [
  'NFTABLES',
  'LVS',
  'REGEX',
  'VRRP',
  'VRRP_AUTH',
  'VRRP_VMAC',
  'JSON',
  'BFD',
  'OLD_CHKSUM_COMPAT',
  'SNMP_V3_FOR_V2',
  'SNMP_VRRP',
  'SNMP_CHECKER',
  'SNMP_RFCV2',
  'SNMP_RFCV3',
  'DBUS',
  'INIT=systemd',
  'SYSTEMD_NOTIFY',
];
const SYSTEM_OPTIONS = [
  'VSYSLOG',
  'MEMFD_CREATE',
  'LIBIPVS_NETLINK',
  'IPVS_64BIT_STATS',
  'VRRP_IPVLAN',
  'VRF',
  'SO_MARK',
];

export const EVENKEEL_VERSION = '0.1.0';

/** What the running system says of itself. */
export interface SystemFacts {
  /** uname -s, -r and -v. */
  readonly kernel: { readonly name: string; readonly release: string; readonly version: string };
  /** PRETTY_NAME of os-release. */
  readonly distribution: string;
  readonly nodeVersion: string;
  /** Version of the kernel headers the addon was built with, e.g. "6.1.187"; unknown without the addon. */
  readonly headers?: string;
}

/** The lines of -v, in the places where keepalived has them. */
export function versionText(facts: SystemFacts): string {
  const { name, release, version } = facts.kernel;
  return [
    KEEPALIVED_VERSION,
    '',
    'Copyright(C) 2026 the Evenkeel authors (MIT licence)',
    '',
    ...(facts.headers === undefined ? [] : [`Built with kernel headers for Linux ${facts.headers}`]),
    `Running on ${name} ${release} ${version}`,
    `Distro: ${facts.distribution}`,
    '',
    `Evenkeel v${EVENKEEL_VERSION}, Node.js ${facts.nodeVersion}`,
    '',
    `configure options: ${CONFIGURE_OPTIONS.join(' ')}`,
    '',
    `Config options:  ${CONFIG_OPTIONS.join(' ')}`,
    '',
    `System options:  ${SYSTEM_OPTIONS.join(' ')}`,
  ].join('\n');
}

/** The usage text of -h for a program called `name`. */
export function usageText(name: string): string {
  return `Usage: ${name} [OPTION...]
  -f, --use-file=FILE          Read the configuration from FILE (a pattern may name several)
                                default '/etc/keepalived/keepalived.conf'
  -P, --vrrp                   Run without the health checkers
  -C, --check                  Run without VRRP
  -B, --no_bfd                 Run without BFD
      --all                    Start every child process even if the configuration has nothing for it
  -l, --log-console            Log to standard error as well (with --dont-fork)
  -D, --log-detail             Log in more detail
  -S, --log-facility=([0-7]|local[0-7]|user|daemon)
                               Facility of syslog messages, default daemon
  -g, --log-file[=FILE]        Log to FILE as well, default keepalived.log in the temporary directory
      --flush-log-file         Flush the log file after every line
  -G, --no-syslog              Do not log to syslog
  -u, --umask=MASK             File creation mask, as a number
  -X, --release-vips           Remove addresses on leaving MASTER even if another process set them
  -V, --dont-release-vrrp      Leave addresses and routes in place on exit
  -I, --dont-release-ipvs      Leave the IPVS table in place on exit
  -R, --dont-respawn           Do not restart child processes
  -n, --dont-fork              Stay in the foreground
  -d, --dump-conf              Log the configuration that is in effect
  -p, --pid=FILE               Pid file of the parent process
  -r, --vrrp_pid=FILE          Pid file of the VRRP process
  -c, --checkers_pid=FILE      Pid file of the health checking process
  -b, --bfd_pid=FILE           Pid file of the BFD process
  -a, --address-monitoring     Log every address that appears or disappears
  -x, --snmp                   Enable SNMP
  -A, --snmp-agent-socket=ADDR Address of the SNMP master agent
  -s, --namespace=NAME         Run in network namespace NAME, over the configuration's
  -m, --core-dump              Allow core dumps
  -M, --core-dump-pattern[=PATTERN]
                               Pattern of core file names, default core
  -e, --all-config             Treat an include that matches no file as an error
  -i, --config-id=ID           Take lines beginning @ID and leave out those beginning @^ID
                                default: the node's name
      --ignore-sigint          Do not stop on SIGINT
      --log-format=(text|json) Lines of the log as text or as JSON objects
      --signum=NAME            Print the number of the signal for STOP, RELOAD, DATA, STATS, STATS_CLEAR or JSON
  -t, --config-test[=LOG_FILE] Check the configuration and exit, reporting to LOG_FILE or standard error
  -v, --version                Show the version
  -h, --help                   Show this text`;
}
