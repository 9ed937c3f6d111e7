import type { Config } from '../config/types.ts';
import type { Options } from './command/options.ts';

/** What decides the names of files beside the command line: fixed for the life of a daemon. */
export interface Identity {
  readonly namespace?: string;
  readonly instance?: string;
  /** use_pid_dir */
  readonly pidDirectory?: boolean;
}

export interface PidPaths {
  readonly parent: string;
  readonly vrrp: string;
  readonly checker: string;
  readonly bfd: string;
}

/** Where several daemons on one machine keep their pid files. */
export const PID_DIRECTORY = '/run/keepalived';

/** Whether `PID_DIRECTORY` is needed. */
export function needsPidDirectory(identity: Identity): boolean {
  return identity.namespace !== undefined || identity.instance !== undefined || identity.pidDirectory === true;
}

/** The file that exists while a configuration is read; `configured` is empty for the default place. */
export function reloadMarkerPath(configured: string, identity: Identity): string {
  if (configured !== '') return configured;
  const directory = needsPidDirectory(identity) ? PID_DIRECTORY : '/run';
  return `${directory}/keepalived${identity.instance === undefined ? '' : `_${identity.instance}`}.reload`;
}

/** reload_file of a configuration, if it names one. */
export function reloadMarkers(config: Config | undefined, identity: Identity): readonly string[] {
  const marker = config?.global.reload.marker;
  return marker === undefined ? [] : [reloadMarkerPath(marker, identity)];
}

/** The pid files: those of the command line, else the default ones for this instance. */
export function pidPaths(options: Options, identity: Identity): PidPaths {
  const directory = needsPidDirectory(identity) ? PID_DIRECTORY : '/run';
  const suffix = identity.instance === undefined ? '' : `_${identity.instance}`;
  const named = (name: string): string => `${directory}/${name}${suffix}.pid`;
  return {
    parent: options.pidFile ?? named('keepalived'),
    vrrp: options.vrrpPidFile ?? named('vrrp'),
    checker: options.checkersPidFile ?? named('checkers'),
    bfd: options.bfdPidFile ?? named('bfd'),
  };
}

/** The socket that `evenkeel status` asks, beside the parent's pid file. */
export function statusSocket(pidFile: string): string {
  return `${pidFile.replace(/\.pid$/, '')}.sock`;
}

/** What follows a syslog ident when several daemons run on one machine: "_NAMESPACE_INSTANCE". */
export function identSuffix(identity: Identity): string {
  return [identity.namespace, identity.instance].map((part) => (part === undefined ? '' : `_${part}`)).join('');
}
