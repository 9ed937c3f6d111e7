import { transaction } from '../../firewall/command.ts';
import type { TableFamily } from '../../firewall/numbers.ts';
import { errnoText } from '../../lib/errno.ts';
import { NetlinkConnection } from '../../netlink/connection.ts';
import type { Request } from '../../netlink/message.ts';
import { native } from '../../os/native.ts';
import { journalPath, SettingsJournal } from '../../os/files/settings-journal.ts';
import { type IptablesResult, runIptables } from '../../os/iptables.ts';
import { inNetworkNamespace } from '../../os/network-namespace.ts';
import { otherDaemonHere } from '../../os/processes/other-daemons.ts';
import { openNetlinkSocket } from '../../os/sockets/netlink-socket.ts';
import { SystemError } from '../../os/system-error.ts';
import { readSysctl, writeSysctl } from '../../os/sysctl.ts';

const { NETLINK_NETFILTER } = native.constants;

/** What FullNAT needs of the network namespace of IPVS. */
export interface FullNatHost {
  /** By path below /proc/sys; undefined where the kernel has no such setting. */
  readSetting(path: string): string | undefined;
  writeSetting(path: string, value: string): boolean;
  /** Carries out all of it by nftables, or nothing; then the reason. */
  transact(requests: readonly Request[]): string | undefined;
  iptables(family: TableFamily, words: readonly string[], input?: string): IptablesResult;
  /** What a former run has left, as told to {@link remember}. */
  recall(): ReadonlyMap<string, string>;
  /** Keeps this for the next run, in case this one cannot clean up. */
  remember(values: ReadonlyMap<string, string>): void;
}

/** The network namespace at this path, or our own. */
export function fullNatHost(namespace: string | undefined): FullNatHost {
  const within = <T>(action: () => T): T =>
    namespace === undefined ? action() : inNetworkNamespace(namespace, action);
  const journal = new SettingsJournal(journalPath('full-nat', namespace));
  return {
    readSetting: (path) => within(() => readSysctl(path)),
    writeSetting: (path, value) => within(() => writeSysctl(path, value)),
    transact: (requests) => within(() => transact(requests)),
    iptables: (family, words, input) => within(() => runIptables(family, words, input)),
    recall() {
      const left = journal.read();
      // Of two daemons in one namespace what the other has made is in use.
      return left.size > 0 && otherDaemonHere() ? new Map() : left;
    },
    remember(values) {
      if (!otherDaemonHere()) journal.write(values);
    },
  };
}

function transact(requests: readonly Request[]): string | undefined {
  try {
    const connection = new NetlinkConnection(openNetlinkSocket({ protocol: NETLINK_NETFILTER }));
    try {
      const refusal = connection.transactWhole(transaction(requests));
      return refusal && errnoText(refusal.errno);
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return error.message;
  }
}
