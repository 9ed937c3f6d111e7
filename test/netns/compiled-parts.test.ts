import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { evenkeel, missing } from '../support/machine.ts';
import { Foreground, Sandbox } from './daemon.ts';
import { until } from './processes.ts';

const skip = missing(['root', 'namespaces']);

const router = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  virtual_ipaddress {
    10.99.0.51/32
  }
  track_bfd {
    peer
  }
}
bfd_instance peer {
  neighbor_ip 10.99.0.2
}
`;
const server = `virtual_server 10.99.0.80 80 {
  real_server 10.99.0.81 80 {
    TCP_CHECK {
    }
  }
}
`;

/** Notes of each part that a process loads whether the engine took what was compiled of it at the build. */
const watcher = (notes: string): string => `const vm = require('node:vm');
const { basename } = require('node:path');
const { appendFileSync } = require('node:fs');
vm.Script = class extends vm.Script {
  constructor(text, options) {
    super(text, options);
    const part = basename(options.filename).replace(/(-[A-Z0-9]{8})?\\.js$/, '');
    appendFileSync(${JSON.stringify(notes)}, part + ' ' + (this.cachedDataRejected === false ? 'taken' : 'compiled anew') + '\\n');
  }
};`;

describe('what was compiled at the build', { skip: skip ?? false }, () => {
  let sandbox: Sandbox;
  before(() => {
    sandbox = new Sandbox('parts');
  });
  after(() => {
    delete process.env.NODE_OPTIONS;
    sandbox.close();
  });

  /** What became of the parts in a start that goes as far as loading those in `wanted`. */
  const partsOf = async (configuration: string, wanted: readonly string[]): Promise<string[]> => {
    const notes = sandbox.path(`${wanted[0]}.notes`);
    process.env.NODE_OPTIONS = `--require ${sandbox.write('watcher.cjs', watcher(notes))}`;
    const file = sandbox.write('keepalived.conf', configuration);
    const daemon = new Foreground(sandbox, evenkeel, '-f', file, ...sandbox.pidOptions);
    const lines = (): string[] => (existsSync(notes) ? readFileSync(notes, 'latin1').trimEnd().split('\n') : []);
    await until(`${wanted} loaded`, 15, () =>
      wanted.every((part) => lines().some((line) => line.startsWith(`${part} `))),
    );
    await daemon.stop();
    return [...new Set(lines())].sort();
  };

  it('is taken by the parent, the VRRP process and the BFD process', async () => {
    const parts = ['bfd-process', 'child-main', 'config-environment', 'load', 'main', 'parent-main', 'vrrp-main'];
    const found = await partsOf(router, ['vrrp-main', 'bfd-process', 'load']);
    for (const part of parts) assert.ok(found.includes(`${part} taken`), `${part}: ${found}`);
    assert.deepEqual(
      found.filter((line) => !line.endsWith(' taken')),
      [],
    );
  });

  it('is taken by the checkers, for whom nothing is optimised at first', async () => {
    const found = await partsOf(server, ['checker-process', 'load']);
    for (const part of ['checker-process', 'load']) assert.ok(found.includes(`${part} taken`), `${part}: ${found}`);
  });
});
