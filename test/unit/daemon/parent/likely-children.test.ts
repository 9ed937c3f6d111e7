import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { likelyChildren } from '../../../../src/daemon/parent/likely-children.ts';

describe('a glance at the configuration', () => {
  const cases: [string, string[]][] = [
    ['', []],
    ['vrrp_instance VI_1 {\n}\n', ['vrrp']],
    ['global_defs {\n}\n  virtual_server 10.0.0.1 80 {\n}\n', ['checker']],
    ['vrrp_instance VI_1 {\n}\nvirtual_server_group G {\n}\nvirtual_server group G {\n}\n', ['checker', 'vrrp']],
    ['# vrrp_instance VI_1 {\n! virtual_server 10.0.0.1 80 {\n', []],
    ['vrrp_instance VI_1 {\n}\ninclude /etc/keepalived/*.d\n', []],
    ['vrrp_instance VI_1 {\n}\n# include nothing\n', ['vrrp']],
    ['net_namespace blue\nvrrp_instance VI_1 {\n}\n', []],
    ['@a vrrp_instance VI_1 {\n', []],
  ];
  for (const [text, roles] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(likelyChildren(text), roles));
  }
});
