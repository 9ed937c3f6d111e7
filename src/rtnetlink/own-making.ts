import type { Link } from './link.ts';

/** 00-00-5E-00-01 and -02: virtual routers' MAC addresses without their identifier (RFC 5798, section 7.3). */
const families: ReadonlySet<string> = new Set(['0,0,94,0,1', '0,0,94,0,2']);

/** What follows the prefix: perhaps a number of its own, then the identifier. */
const numbered = /^\d*\.(\d{1,3})$/;

/**
 * Whether a virtual interface is one that a daemon like ours makes: its name is made of a prefix and an identifier, and a
 * macvlan has the MAC address of that virtual router. Those with configured names are known by the addresses on them.
 */
export function isOfOurMaking(
  { name, kind, hardwareAddress }: Pick<Link, 'name' | 'kind' | 'hardwareAddress'>,
  prefixes: readonly string[],
): boolean {
  if (kind !== 'macvlan' && kind !== 'ipvlan') return false;
  const [last] = hardwareAddress.subarray(5);
  return prefixes.some((prefix) => {
    const identifier = prefix !== '' && name.startsWith(prefix) && numbered.exec(name.slice(prefix.length))?.[1];
    if (!identifier) return false;
    return kind === 'ipvlan' || (families.has(hardwareAddress.subarray(0, 5).join()) && last === Number(identifier));
  });
}
