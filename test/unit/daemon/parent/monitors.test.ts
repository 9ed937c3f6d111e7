import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Config } from '../../../../src/config/types.ts';
import { Monitors } from '../../../../src/daemon/parent/monitors.ts';
import type { BusMessage } from '../../../../src/os/message-bus.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { SystemBus } from '../../../fakes/system-bus.ts';
import { config as example } from '../../report/examples.ts';

const SERVICE = 'org.keepalived.Vrrp1';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const METHOD_CALL = 1;
const METHOD_RETURN = 2;
const SIGNAL = 4;

const withBus: Config = {
  ...example,
  global: { ...example.global, dbus: { serviceName: SERVICE, noInterfaceName: 'none' } },
};
/** The same without its first instance. */
const reduced: Config = { ...withBus, instances: withBus.instances.slice(1) };

describe('those who watch over D-Bus', () => {
  let directory: string;
  let bus: SystemBus;
  let monitors: Monitors;
  const said: string[] = [];
  const environment = process.env.DBUS_SYSTEM_BUS_ADDRESS;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'bus-'));
    bus = new SystemBus(join(directory, 'bus'));
    await bus.listen();
    process.env.DBUS_SYSTEM_BUS_ADDRESS = bus.address;
    said.length = 0;
    const { now, openTimer } = fakeClock();
    monitors = new Monitors({
      ...{ now, openTimer, log: ({ message }) => void said.push(message) },
      ...{ say: () => {}, ask: () => true, signalVrrp: () => {}, reload: () => {} },
      ...{ daemon: { version: 'v', pid: 1, configurationFile: 'f' }, processes: () => [], wallClock: () => 0 },
      serve: () => ({ close: () => {} }),
    });
  });
  afterEach(async () => {
    await monitors.close();
    bus.close();
    rmSync(directory, { recursive: true });
    if (environment === undefined) delete process.env.DBUS_SYSTEM_BUS_ADDRESS;
    else process.env.DBUS_SYSTEM_BUS_ADDRESS = environment;
  });

  const signals = (): string[] =>
    bus.seen.filter(({ type }) => type === SIGNAL).map(({ member, body }) => [member, ...(body ?? [])].join(' '));

  /** Whatever was sent before a call is here when its answer is. */
  async function answered(): Promise<void> {
    const serial = bus.send({ type: METHOD_CALL, path: '/', interface: 'org.freedesktop.DBus.Peer', member: 'Ping' });
    await bus.saw(({ type, replySerial }) => type === METHOD_RETURN && replySerial === serial);
  }

  async function begin(): Promise<void> {
    monitors.configure(withBus);
    const request = await bus.saw(({ member }) => member === 'RequestName');
    bus.tell('NameAcquired', SERVICE);
    answerRequest(request, 1);
    await bus.saw(({ member }) => member === 'VrrpStarted');
  }

  /** 1: the name is ours; 2: somebody else has it, and we wait in the queue. */
  function answerRequest({ serial }: BusMessage, outcome: number): void {
    const answer = { type: METHOD_RETURN, sender: 'org.freedesktop.DBus', signature: 'u', body: [outcome] };
    bus.send({ ...answer, ...(serial !== undefined && { replySerial: serial }) });
  }

  it('an instance that comes back after a reload took it away begins anew', { timeout: 5_000 }, async () => {
    await begin();
    const name = withBus.instances[0]?.name ?? '';
    const told = { type: 'changed', object: 'instance', name } as const;
    monitors.observed({ ...told, state: 'BACKUP' });
    monitors.observed({ ...told, state: 'DELETED' });
    monitors.configure(reduced);
    monitors.configure({ ...withBus });
    await answered();
    monitors.observed({ ...told, state: 'BACKUP' });
    await answered();
    assert.deepEqual(signals(), [
      'VrrpStarted',
      'VrrpStatusChange 1',
      'VrrpStatusChange 97',
      'VrrpReloaded',
      'VrrpReloaded',
      'VrrpStatusChange 1',
    ]);
  });

  it('a reload that was refused is none', { timeout: 5_000 }, async () => {
    await begin();
    monitors.configure(withBus);
    await answered();
    assert.deepEqual(signals(), ['VrrpStarted']);
  });

  it('signals only while the name is its own, and says when it is not', { timeout: 5_000 }, async () => {
    monitors.configure(withBus);
    answerRequest(await bus.saw(({ member }) => member === 'RequestName'), 2);
    await answered();
    assert.deepEqual(signals(), []);
    bus.tell('NameAcquired', SERVICE);
    await bus.saw(({ member }) => member === 'VrrpStarted');
    bus.tell('NameLost', SERVICE);
    await answered();
    const lost = `Lost the name ${SERVICE} on the session bus`;
    assert.deepEqual(said, [`Acquired DBus bus ${SERVICE}`, lost, lost]);
  });

  it('goes on after a message with a type that the library does not know', { timeout: 5_000 }, async () => {
    await begin();
    const call = { type: METHOD_CALL, path: '/', interface: PROPERTIES, member: 'GetAll', signature: 'u', body: [0] };
    // A file descriptor, which anybody may send.
    bus.send(call, (bytes) => bytes.write('h', bytes.indexOf('\u0001u\u0000', 0, 'latin1') + 1, 'latin1'));
    await answered();
  });

  it('a bus whose address means nothing is looked for again', { timeout: 5_000 }, async () => {
    process.env.DBUS_SYSTEM_BUS_ADDRESS = 'nonsense';
    monitors.configure(withBus);
    await new Promise((resolve) => setTimeout(resolve));
    assert.match(said.join(), /^Lost DBus org\.keepalived\.Vrrp1: .* - trying again$/);
  });
});
