import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { localAccounts } from '../../../src/os/processes/accounts.ts';
import { systemEnvironment } from '../../../src/os/config-environment.ts';
import { readConfigFile } from '../../../src/os/files/config-file.ts';
import { glob } from '../../../src/os/files/glob.ts';
import { resolveHost } from '../../../src/os/sockets/resolve-host.ts';
import { findScript } from '../../../src/os/processes/script-finder.ts';
import { readSecret } from '../../../src/os/files/secret-file.ts';
import { trackedFile } from '../../../src/os/files/tracked-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-'));
after(() => rmSync(directory, { recursive: true }));
const at = (name: string) => join(directory, name);
const isRoot = process.geteuid?.() === 0;
const self = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };

function put(name: string, content: string | Uint8Array = '', mode = 0o644): string {
  writeFileSync(at(name), content);
  chmodSync(at(name), mode);
  return at(name);
}

test('reads regular files only', () => {
  assert.deepEqual(readConfigFile(put('plain.conf', 'a\n')), { ok: true, value: 'a\n' });
  assert.deepEqual(readConfigFile(at('absent.conf')), { ok: false, error: 'missing' });
  assert.deepEqual(readConfigFile(directory), { ok: false, error: 'directory' });
  assert.deepEqual(readConfigFile(put('run.conf', '', 0o654)), { ok: false, error: 'not-regular' });
  assert.deepEqual(readConfigFile('/dev/null'), { ok: false, error: 'not-regular' });
});

test('a file that is not UTF-8 is Latin-1', () => {
  const path = put('latin.conf', Uint8Array.of(0x61, 0xa0, 0xe9));
  assert.deepEqual(readConfigFile(path), { ok: true, value: 'a\u00a0é' });
});

test('glob finds what glob(7) says, in byte order', () => {
  mkdirSync(at('g/sub'), { recursive: true });
  for (const name of ['b.conf', 'a.conf', 'B.conf', '.hidden.conf', 'c1', 'c]', 'sub/z.conf']) put(join('g', name));
  const found = (pattern: string) => glob(`${at('g')}/${pattern}`).map((path) => path.slice(at('g/').length));
  assert.deepEqual(found('*.conf'), ['B.conf', 'a.conf', 'b.conf']);
  assert.deepEqual(found('.*.conf'), ['.hidden.conf']);
  assert.deepEqual(found('?.conf'), ['B.conf', 'a.conf', 'b.conf']);
  assert.deepEqual(found('[!a]*.conf'), ['B.conf', 'b.conf']);
  assert.deepEqual(found('c[[:digit:]]'), ['c1']);
  assert.deepEqual(found('c[]]'), ['c]']);
  assert.deepEqual(found('{b,a}.conf'), ['b.conf', 'a.conf']);
  assert.deepEqual(found('*/*.conf'), ['sub/z.conf']);
  assert.deepEqual(found('sub//z.conf'), ['sub//z.conf']);
  assert.deepEqual(found('\\a.conf'), ['a.conf']);
  assert.deepEqual(found('absent'), []);
  assert.deepEqual(found('absent/*'), []);
});

test('accounts come from passwd and group', () => {
  const passwd = put('passwd', 'root:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/:/bin/false\n+\n');
  const group = put('group', 'root:x:0:\nwebs:x:34:a,b\n');
  const accounts = localAccounts(passwd, group);
  assert.deepEqual(accounts.user('web'), { name: 'web', uid: 33, gid: 34 });
  assert.equal(accounts.user('nobody-here'), undefined);
  assert.equal(accounts.userOf(0)?.name, 'root');
  assert.equal(accounts.groupId('webs'), 34);
  assert.equal(accounts.groupId('absent'), undefined);
  assert.equal(localAccounts(at('absent'), at('absent')).user('root'), undefined);
});

test('a script is looked at before it is run', () => {
  mkdirSync(at('bin'));
  put('bin/good', '#!/bin/sh\n', 0o755);
  put('bin/plain', '#!/bin/sh\n', 0o644);
  symlinkSync(at('bin'), at('link'));
  symlinkSync(at('bin/good'), at('bin/alias'));
  const look = (path: string, searchPath = '') => findScript(path, self, searchPath);
  const path = (result: ReturnType<typeof look>) => (result.ok ? result.value.path : result.error);
  assert.equal(path(look(at('bin/good'))), at('bin/good'));
  const visitor = findScript(at('link/good'), { uid: 65534, gid: 65534 }, '');
  assert.notEqual(path(visitor), 'inhibited', 'links are for those who are not root');
  assert.equal(path(look(at('bin/alias'))), at('bin/good'));
  const alias = look(at('bin/alias'));
  assert.equal(alias.ok && alias.value.writtenPath, at('bin/alias'));
  assert.equal(path(look(at('bin/plain'))), 'not-executable');
  assert.equal(path(look(at('bin/absent'))), 'not-found');
  assert.equal(path(look(at('bin'))), 'inhibited');
  assert.equal(path(look('good', `${at('none')}:${at('bin')}`)), at('bin/good'));
  assert.equal(path(look('good', at('none'))), 'not-found');
});

test('nothing runs as root through a directory that is a link', { skip: !isRoot && 'needs root' }, () => {
  symlinkSync('/usr/bin', at('programs'));
  assert.deepEqual(findScript(at('programs/true'), { uid: 0, gid: 0 }, ''), { ok: false, error: 'inhibited' });
});

test('a script of root that others can change is insecure', { skip: !isRoot && 'needs root' }, () => {
  const insecure = (path: string) => {
    const result = findScript(path, { uid: 0, gid: 0 }, '');
    return result.ok && result.value.insecure;
  };
  assert.equal(insecure('/usr/bin/true'), false);
  put('tight', '#!/bin/sh\n', 0o755);
  assert.equal(insecure(at('tight')), false);
  put('loose', '#!/bin/sh\n', 0o757);
  assert.equal(insecure(at('loose')), true);
  const asAnother = findScript(at('loose'), { uid: 65534, gid: 65534 }, '');
  assert.equal(asAnother.ok ? asAnother.value.insecure : asAnother.error, 'not-found', 'the directory is closed to it');
});

test('the unsafe part of a path is named, and who can write it', { skip: !isRoot && 'needs root' }, () => {
  const unsafe = (path: string) => {
    const result = findScript(path, { uid: 0, gid: 0 }, '');
    return result.ok ? result.value.unsafe : undefined;
  };
  mkdirSync(at('open'), { recursive: true });
  chmodSync(at('open'), 0o777);
  put('open/script', '#!/bin/sh\n', 0o755);
  assert.deepEqual(unsafe(at('open/script')), { component: at('open'), by: 'everybody' });
  chmodSync(at('open'), 0o755);
  chownSync(at('open/script'), 65534, 0);
  assert.deepEqual(unsafe(at('open/script')), { component: at('open/script'), by: 'its owner, uid 65534' });
  chownSync(at('open/script'), 0, 65534);
  chmodSync(at('open/script'), 0o775);
  assert.deepEqual(unsafe(at('open/script')), { component: at('open/script'), by: 'its group, gid 65534' });
});

test('secrets are read whole or not at all', () => {
  const path = put('key', 'a'.repeat(32), 0o600);
  assert.deepEqual(readSecret(path, 32), { ok: true, value: { text: 'a'.repeat(32), openToOthers: false } });
  assert.deepEqual(readSecret(path, 31), { ok: false, error: 'longer than 31 bytes' });
  chmodSync(path, 0o640);
  assert.ok(readSecret(path, 32).ok);
  assert.deepEqual(readSecret(at('absent'), 32), { ok: false, error: 'error 2 (No such file or directory)' });
  assert.deepEqual(readSecret(directory, 32), { ok: false, error: 'not a regular file' });
});

test('tracked files are looked at with their file system', () => {
  assert.deepEqual(trackedFile(at('not-yet')), { special: false });
  assert.deepEqual(trackedFile('/proc/uptime'), {
    special: false,
    problem: 'file system that cannot be watched (proc)',
  });
  assert.deepEqual(trackedFile(at('none/file')), {
    special: false,
    problem: 'realpath() error 2 (No such file or directory)',
  });
  assert.equal(trackedFile(directory).special, true);
});

test('numeric hosts and this machine resolve', () => {
  assert.equal(resolveHost('192.0.2.1'), '192.0.2.1');
  assert.equal(resolveHost('2001:DB8::1'), '2001:db8::1');
  assert.equal(resolveHost('no-such-host.invalid'), undefined);
  assert.match(resolveHost('localhost') ?? '', /^(127\.0\.0\.1|::1)$/);
});

test('the environment answers about interfaces through its reader', () => {
  const facts = { mtu: 1500, loopback: false, multicast: true, arp: true, ethernet: true };
  const environment = systemEnvironment({
    facts: (name) => (name === 'eth0' ? facts : undefined),
    privateMacvlans: (base) => (base === 'eth0' ? ['vrrp.51'] : []),
    networks: () => [],
    inNamespace: () => undefined,
  });
  assert.equal(environment.interfaceFacts('eth0'), facts);
  assert.equal(environment.interfaceFacts('eth1'), undefined);
  assert.deepEqual(environment.privateMacvlans('eth0', ''), ['vrrp.51']);
  assert.equal(environment.self.uid, self.uid);
  assert.equal(environment.variable('HOME'), process.env.HOME);
  assert.ok(environment.hostName.length > 0);
});
