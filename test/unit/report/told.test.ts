import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldBy, toldByAll, toldFirstBy } from '../../../src/report/diagnostics.ts';
import { load } from '../config/loading.ts';

const CONFIGURATION = `global_defs {
  junk a
}
nonsense
vrrp_instance V {
  interface eth0
  virtual_router_id 300
}
virtual_server 1.2.3.4 80 {
  lb_algo foo
  real_server 1.1.1.1 80 {
  }
}
bfd_instance b {
  neighbor_ip 1.1.1.1
  junk b
  multiplier 999
  weight 3000
}
`;

/** Without columns and what would have been right. */
const plain = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(/ \[(?:column|expected) .*$/, ''));

const NONSENSE = "(keepalived.conf: Line 4) Unknown keyword 'nonsense'";
const BFD_JUNK = "(keepalived.conf: Line 16) Unknown keyword 'junk'";
const WEIGHT = [
  "(keepalived.conf: Line 18) number '3000' outside range [-253, 253]",
  '(keepalived.conf: Line 18) Configuration error: BFD instance b weight value 3000 not valid (must be in range [-253-253]), ignoring',
];
const SERVER = [
  "(keepalived.conf: Line 10) Invalid lvs_scheduler 'foo' - ignoring",
  BFD_JUNK,
  'Virtual server [1.2.3.4]:none:80: no protocol set - defaulting to UDP',
  "Virtual server [1.2.3.4]:udp:80: no scheduler set, setting default 'wlc'",
  'Virtual server [1.2.3.4]:udp:80: no forwarding method set, setting default NAT',
];
const ROUTER = [
  "(keepalived.conf: Line 7) number '300' outside range [1, 255]",
  "(keepalived.conf: Line 7) (V): VRID '300' not valid - must be between 1 & 255",
  BFD_JUNK,
  ...WEIGHT,
  '(V) the virtual router id must be set',
];
const SESSION = [
  BFD_JUNK,
  "(keepalived.conf: Line 17) number '999' outside range [1, 255]",
  '(keepalived.conf: Line 17) Configuration error: BFD instance b multiplier value 999 not valid (must be in range [1-255]), ignoring',
];

test('each process tells what it comes upon; the parent does not name the only file', () => {
  const loaded = load(CONFIGURATION);
  const parent = ["(Line 2) Unknown keyword 'junk'", "(Line 4) Unknown keyword 'nonsense'"];
  assert.deepEqual(plain(toldBy('parent', loaded)), parent);
  assert.deepEqual(plain(toldBy('checker', loaded)), [NONSENSE, ...SERVER]);
  assert.deepEqual(plain(toldBy('vrrp', loaded)), [NONSENSE, ...ROUTER]);
  assert.deepEqual(plain(toldBy('bfd', loaded)), [NONSENSE, ...SESSION]);
  assert.deepEqual(plain(toldByAll(loaded)), [
    ...parent,
    ...[NONSENSE, ...SERVER],
    ...[NONSENSE, ...ROUTER],
    ...[NONSENSE, ...SESSION],
  ]);
});

test('what nobody before has told', () => {
  const loaded = load(CONFIGURATION);
  assert.deepEqual(plain(toldFirstBy('checker', loaded)), SERVER);
  assert.deepEqual(
    plain(toldFirstBy('vrrp', loaded)),
    ROUTER.filter((line) => line !== BFD_JUNK),
  );
});

test('the parent names a file that is included, and each of several', () => {
  const included = load('include more.conf\n', { 'more.conf': 'nonsense\n' });
  assert.deepEqual(plain(toldBy('parent', included)), ["(more.conf: Line 1) Unknown keyword 'nonsense'"]);
});

test('where braces do not pair, it is told by whoever reads the block', () => {
  const router = 'vrrp_instance V {\n  junk {\n  }\n  interface eth0\n}\n';
  const server = 'virtual_server 1.1.1.1 80 {\n  junk {\n  }\n  lb_algo rr\n}\n';
  const inFile = (line: number, text: string) => `(keepalived.conf: Line ${line}) ${text}`;
  const lines = plain(toldByAll(load(router + server))).filter((line) => !line.includes('has no real servers'));
  assert.deepEqual(lines, [
    inFile(7, "Unknown keyword 'junk'"),
    inFile(7, "Unexpected '{' - ignoring"),
    inFile(9, "Unknown keyword 'lb_algo'"),
    inFile(10, "Unknown keyword '}'"),
    inFile(2, "Unknown keyword 'junk'"),
    inFile(2, "Unexpected '{' - ignoring"),
    inFile(4, "Unknown keyword 'interface'"),
    inFile(5, "Unknown keyword '}'"),
    '(V) the virtual router id must be set',
  ]);
});

test('an open quote is everybody’s', () => {
  const lines = plain(toldByAll(load('vrrp_script s {\n  script "/usr/bin/true\n}\n')));
  for (const text of ['Unterminated quote', 'Unmatched quote']) {
    assert.equal(lines.filter((line) => line.includes(text)).length, 4, lines.join('\n'));
  }
});
