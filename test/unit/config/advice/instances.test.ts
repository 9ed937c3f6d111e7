import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advise } from '../../../../src/config/advice/rules.ts';
import { parseIp } from '../../../../src/lib/ip.ts';
import { load } from '../loading.ts';

interface Words {
  /** Lines of the instance. */
  readonly lines?: readonly string[];
  readonly addresses?: readonly string[];
  /** Blocks before it. */
  readonly before?: string;
  /** Networks of every interface. */
  readonly networks?: readonly string[];
}

/** What is said of one instance, as `rule: message`. */
function advice({ lines = [], addresses = ['10.0.0.9'], before = '', networks = [] }: Words): string[] {
  const text = `${before}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  ${lines.join('\n  ')}
  virtual_ipaddress {
    ${addresses.join('\n    ')}
  }
}`;
  const { config } = load(text);
  assert.ok(config, 'the configuration can be used');
  const known = networks.map((network) => {
    const [address = '', length] = network.split('/');
    return { address: parseIp(address)!, prefixLength: Number(length) };
  });
  return advise(config, { networks: () => known }).map(({ rule, message }) => `${rule}: ${message}`);
}

const rules = (words: Words): string[] => advice(words).map((line) => line.split(':')[0] as string);

/** A script of this weight, tracked by the instance. */
function tracking(weight: string, ...lines: readonly string[]): Words {
  return {
    before: 'vrrp_script chk {\n script "/bin/true"\n user root\n}',
    lines: [...lines, 'track_script {', `chk weight ${weight}`, '}'],
  };
}

test('weights that lift a router which does not preempt', () => {
  assert.deepEqual(rules(tracking('10', 'nopreempt')), ['weight-with-nopreempt']);
  assert.deepEqual(rules(tracking('-10 reverse', 'nopreempt')), ['weight-with-nopreempt']);
  assert.deepEqual(rules(tracking('-10', 'nopreempt')), []);
  assert.deepEqual(rules(tracking('10')), []);
});

test('weights for which the priority leaves no room', () => {
  assert.deepEqual(rules(tracking('10', 'priority 254')), ['weight-without-room']);
  assert.deepEqual(rules(tracking('-10', 'priority 254')), []);
  assert.deepEqual(rules(tracking('10', 'priority 253')), []);
});

test('strict mode without accept, but not of an owner', () => {
  const [line = ''] = advice({
    lines: ['strict_mode on'],
    addresses: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'],
  });
  assert.match(line, /^strict-unreachable: vrrp_strict makes 10\.0\.0\.1, 10\.0\.0\.2, 10\.0\.0\.3 and 1 more drop /);
  assert.deepEqual(rules({ lines: ['strict_mode on', 'version 3', 'accept'] }), []);
  assert.deepEqual(rules({ lines: ['strict_mode on', 'priority 255', 'state MASTER'] }), []);
});

test('addresses outside of every network of their interface, to the bit', () => {
  const outside = (address: string, ...networks: string[]): boolean =>
    rules({ addresses: [address], networks }).includes('address-outside-network');
  assert.equal(outside('192.0.2.127', '192.0.2.1/25'), false);
  assert.equal(outside('192.0.2.128', '192.0.2.1/25'), true);
  assert.equal(outside('192.0.3.1', '192.0.2.1/23'), false);
  assert.equal(outside('192.0.4.1', '192.0.2.1/23'), true);
  assert.equal(outside('192.0.4.1', '192.0.2.1/24', '192.0.4.7/24'), false);
  assert.equal(outside('192.0.4.1', '0.0.0.0/0'), false);
  assert.equal(outside('192.0.4.1'), false, 'nothing is known');
  assert.equal(outside('192.0.4.1', '2001:db8::1/64'), false, 'nothing is known of this family');
});

test('scripts that may take longer than their interval', () => {
  const script = (interval: number, timeout: number): Words => ({
    before: `vrrp_script chk {\n script "/bin/true"\n user root\n interval ${interval}\n timeout ${timeout}\n}`,
    lines: ['track_script {', 'chk', '}'],
  });
  assert.deepEqual(advice(script(2, 5)), [
    'script-slower-than-interval: a run may take 5 s but the next is due after 2 s: a hanging script is noticed only after its timeout.',
  ]);
  assert.deepEqual(rules(script(5, 5)), []);
});

test('adverts at short intervals', () => {
  assert.deepEqual(advice({ lines: ['version 3', 'advert_int 0.09'] }), [
    'advert-interval-short: 90 ms between adverts: a master that stalls for 270 ms is taken for dead.',
  ]);
  assert.deepEqual(rules({ lines: ['version 3', 'advert_int 0.1'] }), []);
});

test('mails that nobody receives', () => {
  const email = (lines: string): string => `global_defs {\n${lines}\n}\n`;
  const wanting = { lines: ['smtp_alert'] };
  assert.deepEqual(rules(wanting), ['mail-without-recipient']);
  assert.deepEqual(rules({ before: email('smtp_alert_vrrp') }), ['mail-without-recipient']);
  assert.deepEqual(rules({ ...wanting, before: email('notification_email {\n a@example.com\n}') }), [
    'mail-without-recipient',
  ]);
  const complete = email('notification_email {\n a@example.com\n}\nsmtp_server 192.0.2.25');
  assert.deepEqual(rules({ ...wanting, before: complete }), []);
  assert.deepEqual(rules({}), []);
});
