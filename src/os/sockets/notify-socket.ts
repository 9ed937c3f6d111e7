import { openUnixDatagramSender } from './unix-datagram.ts';

/** Tells the service manager how this process is doing (sd_notify(3)). */
export interface NotifySocket {
  /** Assignments such as "READY=1", one datagram; a manager that does not listen is no error. */
  notify(...assignments: readonly string[]): void;
  close(): void;
}

/** Only where systemd itself, process 1, started us and asked for it; undefined otherwise. */
export function openNotifySocket(
  path = process.env.NOTIFY_SOCKET,
  parent: number = process.ppid,
): NotifySocket | undefined {
  if (parent !== 1 || path === undefined || path === '') return undefined;
  const sender = openUnixDatagramSender(path);
  return {
    notify: (...assignments) => void sender.send(new TextEncoder().encode(assignments.join('\n'))),
    close: () => sender.close(),
  };
}
