import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { askLocalService, openLocalService } from '../../../../src/os/sockets/local-service.ts';

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-local-'));
after(() => rmSync(directory, { recursive: true }));

const unexpected = (error: Error): void => assert.fail(error);

describe('a local service', () => {
  it('gives everybody who asks an answer, large ones too', async () => {
    const path = join(directory, 'a.sock');
    let count = 0;
    const service = openLocalService(path, async () => `${count++}`.repeat(500_000), unexpected);
    const answers = await Promise.all([askLocalService(path), askLocalService(path)]);
    assert.deepEqual(
      answers.map(({ length }) => length),
      [500_000, 500_000],
    );
    assert.equal(count, 2);
    service.close();
  });

  it('is for its owner only, takes the place of what a former run left, and goes at its end', async () => {
    const path = join(directory, 'b.sock');
    writeFileSync(path, '');
    const service = openLocalService(path, async () => 'here', unexpected);
    assert.equal(await askLocalService(path), 'here');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    service.close();
    assert.equal(existsSync(path), false);
    await assert.rejects(askLocalService(path), { code: 'ENOENT' });
  });

  it('says why it cannot be made', async () => {
    const error = await new Promise<Error>((resolve) => {
      openLocalService(join(directory, 'none', 'c.sock'), async () => '', resolve);
    });
    assert.match(error.message, /EACCES|ENOENT/);
  });
});
