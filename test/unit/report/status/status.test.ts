import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CheckerSurvey, InstanceSurvey, VrrpSurvey } from '../../../../src/ipc/observation.ts';
import { seconds } from '../../../../src/lib/duration.ts';
import { type DaemonFacts, statusOf } from '../../../../src/report/status/status.ts';
import { printStatus } from '../../../../src/report/status/text.ts';
import { config, ip } from '../examples.ts';

const NOW = seconds(1_000_000);
const ago = (span: number): number => NOW - seconds(span);

const survey: InstanceSurvey = {
  name: 'VI_A',
  state: 'MASTER',
  wantedState: 'MASTER',
  basePriority: 120,
  preempt: true,
  effectivePriority: 120,
  changedAt: ago(3 * 86_400 + 2 * 3600),
  faults: [],
  scriptsAwaited: 0,
  masterPriority: 0,
  interfaceIndex: 3,
  holdsAddresses: true,
  newMasterReason: 'masterNoResponse',
  protocolError: 'noError',
  statistics: { advertSent: 5, advertReceived: 2, becomeMaster: 1 },
};

const vrrp: VrrpSurvey = {
  type: 'survey',
  startedAt: ago(300_000),
  instances: [
    survey,
    {
      ...survey,
      name: 'VI_B',
      state: 'BACKUP',
      effectivePriority: 90,
      basePriority: 110,
      changedAt: ago(61),
      masterAddress: ip('10.20.0.2'),
      masterPriority: 150,
      holdsAddresses: false,
    },
  ],
  groups: [{ name: 'G1', state: 'MASTER' }],
  interfaces: {},
  scripts: { chk: 'bad', slow: 'initFailed' },
  files: {},
  bfds: { link: true },
  processes: { nginx: { current: 2, haveQuorum: true } },
};

const checker: CheckerSurvey = {
  type: 'checkerSurvey',
  services: [
    {
      quorumUp: false,
      sorryActive: true,
      realServers: [
        {
          alive: false,
          weight: 0,
          failedCheckers: 1,
          uncheckedCheckers: 1,
          checks: [
            { up: false, hasRun: true, trouble: 'status code 503' },
            { up: true, hasRun: false },
          ],
        },
      ],
    },
  ],
};

const facts: DaemonFacts = {
  version: 'V',
  pid: 77,
  startedAt: ago(300_000),
  configurationFile: '/etc/keepalived/keepalived.conf',
  configuredAt: ago(4000),
  processes: [
    { role: 'vrrp', pid: 78, restarts: 0 },
    { role: 'checker', pid: 79, restarts: 0 },
  ],
};

describe('the live state', () => {
  it('is a table of what there is, with what needs attention below it', () => {
    assert.deepEqual(printStatus(statusOf(config, facts, { vrrp, checker }, NOW)), [
      'V, process 77, running for 3 d 11 h',
      '/etc/keepalived/keepalived.conf, read 1 h 6 min ago',
      '',
      'VRRP instance  state   for        priority   master           addresses',
      'VI_A           MASTER  3 d 2 h    120        this node        holds 10.20.0.5/24 dev eth0 and 2 more',
      'VI_B           BACKUP  1 min 1 s  90 of 110  10.20.0.2 (150)  fe80::8 dev eth0 deprecated and 1 more',
      '',
      'sync group  state   members',
      'G1          MASTER',
      '',
      'tracked  name   state',
      'script   chk    bad',
      'script   slow   not run yet, taken for bad',
      'process  nginx  2 running, good',
      'bfd      link   up',
      '',
      'virtual or real server      state                              weight  connections',
      '[10.20.0.40]:tcp:80 wrr DR  0 of 1 up',
      '  ! the quorum of 2 is not met',
      '  ! the sorry server [10.20.0.19]:tcp:80 stands in',
      '  [10.20.0.11]:tcp:80       down, not all checks have run yet  0       -',
      '    ! HTTP_GET: status code 503',
    ]);
  });

  it('names what is wrong with the daemon itself', () => {
    const troubled: DaemonFacts = {
      ...facts,
      refusal: 'Not reloading',
      processes: [
        { role: 'vrrp', pid: 78, restarts: 2 },
        { role: 'checker', restarts: 1 },
        { role: 'bfd', pid: 80, restarts: 0 },
      ],
    };
    assert.deepEqual(printStatus(statusOf(config, troubled, { vrrp: undefined, checker: undefined }, NOW)).slice(2), [
      '! Not reloading',
      '! the VRRP process (78) does not answer',
      '! the VRRP process has been started again 2 times: see the log',
      '! the checker process is not running and will be started again',
      '! the checker process has been started again once: see the log',
    ]);
  });

  it('says in words what keeps an instance from working', () => {
    const faults = ['interfaceDown', 'noSourceAddress', 'script chk one', 'interface eth7', 'bfd peer'];
    const faulty = { ...survey, state: 'FAULT' as const, faults, scriptsAwaited: 1 };
    const { instances } = statusOf(config, facts, { vrrp: { ...vrrp, instances: [faulty] }, checker }, NOW);
    assert.deepEqual(instances[0]?.faults, [
      'interface eth0 is down or missing',
      'eth0 has no IPv4 address to send from',
      'script chk one has failed',
      'tracked interface eth7 is down',
      'bfd peer has failed',
      'the first result of a script is awaited',
    ]);
  });
});
