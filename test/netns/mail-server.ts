import { Recorder, until } from './processes.ts';

/** A mail server in a network namespace, in a few lines: it agrees to everything and repeats every line it is told. */
const PROGRAM = `
require('node:net').createServer((socket) => {
  let message = false, pending = '';
  socket.write('220 mail ESMTP\\r\\n');
  socket.on('error', () => {});
  socket.on('data', (data) => {
    pending += data;
    for (let end = pending.indexOf('\\r\\n'); end >= 0; end = pending.indexOf('\\r\\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      console.log(line);
      if (message && line !== '.') continue;
      message = line === 'DATA';
      socket.write(message ? '354 go on\\r\\n' : line === 'QUIT' ? '221 bye\\r\\n' : '250 fine\\r\\n');
    }
  });
}).listen(25, '127.0.0.1', () => console.log('listening'));`;

/** What daemons say to it. */
export class MailServer {
  readonly lines: string[] = [];
  readonly #recorder: Recorder;

  private constructor(namespace: string) {
    const command = ['ip', 'netns', 'exec', namespace, process.execPath, '-e', PROGRAM];
    this.#recorder = new Recorder(command, { line: (line) => void this.lines.push(line) });
  }

  static async open(namespace: string): Promise<MailServer> {
    const server = new MailServer(namespace);
    await until('the mail server', 10, () => server.lines.shift() === 'listening');
    return server;
  }

  /** Whole dialogues so far. */
  get letters(): number {
    return this.lines.filter((line) => line === 'QUIT').length;
  }

  /** The first `count` dialogues, folded header lines (RFC 5322, section 2.2.3) in one, without the date. */
  dialogues(count: number): string[] {
    const text = this.lines
      .join('\n')
      .split(/(?<=^QUIT$)\n/m)
      .slice(0, count);
    return text.map((letter) => letter.replaceAll(/\n /g, ' ').replace(/^Date: .*$/m, 'Date:'));
  }

  async close(): Promise<void> {
    await this.#recorder.end('SIGTERM');
  }
}
