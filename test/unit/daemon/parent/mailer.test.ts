import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { GlobalConfig } from '../../../../src/config/types.ts';
import { Mailer } from '../../../../src/daemon/parent/mailer.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import { err, ok, type Result } from '../../../../src/lib/result.ts';
import type { SmtpStep } from '../../../../src/lib/smtp.ts';
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
  let answers: Result<void, string>[];
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
      deliver: (_, steps: readonly SmtpStep[], connected) => {
        delivered.push(/Subject: (.*)\r/.exec(steps.at(-2)?.send ?? '')?.[1] ?? '');
        connected('[192.0.2.1]:25');
        return Promise.resolve(answers.shift() ?? ok(undefined));
      },
    });
  });

  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('sends one message after the other, with the router’s identity before the subject', async () => {
    mailer.configure(global);
    mailer.send({ subject: 'one', body: '' });
    mailer.send({ subject: 'two', body: '' });
    assert.deepEqual(delivered, ['[R] one']);
    await mailer.idle();
    await settle();
    assert.deepEqual(delivered, ['[R] one', '[R] two']);
    assert.deepEqual(lines, []);
    const said = ['Remote SMTP server [192.0.2.1]:25 connected.', 'SMTP alert successfully sent.'];
    assert.deepEqual(details, [...said, ...said]);
  });

  it('tries again after a failure, then gives the message up and goes on', async () => {
    mailer.configure(global);
    answers = [err('refused'), err('refused'), err('refused'), err('refused')];
    mailer.send({ subject: 'one', body: '' });
    mailer.send({ subject: 'two', body: '' });
    for (const span of [10, 60, 300]) {
      await settle();
      world.advance(seconds(span));
    }
    await settle();
    assert.deepEqual(delivered, ['[R] one', '[R] one', '[R] one', '[R] one', '[R] two']);
    assert.deepEqual(lines, [
      'SMTP server 192.0.2.1:25: refused - trying again: "one"',
      'SMTP server 192.0.2.1:25: refused - giving it up: "one"',
    ]);
  });

  it('has nothing to do without a server, and does not pile messages up', () => {
    mailer.send({ subject: 'one', body: '' });
    assert.deepEqual(delivered, []);
    mailer.configure(global);
    for (let n = 0; n < 250; n++) mailer.send({ subject: `${n}`, body: '' });
    assert.equal(lines.length, 50);
    mailer.close();
  });

  it('drops what waits when a reload takes the server away, and sends what comes once there is one again', async () => {
    answers = [err('refused')];
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
