import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { missing } from '../support/machine.ts';

const skip = missing(['root', 'program /usr/bin/chrt', 'program /usr/bin/taskset']);
const place = new URL('../../src/daemon/scheduling.js', import.meta.url).href;

/** What the system says of a process that did this. */
function afterwards(steps: string): string {
  const program = `
    import { execFileSync } from 'node:child_process';
    import { readFileSync } from 'node:fs';
    const { Scheduling } = await import(${JSON.stringify(place)});
    const scheduling = new Scheduling('vrrp', ({ message }) => console.log(message));
    ${steps}
    const pid = String(process.pid);
    console.log(execFileSync('chrt', ['-p', pid], { encoding: 'utf8' }));
    console.log(execFileSync('taskset', ['-p', pid], { encoding: 'utf8' }));
    console.log(readFileSync('/proc/self/limits', 'latin1'));
    console.log('nice', readFileSync('/proc/self/stat', 'latin1').split(') ')[1].split(' ')[16]);`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
}

describe('scheduling', { skip: skip ?? false }, () => {
  it('is real-time, with the limit that an engine needs', () => {
    const text = afterwards('scheduling.apply({ noSwap: false, realtimePriority: 20, realtimeLimit: 20000 });');
    assert.match(text, /SCHED_RR\|SCHED_RESET_ON_FORK/);
    assert.match(text, /priority: 20$/m);
    assert.match(text, /^Max realtime timeout +500000 +1000000 +us/m);
  });

  it('is a nice value and a set of processors', () => {
    const text = afterwards('scheduling.apply({ noSwap: false, priority: -5, cpuAffinity: [0] });');
    assert.match(text, /^nice -5$/m);
    assert.match(text, /affinity mask: 1$/m);
    assert.match(text, /SCHED_OTHER/);
  });

  it('rises by one step a late timer, and a reload takes that back', () => {
    const late = 'scheduling.noticeDelay(1, 3_000_000, { maxAutoPriority: 2, minAutoPriorityDelay: 1_000_000 });';
    const apply = 'scheduling.apply({ noSwap: false });';
    const raised = afterwards(apply + late + late + late);
    assert.deepEqual(raised.match(/^Set realtime priority \d+$/gm), [
      'Set realtime priority 1',
      'Set realtime priority 2',
    ]);
    assert.match(raised, /priority: 2$/m);
    assert.match(afterwards(apply + late + apply), /SCHED_OTHER/);
  });
});
