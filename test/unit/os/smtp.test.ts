import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { describe, it } from 'node:test';
import { seconds } from '../../../src/lib/duration.ts';
import { smtpDialogue, takeReply } from '../../../src/notify/smtp.ts';
import { holdSmtpDialogue } from '../../../src/os/sockets/smtp.ts';

const STEPS = smtpDialogue({ helloName: 'h', from: 'a@b', to: ['c@d'], text: 'text\r\n' });
const FINE: Readonly<Record<string, string>> = {
  greeting: '220 mail\r\n',
  HELO: '250 hi\r\n',
  MAIL: '250 ok\r\n',
  RCPT: '250 ok\r\n',
  DATA: '354 go\r\n',
  end: '250 queued\r\n',
  QUIT: '221 bye\r\n',
};

/** A server with its own answers to some commands; an empty one closes the connection. */
function serverWith(answers: Readonly<Record<string, string>>, heard: string[]): Server {
  const said = { ...FINE, ...answers };
  return createServer((socket) => {
    let message = false;
    const answer = (what: string): void => void (said[what] === '' ? socket.end() : socket.write(said[what] ?? ''));
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const line of data.toString('latin1').split('\r\n').slice(0, -1)) {
        const word = line.slice(0, 4);
        if (message && line !== '.') continue;
        heard.push(word);
        answer(message ? 'end' : word);
        message = word === 'DATA';
      }
    });
    answer('greeting');
  });
}

/** What the dialogue came to, and the last command the server heard. */
async function talk(answers: Readonly<Record<string, string>>) {
  const [heard, said]: [string[], string[]] = [[], []];
  const server = serverWith(answers, heard);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const closed = new Promise((resolve) => server.on('connection', (socket) => socket.on('close', resolve)));
  const result = await holdSmtpDialogue({ host: '127.0.0.1', port, timeout: seconds(5) }, STEPS, takeReply, {
    connected: (peer) => said.push(`${peer} connected`),
    taken: () => said.push('taken'),
    complained: (message) => said.push(message),
  });
  await closed;
  server.close();
  const plain = (text: string | undefined) => text?.replaceAll(`${port}`, 'PORT').replace(/fd \d+/, 'fd N');
  const failure = result.ok ? undefined : { ...result.error, message: plain(result.error.message) };
  return { failure, said: said.map(plain), last: heard.at(-1) };
}

describe('a dialogue with a mail server', () => {
  const connected = '[127.0.0.1]:PORT connected';

  it('ends with the reply to QUIT', async () => {
    assert.deepEqual(await talk({}), { failure: undefined, said: [connected, 'taken'], last: 'QUIT' });
  });

  it('ends with QUIT after a refusal, which lasts or may pass', async () => {
    for (const [name, reply, code, lasting] of [
      ['RCPT', '550 no\r\n', 550, true],
      ['MAIL', '451-later\r\n451 please\r\n', 451, false],
      ['HELO', '251 odd\r\n', 251, true],
    ] as const) {
      const message = `Error processing ${name} cmd on SMTP server [127.0.0.1]:PORT. SMTP status code = ${code}`;
      assert.deepEqual(await talk({ [name]: reply }), {
        failure: { message, lasting },
        said: [connected],
        last: 'QUIT',
      });
    }
  });

  it('may lose the server', async () => {
    const message = 'Remote SMTP server [127.0.0.1]:PORT has closed the connection.';
    assert.deepEqual(await talk({ DATA: '' }), {
      failure: { message, lasting: false },
      said: [connected],
      last: 'DATA',
    });
    assert.deepEqual(await talk({ QUIT: '' }), {
      failure: undefined,
      said: [connected, 'taken', message],
      last: 'QUIT',
    });
  });

  it('takes what is sent ahead for answers', async () => {
    const { failure } = await talk({ greeting: '220 a\r\n250 b\r\n250 c\r\n250 d\r\n250 e\r\n' });
    assert.match(failure?.message ?? '', /DATA cmd/);
  });

  it('is over at once where nobody listens', async () => {
    const refused = await holdSmtpDialogue({ host: '127.0.0.1', port: 1, timeout: seconds(5) }, STEPS, takeReply, {
      connected: () => assert.fail('nobody'),
      taken: () => assert.fail('nobody'),
      complained: () => assert.fail('nobody'),
    });
    assert.match(refused.ok ? '' : (refused.error.message ?? ''), /^smtp fd \d+ returned write error$/);
  });
});
