import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshService } from '../../../src/checkers/reload.ts';
import { type ServiceEvent, transition } from '../../../src/checkers/service.ts';
import { realServer, virtualServer } from './examples.ts';

/** What those who watch from outside learn of each event. */
function changes(events: readonly ServiceEvent[]): string[][] {
  const server = virtualServer([realServer('10.0.0.11'), realServer('10.0.0.12')]);
  let { state } = freshService(server);
  return events.map((event) => {
    const step = transition(server, state, event);
    state = step.state;
    return step.actions.flatMap((action) => {
      if (action.type !== 'change') return [];
      const { change, serversUp } = action;
      const what = change.object === 'quorum' ? change.status : `${change.address} ${change.up ? 'up' : 'down'}`;
      return [`${what}, ${serversUp} up`];
    });
  });
}

test('watchers learn of servers and quorum, and at the end of every server, without omega too', () => {
  const down = (realServer: number) => ({ type: 'checkerDown', realServer, mail: '' }) as const;
  const events: ServiceEvent[] = [
    { type: 'start', notifyRealServers: false },
    down(0),
    down(1),
    { type: 'checkerUp', realServer: 1, mail: '' },
    { type: 'stop', eachServer: true },
  ];
  assert.deepEqual(changes(events), [
    ['met, 2 up'],
    ['10.0.0.11 down, 1 up'],
    ['10.0.0.12 down, 0 up', 'notMet, 0 up'],
    ['10.0.0.12 up, 1 up', 'met, 1 up'],
    ['10.0.0.12 down, 0 up', 'shutdown, 0 up'],
  ]);
});
