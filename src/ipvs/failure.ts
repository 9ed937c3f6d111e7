import { errno, errnoText } from '../lib/errno.ts';
import type { Command } from './types.ts';

/** A command that the kernel did not carry out as it stood. */
export interface CommandFailure {
  readonly command: Command;
  /** As the kernel gave it. */
  readonly errno: number;
  /** The kernel's own words, when it has some. */
  readonly text?: string;
}

/**
 * What the kernel refuses because it already is as the command wants it: success, though still logged. A missing
 * service answers ESRCH, a missing destination ENOENT.
 */
const alreadySo: Readonly<Partial<Record<Command['kind'], readonly number[]>>> = {
  newService: [errno.EEXIST],
  newDestination: [errno.EEXIST],
  deleteService: [errno.ESRCH, errno.ENOENT],
  deleteDestination: [errno.ENOENT, errno.ESRCH],
};

export function isAlreadySo({ command, errno: number }: CommandFailure): boolean {
  return alreadySo[command.kind]?.includes(number) ?? false;
}

/** Whether a changed destination turned out not to be there, so that it has to be made. */
export function isMissingDestination({ command, errno: number }: CommandFailure): boolean {
  return command.kind === 'setDestination' && (number === errno.ENOENT || number === errno.ESRCH);
}

/** The socket option of linux/ip_vs.h that each command replaces: keepalived's log names commands by them. */
const commandNames: Readonly<Record<Command['kind'], string>> = {
  newService: 'IP_VS_SO_SET_ADD(1154)',
  setService: 'IP_VS_SO_SET_EDIT(1155)',
  deleteService: 'IP_VS_SO_SET_DEL(1156)',
  flush: 'IP_VS_SO_SET_FLUSH(1157)',
  newDestination: 'IP_VS_SO_SET_ADDDEST(1159)',
  deleteDestination: 'IP_VS_SO_SET_DELDEST(1160)',
  setDestination: 'IP_VS_SO_SET_EDITDEST(1161)',
};

/** What an error number means for one command, where strerror(3) would say less; as keepalived logs it. */
const meanings: Readonly<Partial<Record<Command['kind'], Readonly<Record<number, string>>>>> = {
  newService: { [errno.EEXIST]: 'Service already exists', [errno.ENOENT]: 'Scheduler or persistence engine not found' },
  setService: { [errno.ENOENT]: 'Scheduler or persistence engine not found' },
  newDestination: { [errno.EEXIST]: 'Destination already exists' },
  deleteDestination: { [errno.ENOENT]: 'No such destination' },
};

/** `IPVS cmd IP_VS_SO_SET_ADD(1154) error: Service already exists(17) (10.0.0.1:tcp:80)` */
export function failureText({ command, errno: number }: CommandFailure): string {
  const shown = number === errno.ESRCH ? errno.ENOENT : number;
  const meaning = meanings[command.kind]?.[shown] ?? errnoText(shown);
  return `IPVS cmd ${commandNames[command.kind]} error: ${meaning}(${shown})${subject(command)}`;
}

function subject(command: Command): string {
  if (command.kind === 'flush') return '';
  const { key } = command.service;
  const service =
    key.kind === 'fwmark'
      ? `Fwm ${key.fwmark}${key.family === 6 ? ' inet6' : ''}`
      : `${key.address}:${key.protocol.toLowerCase()}:${key.port}`;
  if (!('destination' in command)) return ` (${service})`;
  return ` (${service} -> ${command.destination.address}:${command.destination.port})`;
}
