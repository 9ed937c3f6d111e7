import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { configurationFiles } from '../support/config-fuzz.ts';
import { evenkeel, missing, projectRoot, reference } from '../support/machine.ts';
import { Sandbox } from './daemon.ts';

const skip = missing(['root', 'namespaces', `program ${reference}`]);

/** Where Debian's keepalived 2.2.7 ends a configuration test otherwise than 2.4.3 does, and why. */
const unprivileged = 'it dies by SIGTERM as it looks at a command of a user other than root';
const otherwise: Readonly<Record<string, string>> = {
  'test/vectors/config/http-get.conf': unprivileged,
  'test/vectors/config/notify.conf': unprivileged,
  'test/vectors/config/sync-groups.conf': unprivileged,
  'examples/lvs-fullnat.conf': 'FullNAT is ours',
};

describe('-t ends with the status of keepalived', { skip }, () => {
  let sandbox: Sandbox;
  before(() => {
    sandbox = new Sandbox('verdicts');
  });
  after(() => sandbox.close());

  for (const file of configurationFiles()) {
    const reason = otherwise[file];
    it(reason === undefined ? file : `${file}: not that of 2.2.7 (${reason})`, () => {
      mkdirSync(sandbox.path('files'), { recursive: true });
      const copy = join('files', basename(file));
      cpSync(join(projectRoot, file), sandbox.path(copy));
      const theirs = sandbox.finish(reference, '-t', '-f', copy);
      const ours = sandbox.finish(evenkeel, '-t', '-f', copy);
      if (reason === undefined) assert.equal(ours.status, theirs.status, `${theirs.stderr}\n${ours.stderr}`);
      else assert.notEqual(ours.status, theirs.status, 'no difference any more');
    });
  }
});
