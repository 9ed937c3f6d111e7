import type { SmtpStep } from '../lib/smtp.ts';

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
    { send: undefined, expect: 220 },
    { send: `HELO ${letter.helloName}\r\n`, expect: 250 },
    { send: `MAIL FROM:<${mailbox(letter.from)}>\r\n`, expect: 250 },
    ...letter.to.map((to) => ({ send: `RCPT TO:<${mailbox(to)}>\r\n`, expect: 250 })),
    { send: 'DATA\r\n', expect: 354 },
    { send: `${stuffDots(letter.text)}.\r\n`, expect: 250 },
    { send: 'QUIT\r\n', expect: 221 },
  ];
}

/** The reply's code once its last line is there: "250-" goes on, "250 " ends. */
export function replyCode(received: string): number | undefined {
  const last = /^(\d{3})(?: [^\n]*)?\r?\n$/m.exec(received.slice(received.lastIndexOf('\n', received.length - 2) + 1));
  return last?.[1] === undefined ? undefined : Number(last[1]);
}

/** RFC 5321, section 4.5.2: a line that begins with a dot gets another one. */
function stuffDots(text: string): string {
  return text.replaceAll(/^\./gm, '..');
}

/** The address within `Name <address>`. */
function mailbox(address: string): string {
  return /<([^>]*)>/.exec(address)?.[1] ?? address;
}
