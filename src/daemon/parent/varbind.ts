import type { Varbind } from '../../os/agentx.ts';
import { type Oid, SNMP_TYPES, type SnmpVariable } from '../../report/snmp/values.ts';

/** A variable as the library wants it. */
export function varbind({ oid, type, value: plain }: SnmpVariable): Varbind {
  const value = type === 'octets' ? Buffer.from(plain as string) : plain;
  return { oid: oid.join('.'), type: SNMP_TYPES[type], value };
}

/** The library has null or 0.0 for an empty identifier. */
export function parseOid(text: string | null): Oid {
  return text === null || text === '0.0' ? [] : text.split('.').map(Number);
}
