import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Message, messagesIn } from '../../../src/netlink/message.ts';
import { decodeProcessEvent, listenToProcesses } from '../../../src/netlink/process-event.ts';

/** What a little-endian kernel sent (struct nlmsghdr, cn_msg, proc_event). */
const captured = {
  listening:
    '4c00000003000000000000000000000001000000010000000000000001000000280000000000000001000000410672909e0b0000000000000000000000000000000000000000000000000000',
  forked:
    '4c00000003000000000000000000000001000000010000000000000000000000280000000100000000000000dc38a69a9e0b0000990b0000990b0000030c0000030c00000000000000000000',
  executed:
    '4c000000030000000100000000000000010000000100000001000000000000002800000002000000010000009a08ae9a9e0b0000030c0000030c000000000000000000000000000000000000',
  exited:
    '4c00000003000000020000000000000001000000010000000200000000000000280000000000008001000000a310ba9a9e0b0000030c0000030c00000000000011000000990b0000990b0000',
};

function only(hex: string): Message {
  const [message] = messagesIn(new Uint8Array(Buffer.from(hex, 'hex')));
  assert.ok(message);
  return message;
}

describe('process events', () => {
  test('as the kernel sends them', () => {
    assert.deepEqual(decodeProcessEvent(only(captured.listening)), { type: 'acknowledged' });
    assert.deepEqual(decodeProcessEvent(only(captured.forked)), { type: 'forked', parent: 2969, process: 3075 });
    assert.deepEqual(decodeProcessEvent(only(captured.executed)), { type: 'executed', process: 3075 });
    assert.deepEqual(decodeProcessEvent(only(captured.exited)), { type: 'exited', process: 3075 });
  });

  test('a thread that comes or goes is no process', () => {
    const thread = captured.exited.replace('030c0000030c', '040c0000030c');
    assert.equal(decodeProcessEvent(only(thread)), undefined);
  });

  test('cut short at any length it is nothing', () => {
    const whole = only(captured.forked);
    for (let end = whole.start; end < whole.start + 44; end++) {
      assert.equal(decodeProcessEvent({ ...whole, end }), undefined);
    }
  });

  test('the request to listen', () => {
    const hex = Buffer.from(listenToProcesses(7)).toString('hex');
    assert.equal(hex, '280000000300000000000000070000000100000001000000000000000000000004000000' + '01000000');
  });
});
