import type { Config } from '../../config/types.ts';
import { parseIp } from '../../lib/ip.ts';
import { numbered, scalars, type SnmpTable, snmpTable } from './tree.ts';
import {
  addressType,
  addressValue,
  type Cell,
  choice,
  gauge,
  given,
  integer,
  setting,
  text,
  wholeSeconds,
} from './values.ts';

/** KEEPALIVED-MIB: enterprises.debian.project.keepalived. */
export const KEEPALIVED_MIB = [1, 3, 6, 1, 4, 1, 9586, 100, 5] as const;
const GLOBAL = [...KEEPALIVED_MIB, 1];
const MAIL = [...GLOBAL, 3];
const EMAIL_ENTRY = [...MAIL, 5, 1];
export const ROUTER_ID = [...GLOBAL, 2, 0] as const;

/** keepalived's type and address of a mail server that is not configured. */
const NO_SERVER_TYPE = integer(2);
const NO_SERVER_ADDRESS: Cell = ['octets', new Uint8Array(4)];
const FLUSHES = { all: 1, off: 2, services: 3 } as const;

/** The group `global`. `version` as -v shows it. */
export function globalTables({ global }: Config, version: string): SnmpTable[] {
  const { defaults, snmp } = global;
  return [
    ...scalars(GLOBAL, {
      1: text(version),
      2: text(global.routerId),
      4: choice(snmp.traps),
      5: integer(global.linkbeatUsePolling ? 2 : 1),
      6: choice(global.lvsFlush),
      7: choice(true),
      8: text(global.netNamespace ?? ''),
      9: choice(global.dbus !== undefined),
      10: choice(defaults.dynamicInterfaces !== 'off'),
      11: integer(FLUSHES[global.lvsFlushOnStop]),
      12: choice(defaults.v3ChecksumAsV2),
    }),
    ...mailTables(global),
  ];
}

function mailTables({ email, defaults }: Config['global']): SnmpTable[] {
  const address = email?.server && parseIp(email.server.host);
  return [
    ...scalars(MAIL, {
      1: address === undefined ? NO_SERVER_TYPE : addressType(address),
      2: address === undefined ? NO_SERVER_ADDRESS : addressValue(address),
      3: wholeSeconds(email?.connectTimeout ?? 0),
      4: given(email?.from, text),
      6: gauge(email?.server?.port ?? 0),
      7: choice(defaults.emailFaults),
      8: setting(defaults.smtpAlert),
      9: setting(defaults.smtpAlertVrrp),
      10: setting(defaults.smtpAlertChecker),
    }),
    snmpTable<string>(EMAIL_ENTRY, { 2: text }, numbered(email?.to ?? [])),
  ];
}
