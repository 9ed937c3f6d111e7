import { printRange } from '../lib/ip.ts';
import { shares, type TranslatedDestination } from './full-nat.ts';

/** The chain of table `nat` that belongs to FullNAT where the kernel has no nftables NAT. */
const FULL_NAT_CHAIN = 'EVENKEEL_FNAT';

/** What sends packets there: those that IPVS has touched. */
export const fullNatJump = ['POSTROUTING', '-m', 'ipvs', '--ipvs', '-j', FULL_NAT_CHAIN] as const;

/**
 * Input for iptables-restore --noflush, or ip6tables-restore, that makes the chain say exactly this; one commit.
 * `jumps` when {@link fullNatJump} stands already. All `destinations` are of one family. The chain goes with the last.
 */
export function fullNatRestore(destinations: readonly TranslatedDestination[], jumps: boolean): string {
  const lines = ['*nat', `:${FULL_NAT_CHAIN} - [0:0]`];
  const jump = fullNatJump.join(' ');
  if (destinations.length === 0) {
    if (jumps) lines.push(`-D ${jump}`);
    lines.push(`-X ${FULL_NAT_CHAIN}`);
  } else if (!jumps) lines.push(`-I ${jump}`);
  for (const one of [...destinations].sort((a, b) => width(a) - width(b))) {
    for (const target of targets(one)) lines.push(`-A ${FULL_NAT_CHAIN} ${match(one)} ${target}`);
  }
  return `${[...lines, 'COMMIT'].join('\n')}\n`;
}

/** Narrower services come first. */
function width({ service }: TranslatedDestination): number {
  if (service.kind === 'fwmark') return 2;
  return service.port === 0 ? 1 : 0;
}

function match({ service, destination }: TranslatedDestination): string {
  const toServer = `-d ${destination.address}`;
  const masquerading = '-m ipvs --vmethod masq';
  if (service.kind === 'fwmark') return `${toServer} -m mark --mark ${service.fwmark} ${masquerading}`;
  const protocol = service.protocol.toLowerCase();
  const toPort = destination.port === 0 ? '' : ` -m ${protocol} --dport ${destination.port}`;
  const asked = `--vproto ${protocol} --vaddr ${service.address}${service.port === 0 ? '' : ` --vport ${service.port}`}`;
  return `${toServer} -p ${protocol}${toPort} ${masquerading} ${asked}`;
}

function targets({ sources }: TranslatedDestination): string[] {
  if (sources.length === 0) return ['-j MASQUERADE'];
  return shares(sources).map(({ range, share, total }) => {
    const chance = share < total ? `-m statistic --mode random --probability ${(share / total).toFixed(9)} ` : '';
    return `${chance}-j SNAT --to-source ${printRange(range)}`;
  });
}
