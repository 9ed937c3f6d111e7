import type { Host } from './host.ts';

export const virtualAddress = '10.9.0.200';

/** What a test varies in the one instance; lines are keepalived.conf text. */
export interface InstanceOptions {
  readonly priority: number;
  readonly state?: 'MASTER' | 'BACKUP';
  readonly addresses?: readonly string[];
  /** Further lines inside vrrp_instance. */
  readonly instance?: readonly string[];
  /** Further lines inside global_defs. */
  readonly global?: readonly string[];
  /** Further blocks, before the instance. */
  readonly blocks?: readonly string[];
}

/** A keepalived.conf with one instance VI_1, virtual router 51, that writes to the host's FIFO. */
export function configuration(host: Host, options: InstanceOptions): string {
  return [
    'global_defs {',
    '    router_id TEST',
    '    script_user root',
    `    notify_fifo ${host.fifoPath}`,
    ...indented(options.global ?? []),
    '}',
    ...(options.blocks ?? []),
    'vrrp_instance VI_1 {',
    `    state ${options.state ?? 'BACKUP'}`,
    '    interface eth0',
    '    virtual_router_id 51',
    `    priority ${options.priority}`,
    '    advert_int 1',
    ...indented(options.instance ?? []),
    '    virtual_ipaddress {',
    ...indented(indented(options.addresses ?? [virtualAddress])),
    '    }',
    '}',
    '',
  ].join('\n');
}

export const passwordAuthentication = ['authentication {', '    auth_type PASS', '    auth_pass 1111', '}'];

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`);
}

/** An instance with two adverts a second. As an owner it is master at once, so that a test of faults is about the fault alone. */
export const fastInstance = (name: string, virtualRouterId: number, more = '', priority = 255): string =>
  `vrrp_instance ${name} {
  version 3
  interface eth0
  virtual_router_id ${virtualRouterId}
  priority ${priority}
  advert_int 0.5
  ${more}
  virtual_ipaddress {
    10.99.0.${virtualRouterId}/32
  }
}
`;

/** The longest gap, in seconds, between its adverts if none is missed: two intervals and what a busy machine adds. */
export const NO_ADVERT_MISSED = 1.3;
