import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { GlobalConfig } from '../../../../src/config/types.ts';
import { Mailer } from '../../../../src/daemon/parent/mailer.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import { err, ok, type Result } from '../../../../src/lib/result.ts';
import type { SmtpFailure, SmtpStep } from '../../../../src/lib/smtp.ts';
import { FakeWorld } from '../../../fakes/parent-world.ts';

const global = {
  routerId: 'R',
  email: {
    from: 'x@example.com',
    to: ['a@example.com'],
    server: { host: '192.0.2.1', port: 25 },
    heloName: 'host',
    connectTimeout: seconds(30),
  },
} as unknown as GlobalConfig;

describe('mailer', () => {
  let world: FakeWorld;
  let lines: string[];
  let details: string[];
  let answers: Result<void, SmtpFailure>[];
  let delivered: string[];
  let mailer: Mailer;

  beforeEach(() => {
    world = new FakeWorld();
    [lines, details, answers, delivered] = [[], [], [], []];
    mailer = new Mailer({
      log: ({ message, detail }) => void (detail ? details : lines).push(message),
      now: () => world.now(),
      openTimer: (expired) => world.openTimer(expired),
      date: () => 'today',
      deliver: (_, steps: readonly SmtpStep[], progress) => {
        delivered.push(/Subject: (.*)\r/.exec(steps.at(-2)?.send ?? '')?.[1] ?? '');
        progress.connected('[192.0.2.1]:25');
        const answer = answers.shift() ?? ok(undefined);
        if (answer.ok) progress.taken();
        return Promise.resolve(answer);
      },
    });
  });

  const settle = () => new Promise((resolve) => setImmediate(resolve));

  const refused = err({ message: 'smtp fd 9 returned write error', lasting: false });

  it('sends messages without one waiting for the other, with the router’s identity before the subject', async () => {
    mailer.configure(global);
    mailer.send({ subject: 'one', body: '' });
    mailer.send({ subject: 'two', body: '' });
    assert.deepEqual(delivered, ['[R] one', '[R] two']);
    await mailer.idle();
    assert.deepEqual(lines, []);
    const said = ['Remote SMTP server [192.0.2.1]:25 connected.', 'SMTP alert successfully sent.'];
    assert.deepEqual(details, [...said, ...said]);
  });

  it('has only so many connections at a time', async () => {
    mailer.configure(global);
    for (let n = 0; n < 30; n++) mailer.send({ subject: `${n}`, body: '' });
    assert.equal(delivered.length, 20);
    await settle();
    assert.equal(delivered.length, 30);
  });

  it('tries again after a failure, while others go, then gives the message up', async () => {
    mailer.configure(global);
    answers = [refused];
    mailer.send({ subject: 'one', body: '' });
    await settle();
    mailer.send({ subject: 'two', body: '' });
    await settle();
    answers = [refused, refused, refused];
    for (const span of [10, 60, 300]) {
      world.advance(seconds(span));
      await settle();
    }
    assert.deepEqual(delivered, ['[R] one', '[R] two', '[R] one', '[R] one', '[R] one']);
    assert.deepEqual(lines, ['smtp fd 9 returned write error', 'Giving up sending "one"']);
  });

  it('does not try again what the server would refuse again', async () => {
    mailer.configure(global);
    answers = [err({ message: 'Error processing RCPT cmd', lasting: true })];
    mailer.send({ subject: 'one', body: '' });
    await settle();
    world.advance(seconds(600));
    assert.deepEqual([delivered, lines], [['[R] one'], ['Error processing RCPT cmd']]);
  });

  it('has nothing to do without a server, and does not pile messages up', () => {
    mailer.send({ subject: 'one', body: '' });
    assert.deepEqual(delivered, []);
    mailer.configure(global);
    for (let n = 0; n < 250; n++) mailer.send({ subject: `${n}`, body: '' });
    assert.equal(lines.length, 50, 'more than 200 do not wait');
    mailer.close();
  });

  it('drops what waits when a reload takes the server away, and sends what comes once there is one again', async () => {
    answers = [refused];
    mailer.configure(global);
    mailer.send({ subject: 'old', body: '' });
    await settle();
    mailer.configure({ routerId: 'R' } as unknown as GlobalConfig);
    world.advance(seconds(10));
    mailer.configure(global);
    mailer.send({ subject: 'new', body: '' });
    await settle();
    assert.deepEqual(delivered, ['[R] old', '[R] new']);
  });
});
