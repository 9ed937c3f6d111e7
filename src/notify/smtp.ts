import type { SmtpReply, SmtpStep } from '../lib/smtp.ts';

/** Of ASCII. */
const ZERO = 48;

/** Whom a message goes to, from whom, and its text. */
export interface Letter {
  readonly helloName: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Complete with header lines; lines end in CRLF. */
  readonly text: string;
}

/** The message as keepalived writes it: header lines in its order (RFC 5322), then the body. */
export function composeMessage(
  letter: { readonly from: string; readonly to: readonly string[]; readonly subject: string; readonly body: string },
  date: string,
): string {
  const lines = [
    `Date: ${date}`,
    `From: ${letter.from}`,
    `Subject: ${letter.subject}`,
    'X-Mailer: Keepalived',
    `To: ${letter.to.join(',\r\n ')}`,
    '',
    letter.body,
    '',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** The whole dialogue (RFC 5321), beginning with the greeting; HELO, as no extension is used. */
export function smtpDialogue(letter: Letter): readonly SmtpStep[] {
  return [
    { name: '(E)SMTP', send: undefined, expect: 220 },
    { name: 'HELO', send: `HELO ${letter.helloName}\r\n`, expect: 250 },
    { name: 'MAIL', send: `MAIL FROM:<${mailbox(letter.from)}>\r\n`, expect: 250 },
    ...letter.to.map((to) => ({ name: 'RCPT', send: `RCPT TO:<${mailbox(to)}>\r\n`, expect: 250 })),
    { name: 'DATA', send: 'DATA\r\n', expect: 354 },
    { name: 'BODY', send: `${stuffDots(letter.text)}.\r\n`, expect: 250, last: true },
    { name: 'QUIT', send: 'QUIT\r\n', expect: 221 },
  ];
}

/**
 * The first reply in what a server has sent, once its last line is there: "250-" goes on, "250 " ends. A line that does not
 * begin with digits has a code as well, the one keepalived works out for it.
 */
export function takeReply(received: string): SmtpReply | undefined {
  for (let from = 0, end = received.indexOf('\n'); end >= 0; from = end + 1, end = received.indexOf('\n', from)) {
    const line = received.slice(from, end + 1);
    if (line[3] === '-') continue;
    const digit = (at: number): number => (line.charCodeAt(at) || 0) - ZERO;
    return { code: 100 * digit(0) + 10 * digit(1) + digit(2), rest: received.slice(end + 1) };
  }
  return undefined;
}

/** RFC 5321, section 4.5.2: a line that begins with a dot gets another one. */
function stuffDots(text: string): string {
  return text.replaceAll(/^\./gm, '..');
}

/** The address within `Name <address>`. */
function mailbox(address: string): string {
  return /<([^>]*)>/.exec(address)?.[1] ?? address;
}
