import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  answerCall,
  type BusInstance,
  INSTANCE_INTERFACE,
  instancePath,
  VRRP_INTERFACE,
  VRRP_PATH,
} from '../../../src/report/bus-objects.ts';

const instance: BusInstance = { name: 'VI_1', interface: 'eth0', virtualRouterId: 51, family: 4, state: 'MASTER' };
const path = '/org/keepalived/Vrrp1/Instance/eth0/51/IPv4';
const instances = new Map([[path, instance]]);
const call = (at: string, name: string, member: string, ...body: unknown[]) =>
  answerCall({ path: at, interface: name, member, body }, instances);
const properties = 'org.freedesktop.DBus.Properties';

describe('objects on the bus', () => {
  it('have paths of letters, digits and underscores', () => {
    assert.equal(instancePath(instance, 'none'), path);
    assert.equal(
      instancePath({ ...instance, interface: 'br-lan.5', family: 6 }, 'none'),
      '/org/keepalived/Vrrp1/Instance/br_lan_5/51/IPv6',
    );
    assert.equal(
      instancePath({ ...instance, interface: '' }, 'nowhere'),
      '/org/keepalived/Vrrp1/Instance/nowhere/51/IPv4',
    );
  });

  it('show name and state', () => {
    assert.deepEqual(call(path, properties, 'Get', INSTANCE_INTERFACE, 'State'), {
      signature: 'v',
      body: [['(us)', [2, 'Master']]],
    });
    assert.deepEqual(call(path, properties, 'GetAll', INSTANCE_INTERFACE), {
      signature: 'a{sv}',
      body: [
        [
          ['Name', ['(s)', ['VI_1']]],
          ['State', ['(us)', [2, 'Master']]],
        ],
      ],
    });
  });

  it('pass requests on', () => {
    assert.deepEqual(call(path, INSTANCE_INTERFACE, 'SendGarp'), { request: { type: 'sendGarp', instance: 'VI_1' } });
    assert.deepEqual(call(VRRP_PATH, VRRP_INTERFACE, 'ReloadConfig'), { request: { type: 'reload' } });
  });

  it('lead from the root to every object', () => {
    const steps = path.slice(1).split('/');
    steps.forEach((step, depth) => {
      const at = `/${steps.slice(0, depth).join('/')}`;
      const answer = call(at, 'org.freedesktop.DBus.Introspectable', 'Introspect');
      assert.ok('body' in answer && String(answer.body).includes(`<node name="${step}"/>`), at);
    });
  });

  it('refuse what there is not, whatever it is called', () => {
    for (const member of ['toString', '__proto__', 'Name', 'CreateInstance']) {
      assert.ok('error' in call(VRRP_PATH, VRRP_INTERFACE, member));
      assert.ok('error' in call(path, INSTANCE_INTERFACE, member));
    }
    assert.ok('error' in call(path, properties, 'Set', INSTANCE_INTERFACE, 'State', ['s', 'x']));
    const word = fc.oneof(fc.string(), fc.constantFrom(path, VRRP_PATH, properties, 'Get', 'GetAll'));
    fc.assert(
      fc.property(word, word, word, fc.array(fc.anything()), (at, name, member, body) => {
        answerCall({ path: at, interface: name, member, body }, instances);
      }),
    );
  });
});
