import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StatusService } from '../../../../src/daemon/parent/status-service.ts';
import type { CheckerSurvey, ObservedRole, VrrpSurvey } from '../../../../src/ipc/observation.ts';
import { instant, seconds } from '../../../../src/lib/duration.ts';
import type { Status } from '../../../../src/report/status/status.ts';
import { type FakeClock, fakeClock } from '../../../fakes/clock.ts';
import { config } from '../../report/examples.ts';

const vrrp: VrrpSurvey = {
  ...{ type: 'survey', startedAt: 0, instances: [], groups: [], interfaces: {} },
  ...{ scripts: {}, files: { load: 7 }, bfds: {}, processes: {} },
};
const checker: CheckerSurvey = { type: 'checkerSurvey', services: [] };

interface Bench {
  readonly clock: FakeClock;
  readonly service: StatusService;
  readonly asked: ObservedRole[];
  /** Asks as an operator does. */
  status(): Promise<Status>;
}

function bench(running: readonly ObservedRole[]): Bench {
  const clock = fakeClock();
  const asked: ObservedRole[] = [];
  let answer: () => Promise<string> = async () => '';
  const service = new StatusService(
    {
      daemon: { version: 'V', pid: 9, configurationFile: '/c' },
      processes: () => running.map((role, at) => ({ role, pid: 10 + at, restarts: 0 })),
      serve: (give) => {
        answer = give;
        return { close: () => {} };
      },
      now: () => clock.now(),
      wallClock: () => seconds(1000) + clock.now(),
      openTimer: (expired) => clock.openTimer(expired),
      ask: (role) => {
        if (running.includes(role)) asked.push(role);
        return running.includes(role);
      },
    },
    config,
  );
  return { clock, service, asked, status: async () => JSON.parse(await answer()) as Status };
}

describe('the state that an operator asks for', () => {
  it('is that of all processes that run, asked once for all who wait', async () => {
    const { service, asked, status } = bench(['vrrp', 'checker']);
    const both = Promise.all([status(), status()]);
    assert.deepEqual(asked, ['vrrp', 'checker']);
    service.observed(vrrp);
    service.observed(checker);
    const [one, other] = await both;
    assert.deepEqual(one, other);
    assert.deepEqual(one.tracked, [{ kind: 'file', name: 'load', state: '7' }]);
    assert.deepEqual(
      one.processes.map(({ answers }) => answers),
      [true, true],
    );
  });

  it('does without a process that does not answer in time, even if it does later', async () => {
    const { clock, service, status } = bench(['vrrp', 'checker']);
    const first = status();
    service.observed(vrrp);
    await clock.advanceTo(instant(seconds(2)));
    assert.deepEqual(
      (await first).processes.map(({ answers }) => answers),
      [true, false],
    );
    service.observed(checker);
    const second = status();
    service.observed(vrrp);
    await clock.advanceTo(instant(seconds(4)));
    assert.deepEqual(
      (await second).processes.map(({ answers }) => answers),
      [true, false],
    );
  });

  it('tells since when the configuration is in force, and why a newer one is not', async () => {
    const { clock, service, status } = bench([]);
    await clock.advanceTo(instant(seconds(5)));
    service.refused('no good');
    assert.deepEqual((await status()).configuration, { file: '/c', readAt: 1000, refusal: 'no good' });
    service.configure(config);
    const { configuration, startedAt, now } = await status();
    assert.deepEqual(configuration, { file: '/c', readAt: 1005 });
    assert.deepEqual([startedAt, now], [1000, 1005]);
  });
});
