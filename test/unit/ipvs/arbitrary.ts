import fc from 'fast-check';
import { type Destination, type IpvsTable, ipvsTable, type Service } from '../../../src/ipvs/types.ts';
import { type IpAddress, parseIp } from '../../../src/lib/ip.ts';

export function ip(text: string): IpAddress {
  const address = parseIp(text);
  if (address === undefined) throw new Error(`not an IP address: ${text}`);
  return address;
}

const addresses4 = fc.constantFrom('10.0.0.1', '10.0.0.2', '192.0.2.255').map(ip);
const addresses6 = fc.constantFrom('fd00::1', '2001:db8::ff00:1').map(ip);
const ports = fc.constantFrom(80, 443, 65_535);
const protocols = fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const);

const keys: fc.Arbitrary<Service['key']> = fc.oneof(
  plain({ kind: fc.constant('address' as const), address: addresses4, port: ports, protocol: protocols }),
  plain({ kind: fc.constant('address' as const), address: addresses6, port: ports, protocol: protocols }),
  plain({
    kind: fc.constant('fwmark' as const),
    fwmark: fc.integer({ min: 1, max: 3 }),
    family: fc.constantFrom(4 as const, 6 as const),
  }),
);

/** Services as a configuration asks for them. */
export const services: fc.Arbitrary<Service> = keys.chain((key) => {
  const family = key.kind === 'fwmark' ? key.family : key.address.includes(':') ? 6 : 4;
  return fc
    .record({
      scheduler: fc.constantFrom('rr', 'wlc', 'mh'),
      flags: fc.constantFrom(0, 1, 0x18, 0x3d),
      timeout: fc.integer({ min: 0, max: 0xffff_ffff }),
      netmask: family === 4 ? fc.constantFrom('255.255.255.255', '255.255.255.0').map(ip) : fc.constantFrom(128, 64),
      engine: fc.option(fc.constant('sip'), { nil: undefined }),
    })
    .map(({ engine, ...rest }) => ({ key, ...rest, ...(engine !== undefined && { persistenceEngine: engine }) }));
});

export const destinations: fc.Arbitrary<Destination> = fc
  .record({
    address: fc.oneof(addresses4, addresses6),
    port: fc.constantFrom(0, 80, 8080),
    forwardingMethod: fc.constantFrom('NAT' as const, 'TUN' as const, 'DR' as const),
    weight: fc.constantFrom(0, 1, 100, 0x7fff_ffff),
    upperThreshold: fc.constantFrom(0, 10),
    lowerThreshold: fc.constantFrom(0, 5),
    tunnel: fc.option(
      plain({
        type: fc.constantFrom('gue' as const, 'gre' as const),
        port: fc.constantFrom(0, 6080),
        flags: fc.constantFrom(0, 1),
      }),
      { nil: undefined },
    ),
  })
  .map(({ tunnel, ...rest }) => ({ ...rest, ...(tunnel && rest.forwardingMethod === 'TUN' && { tunnel }) }));

export const tables: fc.Arbitrary<IpvsTable> = fc
  .array(fc.tuple(services, fc.array(destinations, { maxLength: 4 })), { maxLength: 5 })
  .map(ipvsTable);

/** A record with Object.prototype, as code makes them. */
function plain<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true });
}
