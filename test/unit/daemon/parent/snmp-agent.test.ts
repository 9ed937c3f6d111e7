import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Config } from '../../../../src/config/types.ts';
import { SnmpAgent } from '../../../../src/daemon/parent/snmp-agent.ts';
import type { CheckerSurvey, ObserverRequest } from '../../../../src/ipc/observation.ts';
import { AgentxMaster } from '../../../fakes/agentx-master.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { config as example } from '../../report/examples.ts';

const KEEPALIVED_MIB = '1.3.6.1.4.1.9586.100.5';
const VERSION = `${KEEPALIVED_MIB}.1.1.0`;
const MAIL_PORT = `${KEEPALIVED_MIB}.1.3.6.0`;
const SERVERS_UP = `${KEEPALIVED_MIB}.3.3.1.21.1`;

describe('the SNMP agent', () => {
  let directory: string;
  let master: AgentxMaster;
  let agent: SnmpAgent;
  const said: string[] = [];
  const asked: ObserverRequest[] = [];
  const survey: CheckerSurvey = { type: 'checkerSurvey', services: [] };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'agentx-'));
    said.length = 0;
    asked.length = 0;
  });
  afterEach(() => {
    agent.close();
    master.close();
    rmSync(directory, { recursive: true });
  });

  /** An agent that shows `config`, at a master agent that answers its registration with `registrationError`. */
  async function begin(config: Config, registrationError = 0): Promise<void> {
    master = new AgentxMaster(join(directory, 'master'), registrationError);
    await master.listen();
    const { now, openTimer } = fakeClock();
    const host = {
      ...{ now, openTimer },
      say: (_: unknown, message: string) => void said.push(message),
      ask: (_: unknown, request: ObserverRequest) => {
        asked.push(request);
        queueMicrotask(() => agent.observed(survey));
        return true;
      },
    };
    const snmp = { ...config.global.snmp, checker: true, socket: `unix:${master.path}` };
    agent = new SnmpAgent(host, { ...config, global: { ...config.global, snmp } });
    agent.observed({ type: 'shown' });
    await master.registered;
  }

  it('asks for traffic as soon as virtual servers are asked for, however fresh the rest is', {
    timeout: 5_000,
  }, async () => {
    await begin(example);
    await master.next(KEEPALIVED_MIB);
    await master.get(MAIL_PORT);
    assert.deepEqual(asked, [{ type: 'survey', traffic: false }]);
    await master.get(SERVERS_UP);
    await master.get(VERSION);
    assert.deepEqual(asked.slice(1), [{ type: 'survey', traffic: true }]);
  });

  it('answers those who want traffic only after it was asked for, even if others were first', {
    timeout: 5_000,
  }, async () => {
    await begin(example);
    await Promise.all([master.get(VERSION), master.get(SERVERS_UP)]);
    assert.deepEqual(
      asked.map((request) => request.type === 'survey' && request.traffic),
      [false, true],
    );
  });

  it('says that it may not have its subtree', { timeout: 5_000 }, async () => {
    await begin(example, 263);
    await master.get(VERSION);
    assert.deepEqual(said.slice(1), [`AgentX master refuses to register ${KEEPALIVED_MIB}: another agent has it`]);
  });

  it('goes on after a socket that cannot be one', { timeout: 5_000 }, async () => {
    await begin(example);
    agent.configure({
      ...example,
      global: { ...example.global, snmp: { ...example.global.snmp, checker: true, socket: 'tcp:localhost:99999' } },
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.match(
      said.at(-1) ?? '',
      /^Warning: Failed to connect to the agentx master agent \(tcp:localhost:99999\): .*99999/,
    );
  });
});
