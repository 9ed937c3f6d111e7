import { TableCommands, transaction } from '../firewall/command.ts';
import type { TableFamily } from '../firewall/numbers.ts';
import { errnoText } from '../lib/errno.ts';
import type { Log } from '../lib/log.ts';
import { NetlinkConnection } from '../netlink/connection.ts';
import type { Request } from '../netlink/message.ts';
import { native } from '../os/native.ts';
import { inNetworkNamespace } from '../os/network-namespace.ts';
import { openNetlinkSocket } from '../os/sockets/netlink-socket.ts';
import { SystemError } from '../os/system-error.ts';
import type { NetlinkSocket } from '../ports/netlink.ts';

const { NETLINK_NETFILTER } = native.constants;

/**
 * The way to the tables of one name, of IPv4 and IPv6, that belong to this daemon. Nothing is opened before the first
 * need. A kernel without nftables is said once.
 */
export class Nftables {
  readonly #table: string;
  readonly #log: Log;
  readonly #namespace: string | undefined;
  #connection: NetlinkConnection | undefined;
  #failed = false;

  /** `namespace`: path of the network namespace whose packets are meant, unless it is our own. */
  constructor(table: string, log: Log, namespace?: string) {
    this.#table = table;
    this.#log = log;
    this.#namespace = namespace;
  }

  /** Carries out all of it or nothing; false, and the reason is logged, when it was nothing. */
  transact(requests: readonly Request[]): boolean {
    if (this.#failed) return false;
    try {
      this.#connection ??= this.#open();
      const refusal = this.#connection.transactWhole(transaction(requests));
      if (!refusal) return true;
      this.#say(`nftables refused a change of table ${this.#table}: ${errnoText(refusal.errno)}`);
      return false;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      this.#failed = this.#connection === undefined;
      this.#say(`nftables cannot be used: ${error.message}`);
      return false;
    }
  }

  /** Whether the table is there, which others may have flushed away with all the rest. */
  has(family: TableFamily): boolean {
    return this.#connection?.query(new TableCommands(family, this.#table).query(), () => true).ok === true;
  }

  /** Opening removes a predecessor's tables; a kernel without nftables has none. */
  purge(): void {
    try {
      this.#connection ??= this.#open();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Tables of this name are a predecessor's, whose elements mean nothing any more. */
  #open(): NetlinkConnection {
    const open = (): NetlinkSocket => openNetlinkSocket({ protocol: NETLINK_NETFILTER });
    const socket = this.#namespace === undefined ? open() : inNetworkNamespace(this.#namespace, open);
    const connection = new NetlinkConnection(socket);
    for (const family of ['ip', 'ip6'] as const) {
      const commands = new TableCommands(family, this.#table);
      const known = connection.query(commands.query(), () => true);
      if (known.ok) connection.transactWhole(transaction([commands.delete()]));
    }
    return connection;
  }

  #say(message: string): void {
    this.#log({ level: 'err', message });
  }
}
