import { type Duration, seconds } from '../../../src/lib/duration.ts';
import { leaf, type Statement, type ValueKind } from '../../keyword.ts';
import { readIntegerText } from '../../numbers.ts';
import { boolean, integer, maximumUnsigned, printSeconds, timer32, wholeSeconds } from '../../values.ts';
import { atLeastOne } from './shared.ts';

/** Announcements on further interfaces. */
export interface ExtraAnnouncements {
  readonly interval: Duration;
  /** On every interface, not only those of virtual MACs. */
  readonly all: boolean;
}

/** `all` if it is wanted, and whole seconds, `minimum` at least; `about` begins the complaints. */
export function extraAnnouncements(
  minimum: 0 | 1,
  about: (statement: Statement) => string,
): ValueKind<ExtraAnnouncements> {
  return {
    syntax: `optionally all, then whole seconds from ${minimum} to 86400`,
    example: 'all 60',
    read(statement) {
      const { words, refuse } = statement;
      let interval: number | undefined;
      for (let at = 1; at < words.length; at++) {
        const word = words[at] as string;
        if (word === 'all') continue;
        interval = readIntegerText(word, statement, at, minimum, 86_400, 'lenient', this.syntax);
        if (interval !== undefined) continue;
        return refuse(`${about(statement)} '${word}' invalid - ignoring`, at, this.syntax);
      }
      if (interval !== undefined) return { interval: seconds(interval), all: words.includes('all') };
      return refuse(`${about(statement)} specified without time - ignoring`, 0, this.syntax);
    },
    print: ({ interval, all }) => `${all ? 'all ' : ''}${printSeconds(interval)}`,
  };
}

const globalExtra = extraAnnouncements(1, ({ words }) => words[0] as string);

/** A gap of a second or more is probably meant as something else. */
const remarkLongGap = (value: Duration, statement: Statement): Duration => {
  if (value >= 1_000_000) statement.log(`The ${statement.words[0]} is very large - ${printSeconds(value)} seconds`);
  return value;
};

/** The schedule of gratuitous ARP and neighbour advertisements; instances take over what they do not set. */
export const garpRows = {
  vrrp_garp_master_delay: leaf(wholeSeconds(0, 4294), 'Default of garp_master_delay.', {
    default: seconds(5),
    invalid: "vrrp_garp_master_delay '%s' invalid - ignoring",
  }),
  vrrp_garp_master_repeat: leaf(integer(0, maximumUnsigned), 'Default of garp_master_repeat.', {
    default: 5,
    invalid: "vrrp_garp_master_repeat '%s' invalid - ignoring",
    admit: atLeastOne<number>(1, 1),
  }),
  vrrp_garp_master_refresh: leaf(wholeSeconds(0, maximumUnsigned), 'Default of garp_master_refresh.', {
    default: seconds(0),
    invalid: "Invalid vrrp_garp_master_refresh '%s' - ignoring",
    fallback: seconds(0),
  }),
  vrrp_garp_master_refresh_repeat: leaf(integer(0, maximumUnsigned), 'Default of garp_master_refresh_repeat.', {
    default: 1,
    invalid: "vrrp_garp_master_refresh_repeat '%s' invalid - ignoring",
    admit: atLeastOne<number>(1, 1),
  }),
  vrrp_garp_lower_prio_delay: leaf(wholeSeconds(0, 4294), 'Default of garp_lower_prio_delay.', {
    otherwise: 'value of vrrp_garp_master_delay',
    invalid: "vrrp_garp_lower_prio_delay '%s' invalid - ignoring",
  }),
  vrrp_garp_lower_prio_repeat: leaf(integer(0, 0x7fffffff), 'Default of garp_lower_prio_repeat.', {
    otherwise: 'value of vrrp_garp_master_repeat',
    invalid: "Invalid vrrp_garp_lower_prio_repeat '%s'",
  }),
  vrrp_garp_interval: leaf(timer32(1), 'Smallest gap between gratuitous ARP frames on an interface.', {
    otherwise: '0 (off)',
    invalid: "vrrp_garp_interval '%s' is invalid",
    admit: remarkLongGap,
  }),
  vrrp_gna_interval: leaf(timer32(1), 'Smallest gap between unsolicited neighbour advertisements on an interface.', {
    otherwise: '0 (off)',
    invalid: "vrrp_gna_interval '%s' is invalid",
    admit: remarkLongGap,
  }),
  vrrp_min_garp: leaf(
    boolean('Invalid value for vrrp_min_garp specified'),
    'Send a single gratuitous ARP on becoming master, without delay, repeat or refresh.',
    {
      otherwise: 'off',
      admit: (value, statement) => {
        if (value) settleMinimalGarp(statement.scope.values);
        return value;
      },
    },
  ),
  vrrp_garp_extra_if: leaf(globalExtra, 'Default of garp_extra_if.', { otherwise: '0 (off)' }),
  vrrp_vmac_garp_intvl: leaf(globalExtra, 'Old spelling of vrrp_garp_extra_if.', {
    deprecated: {
      instead: 'vrrp_garp_extra_if',
      message: 'Keyword "vrrp_vmac_garp_intvl" is deprecated - please use "vrrp_garp_extra_if"',
    },
  }),
};

/** Each setting that still has its default becomes the smallest one; what was set before stays. */
function settleMinimalGarp(values: Record<string, unknown>): void {
  values.vrrp_garp_master_repeat ??= 1;
  values.vrrp_garp_master_refresh ??= seconds(0);
  values.vrrp_garp_master_refresh_repeat ??= 0;
  values.vrrp_garp_master_delay ??= seconds(0);
}
