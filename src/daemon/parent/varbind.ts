import type { Varbind } from '../../os/agentx.ts';
import { type Oid, SNMP_TYPES, type SnmpVariable } from '../../report/snmp/values.ts';

/** A variable as the library wants it. */
export function varbind({ oid, type, value: plain }: SnmpVariable): Varbind {
  const value = type === 'octets' ? Buffer.from(plain as string) : plain;
  return { oid: oid.join('.'), type: SNMP_TYPES[type], value };
}

/** The library has 0.0 for an empty identifier in some places. */
export function parseOid(text: string): Oid {
  return text === '' || text === '0.0' ? [] : text.split('.').map(Number);
}
