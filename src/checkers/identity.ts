import type { Checker, RealServer, SorryServer, VirtualServerKey } from '../config/types.ts';

/**
 * Two configurations mean the same virtual server when this is equal: group and place in it, firewall mark, or
 * protocol, address and port.
 */
export function virtualServerIdentity(key: VirtualServerKey): string {
  if (key.kind === 'group') return `group ${key.ordinal} ${key.group}`;
  return key.kind === 'fwmark' ? `fwmark ${key.family} ${key.fwmark}` : `${key.protocol} ${key.address} ${key.port}`;
}

/**
 * The identities of virtual servers, in their order. Of several with one identity each also has its place among them, so
 * that a configuration that names a virtual server twice is still equal to itself.
 */
export function distinctIdentities(keys: readonly VirtualServerKey[]): string[] {
  const seen = new Map<string, number>();
  return keys.map((key) => {
    const identity = virtualServerIdentity(key);
    const place = seen.get(identity) ?? 0;
    seen.set(identity, place + 1);
    return `${identity} ${place}`;
  });
}

/** Within a virtual server; forwarding, weight and the rest are changed in place. */
export function realServerIdentity({ address, port }: RealServer): string {
  return `${address} ${port}`;
}

/** A sorry server at another address or port is a new one; its method and whether it waits at weight 0 change in place. */
export function sorryServerIdentity(sorry: SorryServer | undefined): string {
  return sorry ? `${sorry.address} ${sorry.port}` : '';
}

/**
 * Whether a verdict of the one holds for the other: everything that reaches the server is equal. Delays, retries and
 * alpha may differ, and so may the time that a script gets, which is delay_loop unless it is set.
 */
export function sameChecker(a: Checker, b: Checker): boolean {
  return sameValue(untimed(a), untimed(b));
}

function untimed(checker: Checker): object {
  const { schedule: _, ...rest } = checker;
  return 'timeout' in rest ? { ...rest, timeout: undefined } : rest;
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (!sameValue(a[key], b[key])) return false;
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
