import type { Config } from '../../config/types.ts';
import type { ObservedRole, ObserverRequest } from '../../ipc/observation.ts';
import type { SetRequest, Varbind } from '../../os/agentx.ts';
import { writeOf } from '../../report/snmp/writes.ts';
import { SNMP_TYPES } from '../../report/snmp/values.ts';
import { parseOid } from './varbind.ts';

const COMMIT_FAILED = 14;

/**
 * Set requests. They are carried out when the transaction is cleaned up, which the master agent does only once all its agents
 * agree; so there is never anything to undo.
 */
export class SnmpWrites {
  readonly #ask: (role: ObservedRole, request: ObserverRequest) => void;
  readonly #tested = new Map<number, readonly ObserverRequest[]>();
  readonly #committed = new Set<number>();

  constructor(ask: (role: ObservedRole, request: ObserverRequest) => void) {
    this.#ask = ask;
  }

  step(config: Config, { step, transaction, varbinds, reply }: SetRequest): void {
    switch (step) {
      case 'test': {
        const { requests, error, index } = tested(config, varbinds);
        if (error === 0) this.#tested.set(transaction, requests);
        reply(error, index);
        return;
      }
      case 'commit': {
        const known = this.#tested.has(transaction);
        if (known) this.#committed.add(transaction);
        reply(known ? 0 : COMMIT_FAILED, known ? 0 : 1);
        return;
      }
      case 'undo':
        this.#drop(transaction);
        reply(0, 0);
        return;
      default:
        this.#cleanUp(transaction);
    }
  }

  #cleanUp(transaction: number): void {
    const requests = this.#committed.has(transaction) ? this.#tested.get(transaction) : undefined;
    this.#drop(transaction);
    for (const request of requests ?? []) this.#ask(request.type === 'weigh' ? 'checker' : 'vrrp', request);
  }

  #drop(transaction: number): void {
    this.#committed.delete(transaction);
    this.#tested.delete(transaction);
  }

  /** The master agent has gone, and its transactions with it. */
  forget(): void {
    this.#committed.clear();
    this.#tested.clear();
  }
}

function tested(config: Config, varbinds: readonly Varbind[]) {
  const requests: ObserverRequest[] = [];
  for (const [at, { oid, type, value }] of varbinds.entries()) {
    // The library reads every integer as if it had no sign.
    const number = type === SNMP_TYPES.integer ? Number(value) | 0 : undefined;
    const write = writeOf(config, parseOid(oid), number);
    if ('refusal' in write) return { requests: [], error: write.refusal, index: at + 1 };
    requests.push(write.request);
  }
  return { requests, error: 0, index: 0 };
}
