import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { groupMail, instanceMail } from '../../../src/notify/mail.ts';
import { composeMessage, takeReply, smtpDialogue } from '../../../src/notify/smtp.ts';

const letter = { helloName: 'host', from: 'Ops <ops@example.com>', to: ['a@example.com', 'b@example.com'] };

describe('alerts by mail', () => {
  it('have their header lines in keepalived’s order', () => {
    const text = composeMessage(
      { ...letter, subject: '[R] VS - UP', body: '=> up <=' },
      'Sat, 21 Nov 2026 05:07:55 +0000',
    );
    assert.deepEqual(text.split('\r\n'), [
      'Date: Sat, 21 Nov 2026 05:07:55 +0000',
      'From: Ops <ops@example.com>',
      'Subject: [R] VS - UP',
      'X-Mailer: Keepalived',
      'To: a@example.com,',
      ' b@example.com',
      '',
      '=> up <=',
      '',
      '',
    ]);
  });

  it('are handed over by HELO, with the bare addresses and doubled dots', () => {
    const steps = smtpDialogue({ ...letter, text: 'x\r\n.y\r\n' });
    assert.deepEqual(
      steps.map(({ send, expect }) => [send, expect]),
      [
        [undefined, 220],
        ['HELO host\r\n', 250],
        ['MAIL FROM:<ops@example.com>\r\n', 250],
        ['RCPT TO:<a@example.com>\r\n', 250],
        ['RCPT TO:<b@example.com>\r\n', 250],
        ['DATA\r\n', 354],
        ['x\r\n..y\r\n.\r\n', 250],
        ['QUIT\r\n', 221],
      ],
    );
  });

  it('go on once a reply has its last line', () => {
    assert.deepEqual(takeReply('220 host ESMTP\r\n'), { code: 220, rest: '' });
    assert.equal(takeReply('220\r\n')?.code, 220);
    assert.equal(takeReply('250-first\r\n'), undefined);
    assert.equal(takeReply('250-first\r\n250 last\r\n')?.code, 250);
    assert.equal(takeReply('250 cut off'), undefined);
    assert.deepEqual(takeReply('220-a\r\n220 b\r\n250 c\r\n25'), { code: 220, rest: '250 c\r\n25' });
  });

  it('take any line for a reply, with the code that keepalived makes of it', () => {
    assert.deepEqual(
      ['hello', '22', ''].map((line) => takeReply(`${line}\r\n`)?.code),
      [6190, 185, -3928],
    );
  });

  it('say what an instance and a group are doing', () => {
    assert.deepEqual(instanceMail('VI_1', 'FAULT'), {
      subject: 'VRRP Instance VI_1 - Entering FAULT state',
      body: '=> VRRP Instance is no longer owning VRRP VIPs <=',
      about: { object: 'instance VI_1', state: 'FAULT' },
    });
    assert.equal(groupMail('G', 'MASTER').body, '=> All VRRP group instances are now in MASTER state <=');
    assert.equal(groupMail('G', 'STOP').subject, 'VRRP Group G - Stopping');
  });
});
