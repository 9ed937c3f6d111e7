import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { centiseconds, seconds } from '../../../src/lib/duration.ts';
import { ipBytes } from '../../../src/lib/ip.ts';
import { internetChecksum } from '../../../src/lib/checksum.ts';
import { encapsulateIpv4, encodeAdvert, pseudoHeaderSum } from '../../../src/vrrp/packet.ts';
import { masterDownInterval, skewTime } from '../../../src/vrrp/timers.ts';
import { transition } from '../../../src/vrrp/machine.ts';
import type { State, Step } from '../../../src/vrrp/state.ts';
import { at, initialize, ip, parameters, words } from './support.ts';

/** RFC 5798, VRRP version 3: one test a rule, by section. Where keepalived deviates, the test says so. */

const version3 = { version: 3 } as const;
const usual = parameters(version3);

function started(own = usual): State {
  return transition(own, initialize(own), { type: 'start', from: at(0), faulty: false }, at(0)).state;
}

function heard(own: typeof usual, state: State, priority: number, source: string, now: number, interval = 100): Step {
  const advert = { source: ip(source), priority, intervalCentiseconds: interval };
  return transition(own, state, { type: 'advert', advert }, at(now));
}

function master(own = usual): State {
  const backup = started(own);
  assert.ok(backup.name === 'backup');
  const { state } = transition(own, backup, { type: 'timer' }, backup.masterDownAt);
  assert.equal(state.name, 'master');
  return state;
}

function advert(changes: { priority?: number; interval?: number; addresses?: string[]; ipv6?: boolean } = {}) {
  const ipv6 = changes.ipv6 === true;
  return encodeAdvert({
    ...{ version: 3, virtualRouterId: 7, priority: changes.priority ?? 100, interval: changes.interval ?? 100 },
    addresses: (changes.addresses ?? [ipv6 ? 'fe80::5' : '10.20.0.5']).map(ip),
    source: ip(ipv6 ? 'fe80::1' : '10.20.0.1'),
    destination: ip(ipv6 ? 'ff02::12' : '224.0.0.18'),
  });
}

describe('5.1 IP fields', () => {
  const header = { source: ip('10.20.0.1'), destination: ip('224.0.0.18'), identification: 1, ttl: 255 };
  const datagram = encapsulateIpv4(advert(), header);

  test('5.1.1.1 the source is the primary address of the interface', () => {
    assert.deepEqual(datagram.subarray(12, 16), ipBytes(ip('10.20.0.1')));
  });
  test('5.1.1.2 the destination is 224.0.0.18', () => {
    assert.deepEqual(datagram.subarray(16, 20), ipBytes(ip('224.0.0.18')));
  });
  test('5.1.1.3 the time to live is 255', () => assert.equal(datagram[8], 255));
  test('5.1.1.4 the protocol is 112', () => assert.equal(datagram[9], 112));
});

describe('5.2 VRRP fields', () => {
  test('5.2.1, 5.2.2 version 3, type 1', () => assert.equal(advert()[0], 0x31));
  test('5.2.3 virtual router identifier', () => assert.equal(advert()[1], 7));
  test('5.2.4 priority', () => assert.equal(advert({ priority: 254 })[2], 254));
  test('5.2.5 count of addresses', () => assert.equal(advert({ addresses: ['10.0.0.1', '10.0.0.2'] })[3], 2));
  test('5.2.6 reserved bits are 0, even at the longest interval', () => {
    assert.equal(advert({ interval: 4095 })[4], 0x0f);
  });
  test('5.2.7 the interval is in centiseconds', () => {
    assert.deepEqual([...advert({ interval: 300 }).subarray(4, 6)], [0x01, 0x2c]);
  });
  test('5.2.8 the checksum covers a pseudo header', () => {
    const pdu = advert();
    const sum = pseudoHeaderSum(ipBytes(ip('10.20.0.1')), ipBytes(ip('224.0.0.18')), pdu.length);
    assert.equal(internetChecksum(pdu, sum), 0);
    assert.notEqual(internetChecksum(pdu), 0);
  });
  test('5.2.8 over IPv6 it is left to the kernel', () => {
    assert.deepEqual([...advert({ ipv6: true }).subarray(6, 8)], [0, 0]);
  });
  test('5.2.9 addresses follow in the order of the configuration', () => {
    const pdu = advert({ addresses: ['fe80::5', '2001:db8::5'], ipv6: true });
    assert.deepEqual(pdu.subarray(8, 24), ipBytes(ip('fe80::5')));
    assert.deepEqual(pdu.subarray(24), ipBytes(ip('2001:db8::5')));
  });
});

describe('6.1 parameters', () => {
  test('Skew_Time is (256 - Priority) * Master_Adver_Interval / 256', () => {
    assert.equal(skewTime(parameters({ ...version3, priority: 100 }), seconds(1)), 609_375);
    assert.equal(skewTime(parameters({ ...version3, priority: 254 }), centiseconds(25)), 1953);
  });
  test('Master_Down_Interval is 3 * Master_Adver_Interval + Skew_Time', () => {
    assert.equal(masterDownInterval(parameters({ ...version3, priority: 100 }), seconds(1)), 3_609_375);
  });
});

describe('6.4.1 Initialize', () => {
  test('an owner becomes master', () => {
    const own = parameters({ ...version3, priority: 255, initialState: 'master' });
    const step = transition(own, started(own), { type: 'timer' }, at(0.000001));
    assert.equal(words(step.actions), 'advert:255 addAddresses announceAddresses notify:master');
  });
  test('anybody else becomes backup for Master_Down_Interval', () => {
    const state = started();
    assert.ok(state.name === 'backup');
    assert.equal(state.masterDownAt, masterDownInterval(usual, seconds(1)));
  });
});

describe('6.4.2 Backup', () => {
  test('shutdown ends it without a word', () => {
    const step = transition(usual, started(), { type: 'shutdown' }, at(1));
    assert.deepEqual([step.state.name, words(step.actions)], ['initialize', '']);
  });
  test('when the timer fires it sends an advert, announces its addresses and is master', () => {
    const backup = started();
    assert.ok(backup.name === 'backup');
    const step = transition(usual, backup, { type: 'timer' }, backup.masterDownAt);
    assert.equal(words(step.actions), 'advert:120 addAddresses announceAddresses notify:master');
  });
  test('priority 0 leaves only the skew time', () => {
    const { state } = heard(usual, started(), 0, '10.20.0.2', 1);
    assert.ok(state.name === 'backup');
    assert.equal(state.masterDownAt, at(1) + skewTime(usual, seconds(1)));
  });
  test('an advert of at least our priority is obeyed, and its interval learnt', () => {
    const { state } = heard(usual, started(), 120, '10.20.0.2', 1, 25);
    assert.ok(state.name === 'backup');
    assert.equal(state.memory.masterAdverInterval, centiseconds(25));
    assert.equal(state.masterDownAt, at(1) + masterDownInterval(usual, centiseconds(25)));
  });
  test('without preemption every advert is obeyed', () => {
    const own = parameters({ ...version3, preempt: false });
    const { state } = heard(own, started(own), 1, '10.20.0.2', 1);
    assert.ok(state.name === 'backup');
    assert.equal(state.masterDownAt, at(1) + masterDownInterval(own, seconds(1)));
  });
  test('a lower priority is discarded otherwise', () => {
    const before = started();
    const { state } = heard(usual, before, 119, '10.20.0.2', 1);
    assert.ok(state.name === 'backup' && before.name === 'backup');
    assert.equal(state.masterDownAt, before.masterDownAt);
  });
});

describe('6.4.3 Master', () => {
  test('shutdown sends priority 0', () => {
    const step = transition(usual, master(), { type: 'shutdown' }, at(9));
    assert.equal(words(step.actions), 'advert:0 stopAnnouncing removeAddresses');
  });
  test('the timer sends an advert', () => {
    const state = master();
    assert.ok(state.name === 'master');
    assert.equal(words(transition(usual, state, { type: 'timer' }, state.advertAt).actions), 'advert:120');
  });
  test('priority 0 is answered at once', () => {
    assert.equal(words(heard(usual, master(), 0, '10.20.0.2', 9).actions), 'advert:120');
  });
  test('a higher priority makes it backup, with the interval of the new master', () => {
    const step = heard(usual, master(), 121, '10.20.0.2', 9, 50);
    assert.ok(step.state.name === 'backup');
    assert.equal(step.state.masterDownAt, at(9) + masterDownInterval(usual, centiseconds(50)));
    assert.equal(words(step.actions), 'limitLinkDelays stopAnnouncing removeAddresses notify:backup');
  });
  test('of equal priorities the higher address prevails', () => {
    assert.equal(heard(usual, master(), 120, '10.20.0.2', 9).state.name, 'backup');
    const from10 = parameters(version3, '10.20.0.10');
    assert.equal(heard(from10, master(from10), 120, '10.20.0.2', 9).state.name, 'master');
  });
  test('of IPv6 addresses as well', () => {
    const own = parameters({ ...version3, family: 6 }, 'fe80::5');
    assert.equal(heard(own, master(own), 120, 'fe80::10', 9).state.name, 'backup');
    assert.equal(heard(own, master(own), 120, 'fe80::4', 9).state.name, 'master');
  });
  test('a lower priority is not obeyed; keepalived also answers at once and announces its addresses', () => {
    const step = heard(usual, master(), 119, '10.20.0.2', 9);
    assert.equal(step.state.name, 'master');
    assert.equal(words(step.actions), 'advert:120 announceAfterLowerPriority notifyLowerPriority');
  });
});
