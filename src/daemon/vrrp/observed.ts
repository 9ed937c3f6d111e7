import type { GlobalConfig } from '../../config/types.ts';

/** Whether D-Bus or SNMP is to be told of changes. */
export function isObserved({ dbus, snmp }: Pick<GlobalConfig, 'dbus' | 'snmp'>): boolean {
  return dbus !== undefined || isShownBySnmp(snmp);
}

export function isShownBySnmp(snmp: GlobalConfig['snmp'] | undefined): boolean {
  return snmp !== undefined && (snmp.vrrp || snmp.checker || snmp.rfcV2 || snmp.rfcV3);
}
