import type { Checker, CheckerConnection, RealServer, VirtualServer } from '../../src/config/types.ts';
import { HealthChecks } from '../../src/daemon/checker/health-checks.ts';
import { Services } from '../../src/daemon/checker/services.ts';
import { type Instant, instant, millis, seconds } from '../../src/lib/duration.ts';
import type { IpAddress } from '../../src/lib/ip.ts';
import { openScripts } from '../../src/os/processes/checker-script.ts';
import { datagrams } from '../../src/os/sockets/datagrams.ts';
import { raiseDescriptorLimit } from '../../src/os/processes/descriptor-limit.ts';
import { dial } from '../../src/os/sockets/dial.ts';
import { startMd5 } from '../../src/os/digest.ts';
import { native } from '../../src/os/native.ts';
import { openRegex } from '../../src/os/regex.ts';
import { openSecureDial } from '../../src/os/sockets/secure-dial.ts';
import { openTimer } from '../../src/os/timer.ts';
import { atEndOfTurn } from '../../src/os/turn.ts';
import type { Dial } from '../../src/ports/dial.ts';
import type { Timer } from '../../src/ports/timer.ts';
import { plainRealServer, plainVirtualServer } from '../support/servers.ts';

/**
 * The part of the checker process that checks, in a process of its own and without IPVS. Arguments: the kind of check,
 * how many, their interval in ms, the port of the servers, warm-up and measured time in s. Prints one line of JSON.
 * Of kind `mixed` one server in twenty never answers HTTP_GET, one never completes a handshake of SSL_GET, one never
 * closes an answer without length, and the others have a TCP_CHECK; they are at the ports above.
 */
const [kind = 'tcp', ...numbers] = process.argv.slice(2);
const [count = 10200, interval = 3000, port = 1, settle = 5, measured = 15] = numbers.map(Number);

/** Above the port of the servers that answer. */
const SILENT_TLS = 2;
const UNENDING = 3;

raiseDescriptorLimit(count + 100);

/** 2 real servers a virtual server, each at a loopback address of its own. */
function virtualServers(): VirtualServer[] {
  return Array.from({ length: Math.ceil(count / 2) }, (_, i) => ({
    ...plainVirtualServer(address(200, i)),
    realServers: [realServer(2 * i), realServer(2 * i + 1)],
  }));
}

function address(first: number, i: number): IpAddress {
  return `127.${first}.${Math.floor(i / 250)}.${(i % 250) + 1}` as IpAddress;
}

function realServer(i: number): RealServer {
  const hung = kind === 'mixed' && i % 20 <= UNENDING ? i % 20 : 0;
  return { ...plainRealServer(address(1, i)), port, checkers: [checker(address(1, i), hung)] };
}

function checker(server: IpAddress, hung: number): Checker {
  const schedule = {
    delayLoop: millis(interval),
    warmup: millis(interval),
    retry: 1,
    delayBeforeRetry: seconds(1),
    alpha: false,
    logAllFailures: false,
  };
  const connection = { address: server, port: port + hung, connectTimeout: seconds(3) };
  if (kind === 'tcp' || (kind === 'mixed' && hung === 0)) return { kind: 'TCP_CHECK', schedule, connection };
  return {
    kind: hung === SILENT_TLS ? 'SSL_GET' : 'HTTP_GET',
    schedule,
    connection,
    httpProtocol: '1.0',
    fastRecovery: false,
    enableSni: false,
    tlsCompliant: false,
    urls: [{ path: '/', statusCodes: [[200, 200]], tlsCompliant: false }],
  };
}

let downs = 0;
let lastDown = 0;
const log = (): void => {};
const now = (): number => native.monotonicNow();
const secureDial = openSecureDial(undefined);
if (!secureDial.ok) throw new Error(secureDial.error.join(' '));
const services = new Services({
  log,
  apply: () => [],
  adopt: () => new Map(),
  notify: (action) => {
    if (action.type !== 'fifo' || !action.text.startsWith('RS') || !action.text.includes('DOWN')) return;
    downs += 1;
    lastDown = now();
  },
  atEndOfTurn,
  restores: () => false,
  mailsAll: () => false,
});
/** Microseconds that checks of servers that answer began after their time, while measured. */
const lateness: number[] = [];
let measuring = false;
/** When the turn under way was due. */
let due: Instant | undefined;

function note(to: CheckerConnection): void {
  if (measuring && due !== undefined && to.port === port) lateness.push(now() - due);
}

const watchedDial: Dial = {
  connect(to, signal) {
    note(to);
    return dial.connect(to, signal);
  },
  probe(to, signal) {
    note(to);
    return dial.probe(to, signal);
  },
};

function watchedTimer(expired: () => void): Timer {
  let armed: Instant | undefined;
  const timer = openTimer(() => {
    due = armed;
    expired();
    due = undefined;
  });
  return {
    arm(at) {
      armed = at;
      timer.arm(at);
    },
    close: () => timer.close(),
  };
}

const checks = new HealthChecks({
  ports: {
    dial: watchedDial,
    secureDial: secureDial.value,
    datagrams,
    runScript: openScripts(log),
    compileRegex: openRegex(log),
    md5: startMd5,
    clock: { now: () => instant(now()) },
    random: Math.random,
  },
  log,
  openTimer: watchedTimer,
  changed: (check, change) => services.verdictChanged(check, change),
  checked: (check) => services.checked(check),
});
const began = now();
services.start(virtualServers(), false);
checks.replace(services.checks);

setTimeout(() => {
  const before = process.cpuUsage();
  const from = now();
  measuring = true;
  setTimeout(() => {
    const { user, system } = process.cpuUsage(before);
    const rssKib = Math.round(process.memoryUsage.rss() / 1024);
    const cores = (user + system) / (now() - from);
    const down = downs === 0 ? 0 : (lastDown - began) / 1e6;
    const sorted = lateness.sort((a, b) => a - b).map((one) => one / 1000);
    const late = { most: sorted[Math.floor(sorted.length * 0.999)] ?? 0, latest: sorted.at(-1) ?? 0 };
    process.stdout.write(`${JSON.stringify({ cores, rssKib, downs, down, late })}\n`);
    process.exit(0);
  }, measured * 1000);
}, settle * 1000);
