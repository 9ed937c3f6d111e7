import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, load, loadOn } from './loading.ts';

const instance = (notify: string) => `vrrp_instance A {
  interface eth0
  virtual_router_id 1
  virtual_ipaddress {
    192.0.2.1
  }
  ${notify}
}`;
const server = `virtual_server 192.0.2.9 80 {
  protocol TCP
  real_server 192.0.2.10 80 {
    MISC_CHECK {
      misc_path /bin/true
    }
  }
}`;
const users = (text: string) => load(text).config?.global.scriptUsers;

test('the default user is that of the processes that ask for it', () => {
  const user = { uid: 990, gid: 990 };
  assert.deepEqual(users(instance('')), {});
  assert.deepEqual(users(instance('notify /bin/true')), { vrrp: user });
  assert.deepEqual(users(instance('notify /bin/true root')), {});
  assert.deepEqual(users(`${server}\n${instance('')}`), { checker: user });
});

test('what all processes read asks for all of them', () => {
  const all = (user: object) => ({ parent: user, vrrp: user, checker: user });
  assert.deepEqual(users(`global_defs {\n notify_fifo /run/f\n}\n${instance('')}`), all({ uid: 990, gid: 990 }));
  const named = users(`global_defs {\n script_user root :\n}\n${instance('')}`);
  assert.deepEqual(named, all({ uid: 0, gid: 0, supplementaryGroups: [0, 100] }));
});

test('scripts of the default user have its groups', () => {
  const { config } = load(`global_defs {\n script_user root :\n}\n${instance('notify /bin/true')}`);
  assert.deepEqual(config?.instances[0]?.notify.any?.supplementaryGroups, [0, 100]);
});

/** With security on, and nobody whom scripts could be run as. */
const secured = (line: string): string[] =>
  complaints(
    loadOn(
      { user: (name) => (name === 'root' ? { uid: 0, gid: 0 } : undefined) },
      `global_defs {\nenable_script_security\n${line}\n}\n${server.replace('80 {', '80 {\nlb_algo rr\nlb_kind NAT')}`,
    ),
  );

test('whatever needs the default user complains where it first stands that there is none', () => {
  const complaint = (line: number) =>
    `(keepalived.conf: Line ${line}) Unable to set default user keepalived_script for script`;
  const removed = (line: number) =>
    `(keepalived.conf: Line ${line}) Unable to set default user for misc script '/bin/true' - removing`;
  assert.deepEqual(secured('notify_fifo /run/f'), [complaint(3), removed(12)]);
  assert.deepEqual(secured('lvs_notify_fifo_script /bin/x'), [complaint(3), removed(12)]);
  const refused = '(keepalived.conf: Line 3) Invalid startup script';
  assert.deepEqual(secured('startup_script /bin/x'), [complaint(3), refused, removed(12)]);
  assert.deepEqual(secured('startup_script /bin/x nosuch'), [refused, complaint(12), removed(12)]);
  assert.deepEqual(secured('shutdown_script /bin/x root'), [complaint(12), removed(12)]);
});

test('programs that read FIFOs are scripts too, of the processes that write there', () => {
  const violations = (line: string, text: string): string[] =>
    complaints(load(`global_defs {\n${line}\n}\n${text}`)).filter((message) => message.startsWith('SECURITY'));
  const service = server.replace(/MISC_CHECK \{[^}]*\}/, '');
  const both = `${instance('')}\n${service}`;
  const [checks, vrrp] = ['check scripts', 'scripts'].map(
    (kind) => `SECURITY VIOLATION - ${kind} are being executed but script_security not enabled.`,
  );
  assert.deepEqual(violations('notify_fifo_script /bin/x', both), [checks, vrrp]);
  assert.deepEqual(violations('vrrp_notify_fifo_script /bin/x', both), [vrrp]);
  assert.deepEqual(violations('lvs_notify_fifo_script /bin/x', both), [checks]);
  assert.deepEqual(violations('notify_fifo_script /bin/x', service), [checks]);
  assert.deepEqual(violations('notify_fifo_script /nosuch/x', both), []);
  assert.deepEqual(violations('notify_fifo_script /bin/x', ''), []);
});

test('a command or FIFO that cannot be had leaves its place to the next one', () => {
  const notified = (...lines: string[]) => {
    const loaded = load(instance(lines.map((line) => `notify ${line}`).join('\n')));
    return [
      complaints(loaded).filter((message) => /notify/.test(message)),
      loaded.config?.instances[0]?.notify.any?.argv,
    ];
  };
  for (const lost of ['/bin/a nosuch', '/bin/a root nosuch', '/bin/a\\', '"/bin/a b" \\', '""']) {
    assert.deepEqual(notified(lost, '/bin/c'), [[], ['/bin/c']], lost);
  }
  const unclosed = `(keepalived.conf: Line 7) String '/bin/a 'b': missing terminating '`;
  assert.deepEqual(complaints(load(instance(`notify "/bin/a 'b"\nnotify /bin/c`)))[0], unclosed);
  const { config } = load('global_defs {\nnotify_fifo /run/f nosuch\nnotify_fifo /run/g\n}\n');
  assert.equal(config?.global.notifyFifo?.path, '/run/g');
  assert.equal(load(instance('notify_deleted /bin/a nosuch')).config?.instances[0]?.notify.reportDeleted, true);
});

test('words after the command of a vrrp_script mean nothing', () => {
  const text = (words: string) => `vrrp_script s {\nscript /bin/a ${words}\n}\n`;
  assert.deepEqual(load(text('nosuch nosuch')).config?.scripts, load(text('')).config?.scripts);
});

test('an empty password is none', () => {
  const { config } = load(instance('authentication {\nauth_type PASS\nauth_pass ""\n}'));
  assert.deepEqual(config?.instances[0]?.authentication, { type: 'none' });
});
