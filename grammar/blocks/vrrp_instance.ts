import { seconds } from '../../src/lib/duration.ts';
import { type AddressFamily, addressFamily, type IpAddress } from '../../src/lib/ip.ts';
import { type AddressLine, addressLine } from '../address-line.ts';
import { type Command, command } from '../command.ts';
import { block, leaf, list, type Scope, type Statement, settings, type ValueKind } from '../keyword.ts';
import {
  address,
  boolean,
  decimalSeconds,
  fill,
  flag,
  integer,
  maximumInterfaceName,
  maximumUnsigned,
  oneOf,
  quote,
  text,
  wholeSeconds,
} from '../values.ts';

const name: ValueKind<{ readonly name: string }> = {
  syntax: 'one name',
  read(statement) {
    const { words, scope } = statement;
    if (words.length !== 2) {
      statement.report('general-error', 'vrrp_instance must have a name', 0, this.syntax);
      return undefined;
    }
    const siblings = (scope.values.vrrp_instance ?? []) as readonly { readonly name: string }[];
    const word = words[1] as string;
    if (siblings.some((sibling) => sibling.name === word)) {
      statement.report('general-error', `vrrp instance ${word} already defined`, 1, 'a name not used before');
      return undefined;
    }
    return { name: word };
  },
  print: (value) => quote(value.name),
};

/** The family an instance has by what was read of it so far. */
function familyOf(scope: Scope): AddressFamily | undefined {
  return scope.facts.get('family') as AddressFamily | undefined;
}

/** The first address of an instance decides its family; true unless a later one differs. */
function settleFamily(scope: Scope, family: AddressFamily): boolean {
  if (familyOf(scope) === undefined) scope.facts.set('family', family);
  return familyOf(scope) === family;
}

const state: ValueKind<'MASTER' | 'BACKUP'> = {
  syntax: 'MASTER or BACKUP',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    const before = statement.scope.values.state;
    if (word === 'BACKUP' && before === 'MASTER') {
      const message = `(${statement.scope.name}) state previously set as MASTER - ignoring BACKUP`;
      statement.report('general-error', message, 1);
      return undefined;
    }
    if (word === 'MASTER' || word === 'BACKUP') return word;
    const message = `(${statement.scope.name}) unknown state '${word}', defaulting to BACKUP`;
    statement.report('general-error', message, 1, this.syntax);
    return 'BACKUP';
  },
  print: (value) => value,
};

const ownInterface: ValueKind<string> = {
  syntax: 'an interface that exists',
  read(statement) {
    const word = statement.words[1];
    if (word === undefined) return statement.missing(1);
    const { surroundings, scope } = statement;
    if (word.length > maximumInterfaceName) {
      statement.report('general-error', `Interface name '${word}' too long - ignoring`, 1, this.syntax);
      return undefined;
    }
    if (!surroundings.interfaceExists(word)) {
      const message = `WARNING - interface ${word} for vrrp_instance ${scope.name} doesn't exist`;
      statement.report('warning', message, 1, this.syntax);
      statement.badInterface();
      return word;
    }
    if (!surroundings.isLoopback(word)) return word;
    const message = `(${scope.name}) cannot use a loopback interface (${word}) for vrrp - ignoring`;
    statement.report('general-error', message, 1, 'an interface that is not a loopback');
    return undefined;
  },
  print: quote,
};

function admitVersion(value: number, { scope, report }: Statement): number | undefined {
  const known = (scope.values.version as number | undefined) ?? (scope.facts.get('version') as number | undefined);
  if (known === undefined || known === value) return value;
  const message = `(${scope.name}) vrrp_version ${value} conflicts with configured or deduced version ${known}; ignoring.`;
  report('general-error', message, 1);
  return undefined;
}

function admitSource(value: IpAddress, { scope, report }: Statement): IpAddress | undefined {
  if (settleFamily(scope, addressFamily(value))) return value;
  const message = `Configuration error: VRRP instance[${scope.name}] and src address[${value}] MUST be of the same family !!! Skipping...`;
  report('general-error', message, 1);
  return undefined;
}

function admitNativeIpv6(value: true, { scope, report }: Statement): true | undefined {
  if (!settleFamily(scope, 6)) {
    report('general-error', `(${scope.name}) native_ipv6 conflicts with the family of its addresses - ignoring`, 0);
    return undefined;
  }
  scope.facts.set('version', 3);
  return value;
}

const virtualAddress: ValueKind<AddressLine> = {
  ...addressLine,
  read(statement) {
    const line = addressLine.read(statement);
    if (!line) return undefined;
    const { scope, words } = statement;
    if (!settleFamily(scope, addressFamily(line.address))) {
      const message = `(${scope.name}): address family must match VRRP instance [${words[0]}] - ignoring`;
      statement.report('general-error', message, 0);
      return undefined;
    }
    if (!addresses(scope, 'virtual_ipaddress').some((other) => other.address === line.address)) return line;
    statement.report('general-error', `(${scope.name}): VIP duplicates a VIP ${line.address} - ignoring`, 0);
    return undefined;
  },
};

const excludedAddress: ValueKind<AddressLine> = {
  ...addressLine,
  read(statement) {
    const line = addressLine.read(statement);
    if (!line) return undefined;
    const { scope } = statement;
    const others = [...addresses(scope, 'virtual_ipaddress'), ...addresses(scope, 'virtual_ipaddress_excluded')];
    if (!others.some((other) => other.address === line.address && other.interface === line.interface)) return line;
    statement.report('general-error', `(${scope.name}): eVIP duplicates a VIP ${line.address} - ignoring`, 0);
    return undefined;
  },
};

function addresses(scope: Scope, keyword: string): readonly AddressLine[] {
  return (scope.values[keyword] ?? []) as readonly AddressLine[];
}

/** The first command of its kind counts. */
function firstCommand(value: Command, { scope, words, report }: Statement): Command | undefined {
  const keyword = words[0] as string;
  if (scope.values[keyword] === undefined) return value;
  report('general-error', `(${scope.name}) ${keyword} script already specified - ignoring ${value.written}`, 0);
  return undefined;
}

/** Of two opposite keywords the later one counts. */
const undoes =
  (opposite: string) =>
  <T>(value: T, { scope }: Statement): T => {
    delete scope.values[opposite];
    return value;
  };

const notify = (when: string) => leaf(command, `Command run when ${when}.`, { admit: firstCommand });

const atLeastOne = (value: number, statement: Statement): number => {
  if (value >= 1) return value;
  statement.report(
    'general-error',
    fill(`(%n): ${statement.words[0]} must be greater than 0, setting to 1`, statement),
  );
  return 1;
};

const notifyDeleted: ValueKind<Command | true> = {
  syntax: `nothing, or ${command.syntax}`,
  read: (statement) => (statement.words.length < 2 ? true : command.read(statement)),
  print: (value) => (value === true ? '' : command.print(value)),
};

export const authentication = settings('Authentication of VRRP version 2.', {
  auth_type: leaf(oneOf(['PASS', 'AH'], "(%n) unknown authentication type '%s'"), 'Method of authentication.'),
  auth_pass: leaf(
    {
      ...text,
      syntax: 'a password of at most 8 bytes',
      read(statement) {
        const word = statement.words[1];
        if (word === undefined) return statement.missing(1);
        if (new TextEncoder().encode(word).length <= 8) return word;
        statement.report('warning', 'Truncating auth_pass to 8 characters', 1, this.syntax);
        return new TextDecoder().decode(new TextEncoder().encode(word).subarray(0, 8));
      },
    },
    'Password, sent readable in every advert.',
    { secret: true },
  ),
});

export const vrrpInstance = block(name, 'One virtual router.', {
  state: leaf(state, 'State the instance would like to start in; MASTER for an address owner, else BACKUP.'),
  interface: leaf(ownInterface, 'Interface that adverts go out of and that addresses are put on.'),
  dont_track_primary: leaf(flag, 'Take no notice of the state of the own interface.'),
  mcast_src_ip: leaf(
    address('Configuration error: VRRP instance[%n] malformed src address[%s]. Skipping...'),
    'Source address of adverts; the first address of the interface unless set.',
    { admit: admitSource },
  ),
  native_ipv6: leaf(flag, 'The instance is of IPv6 although no address says so.', { admit: admitNativeIpv6 }),
  virtual_router_id: leaf(integer(1, 255), 'Virtual router identifier (RFC 5798, section 5.2.3).', {
    invalid: "(%n): VRID '%s' not valid - must be between 1 & 255",
  }),
  version: leaf(integer(2, 3), 'Version of the protocol; 3 for IPv6, else vrrp_version.', {
    invalid: '(%n): Version must be either 2 or 3',
    admit: admitVersion,
  }),
  priority: leaf(integer(1, 255), 'Priority (RFC 5798, section 5.2.4); 255 is the owner of the addresses.', {
    default: 100,
    invalid: '(%n) Priority not valid! must be between 1 & 255. Using default 100',
    fallback: 100,
  }),
  advert_int: leaf(decimalSeconds(10_000, 255_000_000), 'Interval between adverts.', {
    default: seconds(1),
    invalid: '(%n) Advert interval (%s) not valid! Must be > 0 - ignoring',
  }),
  // Excluded ones come first: written so, they are not compared with the others as they are read.
  virtual_ipaddress_excluded: list(excludedAddress, 'Addresses held while master but left out of adverts.'),
  virtual_ipaddress: list(virtualAddress, 'Addresses held while master and named in adverts.'),
  no_virtual_ipaddress: leaf(flag, 'The instance may be without addresses.'),
  promote_secondaries: leaf(flag, 'Let a secondary address take the place of a removed primary one.', {
    lacks: 'has no effect',
  }),
  accept: leaf(flag, 'Answer packets sent to the virtual addresses.', { admit: undoes('no_accept') }),
  no_accept: leaf(flag, 'Do not answer packets sent to the virtual addresses.', {
    lacks: 'does not filter packets to the virtual addresses',
    admit: undoes('accept'),
  }),
  skip_check_adv_addr: leaf(
    boolean('(%n) invalid skip_check_adv_addr %s specified'),
    'Check the address list only of the first advert of a master. Any value turns it on.',
    { admit: () => true },
  ),
  strict_mode: leaf(boolean('(%n) invalid strict_mode %s specified'), 'Keep to the letter of the RFC.', {
    lacks: 'does not filter packets to the virtual addresses',
  }),
  preempt: leaf(flag, 'Take over from a master of lower priority; undoes an earlier nopreempt.', {
    admit: undoes('nopreempt'),
  }),
  nopreempt: leaf(flag, 'Leave a master of lower priority alone.', {
    admit: undoes('preempt'),
  }),
  preempt_delay: leaf(decimalSeconds(0, 1_000_000_000), 'How long to wait before taking over from a lower master.', {
    default: seconds(0),
    invalid: '(%n) Preempt_delay not valid! must be between 0-1000',
    fallback: seconds(0),
  }),
  debug: leaf(integer(0, 4), 'Shown in dumps.', { invalid: "(%n) Debug value '%s' not valid; must be between 0-4" }),
  notify_backup: notify('the instance becomes backup'),
  notify_master: notify('the instance becomes master'),
  notify_fault: notify('the instance enters the fault state'),
  notify_stop: notify('the instance stops'),
  notify_deleted: leaf(notifyDeleted, 'Report DELETED, not FAULT, when a reload removes the instance.', {
    admit: (value, statement) => (value === true ? value : firstCommand(value, statement)),
  }),
  notify: notify('the instance changes state'),
  notify_master_rx_lower_pri: notify('a master hears a master of lower priority'),
  smtp_alert: leaf(boolean('Invalid vrrp_instance smtp_alert parameter %s'), 'Send mails about changes of state.', {
    lacks: 'sends no mail',
  }),
  notify_priority_changes: leaf(
    boolean("(%n) Invalid value '%s' for notify_priority_changes specified"),
    'Tell scripts and FIFOs about changes of priority.',
    { lacks: 'has no effect' },
  ),
  garp_master_delay: leaf(wholeSeconds(0, 4294), 'From becoming master to the second set of gratuitous ARP.', {
    invalid: "(%n): garp_master_delay '%s' invalid - ignoring",
  }),
  garp_master_refresh: leaf(wholeSeconds(0, maximumUnsigned), 'Period of gratuitous ARP while master; 0 is off.', {
    invalid: "(%n): Invalid garp_master_refresh '%s' - ignoring",
    fallback: seconds(0),
  }),
  garp_master_repeat: leaf(integer(0, maximumUnsigned), 'Frames in each set on becoming master.', {
    invalid: "(%n): garp_master_repeat '%s' invalid - ignoring",
    admit: atLeastOne,
  }),
  garp_master_refresh_repeat: leaf(integer(0, maximumUnsigned), 'Frames in each periodic set.', {
    invalid: "(%n): garp_master_refresh_repeat '%s' invalid - ignoring",
    admit: atLeastOne,
  }),
  garp_lower_prio_delay: leaf(wholeSeconds(0, 4294), 'As garp_master_delay, after hearing a lower master.', {
    invalid: "(%n): garp_lower_prio_delay '%s' invalid - ignoring",
  }),
  garp_lower_prio_repeat: leaf(integer(0, 0x7fffffff), 'As garp_master_repeat, after hearing a lower master.', {
    invalid: "(%n): Invalid garp_lower_prio_repeat '%s'",
  }),
  down_timer_adverts: leaf(integer(1, 100), 'Adverts that must be missed before the master counts as down.', {
    invalid: "(%n): Invalid down_timer_adverts [1:100] '%s'",
  }),
  lower_prio_no_advert: leaf(
    boolean('(%n) invalid lower_prio_no_advert %s specified'),
    'Stay silent when a master of lower priority is heard.',
  ),
  higher_prio_send_advert: leaf(
    boolean('(%n) invalid higher_prio_send_advert %s specified'),
    'Send one advert more before giving way to a master of higher priority.',
  ),
  owner_ignore_adverts: leaf(
    boolean('(%n) invalid owner_ignore_adverts %s specified'),
    'An address owner takes no notice of adverts.',
  ),
  authentication,
});
