import type { Config } from '../../config/types.ts';
import { after, type Instant, seconds } from '../../lib/duration.ts';
import type { Log } from '../../lib/log.ts';
import type { ShownState } from '../../lib/vrrp-words.ts';
import {
  type BusConnection,
  type BusMessage,
  connectSystemBus,
  ERROR,
  METHOD_CALL,
  METHOD_RETURN,
  SIGNAL,
} from '../../os/message-bus.ts';
import type { Timer } from '../../ports/timer.ts';
import {
  answerCall,
  type BusInstance,
  type BusRequest,
  INSTANCE_INTERFACE,
  instancePath,
  stateNumber,
  VRRP_INTERFACE,
  VRRP_PATH,
} from '../../report/bus-objects.ts';

/** Until the next attempt when there is no bus. */
const RETRY = seconds(5);
const NO_REPLY_EXPECTED = 1;
/** What RequestName may answer. */
const PRIMARY_OWNER = 1;
const BUS = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' };

export interface BusHost {
  readonly log: Log;
  now(): Instant;
  openTimer(expired: () => void): Timer;
  /** A caller wants something done. */
  request(request: BusRequest): void;
}

/** The service org.keepalived.Vrrp1 on the system bus. A bus that is not there, or goes, is looked for again. */
export class BusService {
  readonly #host: BusHost;
  readonly #retry: Timer;
  readonly #serviceName: string;
  #placeholder = 'none';
  #instances: ReadonlyMap<string, BusInstance> = new Map();
  #connection: BusConnection | undefined;
  #nameRequest = 0;
  /** The bus has answered to our request for the name. */
  #acquired = false;
  /** The name is ours. */
  #owner = false;
  #saidWhy = false;

  constructor(host: BusHost, serviceName: string) {
    this.#host = host;
    this.#serviceName = serviceName;
    this.#retry = host.openTimer(() => this.#connect());
    this.#connect();
  }

  /** The instances of `config`, and the states they have as far as is known. */
  configure(config: Config, states: ReadonlyMap<string, ShownState>): void {
    this.#placeholder = config.global.dbus?.noInterfaceName ?? 'none';
    const before = this.#instances;
    const instances = config.instances.map((instance): readonly [string, BusInstance] => {
      const { name, interface: interfaceName, virtualRouterId, family } = instance;
      const path = instancePath(instance, this.#placeholder);
      // One with another name that is the same router goes on in its state.
      const state = states.get(name) ?? before.get(path)?.state ?? 'INIT';
      return [path, { name, interface: interfaceName, virtualRouterId, family, state }];
    });
    this.#instances = new Map(instances);
    if (before.size > 0) this.#reloaded(before);
  }

  /** The first states of what is new could not be told before. */
  #reloaded(before: ReadonlyMap<string, BusInstance>): void {
    for (const [path, { name }] of before) {
      if (this.#instances.has(path)) continue;
      this.#say(`Deleted DBus object for instance ${name}`);
    }
    this.#signal(VRRP_PATH, VRRP_INTERFACE, 'VrrpReloaded');
    for (const [path, { state }] of this.#instances) {
      if (!before.has(path) && state !== 'INIT') this.#signalState(path, state);
    }
  }

  #signalState(path: string, state: ShownState): void {
    this.#signal(path, INSTANCE_INTERFACE, 'VrrpStatusChange', 'u', [stateNumber(state)]);
  }

  changed(name: string, state: ShownState): void {
    for (const [path, instance] of this.#instances) {
      if (instance.name !== name) continue;
      this.#instances = new Map(this.#instances).set(path, { ...instance, state });
      this.#signalState(path, state);
    }
  }

  close(): void {
    this.#retry.close();
    this.#signal(VRRP_PATH, VRRP_INTERFACE, 'VrrpStopped');
    if (this.#acquired) this.#say('Released DBus');
    this.#connection?.close();
    this.#connection = undefined;
  }

  #connect(): void {
    const connection = connectSystemBus(
      (message) => this.#received(message),
      (reason) => this.#lost(reason),
    );
    this.#connection = connection;
    connection.send({ ...BUS, type: METHOD_CALL, member: 'Hello' });
    const name = { member: 'RequestName', signature: 'su', body: [this.#serviceName, 0] };
    this.#nameRequest = connection.send({ ...BUS, type: METHOD_CALL, ...name });
  }

  #lost(reason: string | undefined): void {
    this.#connection = undefined;
    this.#acquired = false;
    this.#owner = false;
    if (!this.#saidWhy) {
      const why = reason ?? 'the connection has ended';
      this.#say(`Lost DBus ${this.#serviceName}: ${why} - trying again`);
    }
    this.#saidWhy = true;
    this.#retry.arm(after(this.#host.now(), RETRY));
  }

  #received(message: BusMessage): void {
    const { type, sender, member, replySerial, body } = message;
    if (type === METHOD_CALL) this.#answer(message);
    else if (replySerial === this.#nameRequest) this.#requested(message);
    else if (type === SIGNAL && sender === BUS.destination && body?.[0] === this.#serviceName) {
      if (member === 'NameAcquired' && this.#acquired) this.#owns(true);
      else if (member === 'NameLost') this.#owns(false);
    }
  }

  /** Whoever had the name before may keep it until he goes. keepalived says both then. */
  #requested({ type, body, errorName }: BusMessage): void {
    if (type === ERROR) {
      this.#say(`Lost DBus ${this.#serviceName}: ${String(body?.[0] ?? errorName)}`);
      return;
    }
    this.#acquired = true;
    this.#saidWhy = false;
    this.#say(`Acquired DBus bus ${this.#serviceName}`);
    if (body?.[0] === PRIMARY_OWNER) this.#owns(true);
    else this.#say(`Lost the name ${this.#serviceName} on the session bus`);
  }

  #owns(owner: boolean): void {
    if (this.#owner === owner) return;
    this.#owner = owner;
    if (owner) this.#signal(VRRP_PATH, VRRP_INTERFACE, 'VrrpStarted');
    else this.#say(`Lost the name ${this.#serviceName} on the session bus`);
  }

  #answer({ path = '/', interface: name, member = '', body = [], sender, serial, flags = 0 }: BusMessage): void {
    const answer = answerCall({ path, interface: name, member, body }, this.#instances);
    const reply = {
      ...(sender !== undefined && { destination: sender }),
      ...(serial !== undefined && { replySerial: serial }),
    };
    const expected = (flags & NO_REPLY_EXPECTED) === 0;
    if ('error' in answer) {
      const { error: errorName, text } = answer;
      if (expected) this.#connection?.send({ type: ERROR, ...reply, errorName, signature: 's', body: [text] });
      return;
    }
    const { signature, body: values = [], request } = answer;
    const content = signature === undefined ? {} : { signature, body: values };
    if (expected) this.#connection?.send({ type: METHOD_RETURN, ...reply, ...content });
    if (request) this.#host.request(request);
  }

  #signal(path: string, name: string, member: string, signature?: string, body: readonly unknown[] = []): void {
    if (!this.#owner) return;
    const content = signature === undefined ? {} : { signature, body };
    this.#connection?.send({ type: SIGNAL, path, interface: name, member, ...content });
  }

  #say(message: string): void {
    this.#host.log({ level: 'info', message });
  }
}
