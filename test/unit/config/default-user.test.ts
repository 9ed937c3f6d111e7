import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './loading.ts';

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
