import { millis, micros, type Duration } from '../../src/lib/duration.ts';
import { addressFamily, type IpAddress } from '../../src/lib/ip.ts';
import { alias, block, leaf, type Scope, type Statement, type ValueKind } from '../keyword.ts';
import { decimalRange, readDecimal } from '../numbers.ts';
import { address, boolean, flag, integer, quote } from '../values.ts';
import { weightValue } from '../weight.ts';

const maximumName = 31;

const name: ValueKind<{ readonly name: string }> = {
  syntax: `one name of at most ${maximumName} characters`,
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    const refuse = (message: string): undefined => statement.refuse(message, 1, this.syntax);
    if (word.length > maximumName) {
      return refuse(
        `Configuration error: BFD instance ${word} name too long (maximum length is ${maximumName} characters) - ignoring`,
      );
    }
    const siblings = (statement.scope.values.bfd_instance ?? []) as readonly { readonly name: string }[];
    if (siblings.some((sibling) => sibling.name === word)) return refuse(`BFD ${word} already specified`);
    return { name: word };
  },
  print: (value) => quote(value.name),
};

const neighborAddress = address(
  'Configuration error: BFD instance %n has malformed neighbor address %s, ignoring instance',
);

const neighbor: ValueKind<IpAddress> = {
  ...neighborAddress,
  read(statement) {
    const read = neighborAddress.read(statement);
    // Nothing more is said about a session that is lost already.
    if (read === undefined) statement.scope.values.disabled = true;
    return read;
  },
};

const longInterval = 10_000_000;

/** Milliseconds with up to three decimals. */
function milliseconds(minimum: number): ValueKind<Duration> {
  const range = decimalRange(minimum * 1000, 4_294_967_000, '4294967.000', 3);
  return {
    syntax: `milliseconds from ${minimum} to 4294967`,
    example: String(Math.max(minimum, 300)),
    read(statement) {
      const value = readDecimal(statement, 1, range, this.syntax, 'exact');
      if (value === undefined) {
        const { scope, words } = statement;
        const message = `Configuration error: BFD instance ${scope.name} ${words[0]} value ${words[1] ?? ''} is not valid (must be in range [${minimum}-4294967]), ignoring`;
        return words[1] === undefined ? undefined : statement.refuse(message, 1, this.syntax);
      }
      if (value > longInterval) {
        statement.log(
          `BFD instance ${statement.scope.name} ${statement.words[0]} value ${statement.words[1]} is unusually large`,
        );
      }
      return micros(value);
    },
    print: (value) => String(value / 1000),
  };
}

const invalid = (keyword: string, range: string) =>
  `Configuration error: BFD instance %n ${keyword} value %s not valid (must be in range [${range}]), ignoring`;

const ttl = leaf(integer(1, 255, 'exact'), 'TTL or hop limit of packets sent.', {
  otherwise: '255 with IPv4, 64 with IPv6',
  invalid: invalid('ttl/hoplimit', '1-255'),
});

/** bfd_instance: a session of bidirectional forwarding detection. */
export const bfdInstance = block(
  name,
  'A session of bidirectional forwarding detection (RFC 5880), which instances and real servers can track.',
  {
    neighbor_ip: leaf(neighbor, 'Address of the other end.', { otherwise: 'none (required)' }),
    neighbour_ip: alias('neighbor_ip'),
    source_ip: leaf(
      address('Configuration error: BFD instance %n has malformed source address %s, ignoring'),
      'Address of this end; that of the route unless set.',
      { otherwise: 'chosen by the kernel' },
    ),
    min_rx: leaf(milliseconds(1), 'Shortest interval between packets that is wanted from the other end.', {
      default: millis(10),
    }),
    min_tx: leaf(milliseconds(1), 'Shortest interval between packets sent.', { default: millis(10) }),
    idle_tx: leaf(milliseconds(1000), 'Interval between packets sent while the session is down.', {
      default: millis(1000),
    }),
    multiplier: leaf(integer(1, 255, 'exact'), 'How many packets may be missed.', {
      default: 5,
      invalid: invalid('multiplier', '1-255'),
    }),
    passive: leaf(flag, 'Wait for the other end to begin.'),
    ttl,
    hoplimit: alias('ttl'),
    max_hops: leaf(integer(-1, 255, 'exact'), 'How many hops a packet may have made; -1 for any number.', {
      default: 0,
      invalid: invalid('max_hops', '-1-255'),
    }),
    multihop: leaf(
      boolean('(%n) invalid multihop %s specified'),
      'The other end is more than a link away (RFC 5883).',
      { otherwise: 'off' },
    ),
    weight: leaf(
      weightValue({
        maximum: 253,
        invalid: (word, owner) =>
          `Configuration error: BFD instance ${owner} weight value ${word} not valid (must be in range [-253-253]), ignoring`,
        unknownOption: (option, owner) => `Configuration error: BFD instance ${owner} unknown weight option ${option}`,
        readOn: true,
      }),
      'Change of priority; 0 makes a session that is down a fault.',
      { otherwise: '0' },
    ),
    vrrp: leaf(flag, 'Instances are told of the session; without vrrp and checker both are.', {
      otherwise: 'both processes',
    }),
    checker: leaf(flag, 'Real servers are told of the session; without vrrp and checker both are.', {
      otherwise: 'both processes',
    }),
  },
  { finish },
);

/** The addresses of a session that nothing else is wrong with. */
function finish(scope: Scope, statement: Statement): boolean {
  const { values } = scope;
  if (values.disabled) return true;
  const problem = disabled(scope);
  if (problem !== undefined) {
    statement.report('general-error', `Configuration error: BFD instance ${scope.name} ${problem}`);
    values.disabled = true;
    return true;
  }
  const hops = values.max_hops as number | undefined;
  const family = addressFamily(values.neighbor_ip as IpAddress);
  const limit = (values.ttl as number | undefined) ?? (family === 4 ? 255 : 64);
  if (hops !== undefined && hops > limit) {
    const message = `BFD instance ${scope.name}: max_hops exceeds ttl/hoplimit - setting to ttl/hoplimit`;
    statement.report('general-error', message);
    values.max_hops = limit;
  }
  return true;
}

interface Sibling {
  readonly neighbor_ip?: IpAddress;
  readonly source_ip?: IpAddress;
  readonly multihop?: boolean;
  readonly disabled?: true;
}

function disabled({ values, parent }: Scope): string | undefined {
  const { neighbor_ip: neighbor, source_ip: source, multihop = false } = values as Sibling;
  if (neighbor === undefined) return 'has no neighbor address set, disabling instance';
  if (source !== undefined && addressFamily(source) !== addressFamily(neighbor)) {
    return `source address ${source} and neighbor address ${neighbor} are not of the same family, disabling instance`;
  }
  const siblings = (parent?.values.bfd_instance ?? []) as readonly Sibling[];
  const twin = siblings.some(
    (other) =>
      !other.disabled &&
      other.neighbor_ip === neighbor &&
      (other.source_ip === undefined || source === undefined || other.source_ip === source) &&
      (other.multihop ?? false) === multihop,
  );
  if (!twin) return undefined;
  const ends = source === undefined ? `neighbor address ${neighbor}` : `source/neighbor address ${source}/${neighbor}`;
  return `has duplicate ${ends}, ignoring instance`;
}
