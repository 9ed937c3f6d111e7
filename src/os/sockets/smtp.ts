import { connect } from 'node:net';
import { err, ok, type Result } from '../../lib/result.ts';
import type { SmtpServer, SmtpStep } from '../../lib/smtp.ts';

/** A server that talks on without end is not listened to for ever. */
const LONGEST_REPLY = 64 * 1024;

/**
 * Holds a dialogue with a mail server: each step is sent once the reply to the one before it is complete. `timeout` is for
 * the connection and for every reply. `connected` is told the server's address, "[192.0.2.1]:25". Answers why the server did not
 * take the message, when it did not.
 */
export function holdSmtpDialogue(
  { host, port, timeout }: SmtpServer,
  steps: readonly SmtpStep[],
  replyCode: (received: string) => number | undefined,
  connected: (peer: string) => void,
): Promise<Result<void, string>> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const limit = timeout / 1000;
    let at = 0;
    let received = '';
    const finish = (result: Result<void, string>): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(limit, () => finish(err(`no answer within ${Math.round(limit / 1000)} seconds`)));
    socket.on('error', (error) => finish(err(error.message)));
    socket.on('close', () => finish(err('the connection was closed')));
    socket.on('connect', () => connected(`[${socket.remoteAddress}]:${port}`));
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      received += chunk;
      const code = replyCode(received);
      if (code === undefined) {
        if (received.length > LONGEST_REPLY) finish(err('the reply has no end'));
        return;
      }
      const text = received.trim();
      received = '';
      if (code !== steps[at]?.expect) return finish(err(`the server answered "${text}"`));
      at += 1;
      const next = steps[at];
      if (next?.send === undefined) return finish(ok(undefined));
      socket.write(next.send);
    });
  });
}

/** Wall time as mail headers have it (RFC 5322, section 3.3): "Sat, 21 Nov 2026 05:07:55 +0000". */
export function mailDate(at = new Date()): string {
  const [weekday, month, day, year, time] = at.toString().split(' ');
  const zone = /GMT([+-]\d{4})/.exec(at.toString())?.[1] ?? '+0000';
  return `${weekday}, ${day} ${month} ${year} ${time} ${zone}`;
}
