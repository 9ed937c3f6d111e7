import { asksItself } from '../../checkers/registry.ts';
import type { FileValues } from '../../checkers/first-verdict.ts';
import type { ServiceAction } from '../../checkers/service-action.ts';
import type { Checker, Config, GlobalConfig } from '../../config/types.ts';
import type { ObserverRequest } from '../../ipc/observation.ts';
import { adoptable } from '../../ipvs/plan.ts';
import { after, type Instant, micros, millis, seconds } from '../../lib/duration.ts';
import { seededRandom } from '../../lib/random.ts';
import { openScripts } from '../../os/processes/checker-script.ts';
import { random } from '../../os/random.ts';
import { datagrams } from '../../os/sockets/datagrams.ts';
import { raiseDescriptorLimit } from '../../os/processes/descriptor-limit.ts';
import { dial } from '../../os/sockets/dial.ts';
import { startMd5 } from '../../os/digest.ts';
import { runningScripts, runScript, signalScripts } from '../../os/processes/exec.ts';
import { tidyLater } from '../../os/garbage.ts';
import { ipvsListing } from '../../os/ipvs-listing.ts';
import { native } from '../../os/native.ts';
import { allowPing } from '../../os/ping-group-range.ts';
import { postponeOptimising } from '../../os/optimiser.ts';
import { openRegex } from '../../os/regex.ts';
import { openSecureDial } from '../../os/sockets/secure-dial.ts';
import { openTimer } from '../../os/timer.ts';
import { atEndOfTurn } from '../../os/turn.ts';
import type { SecureDial } from '../../ports/dial.ts';
import type { ChildContext } from '../child.ts';
import { printBfdEvent } from '../../report/bfd-log.ts';
import { CheckerObserver } from './checker-observer.ts';
import { CheckerReports, type CheckersView } from './checker-reports.ts';
import { FullNat } from './full-nat.ts';
import { fullNatHost } from './full-nat-host.ts';
import { HaSuspend } from './ha-suspend.ts';
import { HealthChecks, targetOf } from './health-checks.ts';
import { type IpvsKernel, ipvsNamespace } from '../ipvs-kernel.ts';
import { IpvsSettings } from './ipvs-settings.ts';
import { MarkedGroups } from './marked-groups.ts';
import { NotifyFifos } from '../notify-fifos.ts';
import { sizedNetlink } from '../netlink-buffers.ts';
import { openConfiguredIpvs } from '../open-ipvs.ts';
import { openAddressKernel } from '../vrrp/address-kernel.ts';
import { Services } from './services.ts';
import { exitStatus } from '../../lib/exit-status.ts';
import { stoppedLine } from '../stopped-line.ts';
import { TableGuard } from './table-guard.ts';
import { TrackedFiles } from '../tracked-files.ts';

/** What the last scripts get to finish before they are told to, and then before they are killed. */
const SCRIPT_TIME = seconds(1);
const LAST_SCRIPT_TIME = millis(100);
/** How often lvs_restore_services looks at the table. */
const GUARD_INTERVAL = seconds(1);
/** Descriptors beside those of attempts under way: sockets, FIFOs, channel, event loop. */
const OWN_DESCRIPTORS = 64;

/** random_seed makes delays and identifiers repeat themselves. */
function randomOf({ randomSeed }: GlobalConfig): () => number {
  return randomSeed === undefined ? random : seededRandom(randomSeed);
}

/**
 * Runs the checker child until it is told to stop. Where there is no IPVS for its services, it exits at once with status
 * FATAL.
 */
export function runCheckerProcess(context: ChildContext): void {
  context.sayFindings();
  if (context.config.virtualServers.length > 0) runChecks(context);
  else awaitServices(context, (config) => runChecks({ ...context, config }));
}

/** With --all there may be no service yet, and nothing is asked of the kernel until a reload brings one. */
function awaitServices(context: ChildContext, begin: (config: Config) => void): void {
  let current = context.config;
  const reports = new CheckerReports(context, () => ({ config: current, services: [], fileValue: () => 0 }));
  context.onReload((config) => {
    current = config;
    context.log({ level: 'info', message: 'Reloading' });
    context.sayFindings();
    if (config.virtualServers.length > 0) begin(config);
    else context.ready();
  });
  context.onSignal((signal) => reports.asked(signal));
  context.onDescribe(() => reports.describe());
  context.onPing(() => reports.doing());
  context.onStop(() => {
    context.log(stoppedLine(context.options.logDetail));
    context.exit(0);
  });
  context.ready();
}

function runChecks(context: ChildContext): void {
  const secureDial = clientSecureDial(context.config);
  if (!secureDial.ok) {
    for (const message of [...secureDial.error, 'Terminate...']) context.log({ level: 'err', message });
  }
  const kernel = secureDial.ok ? openConfiguredIpvs(context.log, context.config.global.netNamespaceIpvs) : undefined;
  if (!secureDial.ok || !kernel) {
    context.exit(exitStatus.fatal);
    return;
  }
  const checkers = new CheckerProcess(context, kernel, secureDial.value);
  const reports = new CheckerReports(context, () => checkers.view());
  context.onReload((config) => reports.aroundReload(config, () => checkers.reload(config)));
  context.onSignal((signal) => reports.asked(signal));
  context.onDescribe(() => reports.describe());
  context.onPing(() => reports.doing());
  checkers.start();
  context.onStop(() => checkers.stop());
  context.onObserver((request) => checkers.asked(request));
}

/** Bytes: collecting the garbage of a larger heap after a reload would hold the checks up. */
const LARGEST_TIDIED = 48 * 1024 * 1024;

/** Composition: verdicts of the health checks go to the services, and what follows to kernel, scripts and FIFOs. */
class CheckerProcess {
  readonly #context: ChildContext;
  readonly #kernel: IpvsKernel;
  readonly #observer: CheckerObserver;
  readonly #settings: IpvsSettings;
  readonly #fifos: NotifyFifos;
  readonly #services: Services;
  readonly #healthChecks: HealthChecks;
  readonly #files: TrackedFiles;
  readonly #haSuspend: HaSuspend;
  readonly #guard: TableGuard;
  readonly #groups: MarkedGroups;
  readonly #fullNat: FullNat;
  /** Puts back who may ping, where that had to be changed. */
  #forbidPing: (() => void) | undefined;
  /** BFD sessions as last told, for checks that a reload brings. */
  readonly #bfdStates = new Map<string, boolean>();
  #secureDial: SecureDial;
  #config: Config;
  /** While stopping: nothing is left to wait for. */
  #scriptsEnded: (() => void) | undefined;

  constructor(context: ChildContext, kernel: IpvsKernel, secureDial: SecureDial) {
    const { log, clock } = context;
    this.#context = context;
    this.#kernel = kernel;
    this.#settings = new IpvsSettings(kernel, log);
    this.#config = context.config;
    this.#observer = new CheckerObserver({
      log,
      clock,
      kernel,
      tell: (observation) => context.tellObserver(observation),
    });
    this.#observer.configure(this.#config.global.snmp);
    this.#secureDial = secureDial;
    this.#fifos = new NotifyFifos(log);
    this.#services = new Services({
      log,
      apply: (commands) => kernel.apply(commands),
      adopt: (desired) => adoptable(kernel.read(desired), desired),
      notify: (action) => this.#notify(action),
      atEndOfTurn,
      restores: () => context.options.respawned === true || this.#config.global.lvsRestoreServices,
      mailsAll: () => this.#config.global.defaults.checkerEmails,
    });
    this.#healthChecks = new HealthChecks({
      ports: {
        dial,
        secureDial: { connect: (...how) => this.#secureDial.connect(...how) },
        datagrams,
        runScript: openScripts(log),
        compileRegex: openRegex(log),
        md5: startMd5,
        clock,
        random: randomOf(this.#config.global),
      },
      log,
      openTimer,
      changed: (check, change) => this.#services.verdictChanged(check, change),
      checked: (check) => this.#services.checked(check),
    });
    const namespace = ipvsNamespace(this.#config.global.netNamespaceIpvs);
    this.#groups = new MarkedGroups(log, namespace);
    this.#fullNat = new FullNat(log, fullNatHost(namespace));
    this.#guard = new TableGuard(
      { clock, log, openTimer, fingerprint: () => ipvsListing(namespace), restore: () => this.#services.restore() },
      GUARD_INTERVAL,
    );
    const { lvsCommand, lvsMonitor } = this.#config.global.receiveBuffers;
    this.#haSuspend = new HaSuspend(
      () => openAddressKernel(log, { openSocket: sizedNetlink(lvsCommand, lvsMonitor) }),
      (checks, enabled) => this.#healthChecks.setEnabled(checks, enabled),
      log,
    );
    this.#files = new TrackedFiles(log, (name) => this.#healthChecks.fileChanged(name, this.#files.value(name)));
    context.onBfd(({ name, up, at }) => this.#bfdChanged(name, up, at));
  }

  start(): void {
    const { global, virtualServers } = this.#config;
    this.#openFifos(global);
    if (global.lvsFlush) this.#kernel.flush();
    this.#settings.configure(this.#config);
    const files = this.#followFiles();
    const groups = this.#groups.configure(this.#config);
    this.#fullNat.prepare(this.#config, groups);
    this.#services.start(virtualServers, global.rsInitNotifies, groups, files);
    this.#groups.apply(groups);
    this.#fullNat.settle();
    this.#beginChecks();
    this.#context.ready();
  }

  reload(config: Config): void {
    postponeOptimising();
    this.#say('Reloading');
    this.#context.sayFindings();
    this.#config = config;
    this.#observer.configure(config.global.snmp);
    this.#reloadCertificate();
    this.#openFifos(config.global);
    this.#say('Reinitializing ipvs');
    this.#settings.configure(config);
    const groups = this.#groups.configure(config);
    this.#fullNat.prepare(config, groups);
    const { rsInitNotifies: joining, lvsFlushOnStop } = config.global;
    const notices = { joining, flushing: lvsFlushOnStop !== 'off' };
    this.#services.reload(config.virtualServers, groups, this.#followFiles(), notices);
    this.#groups.apply(groups);
    this.#fullNat.settle();
    this.#beginChecks();
    this.#context.ready();
    tidyLater({ largest: LARGEST_TIDIED });
  }

  /** A client certificate that cannot be used leaves the former one in force. */
  #reloadCertificate(): void {
    const opened = clientSecureDial(this.#config);
    if (opened.ok) this.#secureDial = opened.value;
    else for (const message of opened.error) this.#context.log({ level: 'err', message });
  }

  /** Our services leave the kernel unless -I was given, our settings always; scripts that this starts get a second. */
  stop(): void {
    postponeOptimising();
    this.#healthChecks.close();
    this.#files.close();
    this.#haSuspend.close();
    this.#guard.close();
    this.#forbidPing?.();
    signalScripts();
    if (!this.#context.options.dontReleaseIpvs) {
      this.#services.stop(stopMethod(this.#config.global));
      this.#groups.close();
      this.#fullNat.close();
    }
    this.#settings.close();
    let told = false;
    const limit = openTimer(() => {
      if (told) {
        limit.close();
        this.#leave();
        return;
      }
      told = true;
      signalScripts();
      limit.arm(after(this.#context.clock.now(), LAST_SCRIPT_TIME));
    });
    this.#scriptsEnded = () => {
      limit.close();
      this.#leave();
    };
    if (runningScripts().length === 0) this.#scriptsEnded();
    else limit.arm(after(this.#context.clock.now(), SCRIPT_TIME));
  }

  /** Somebody outside asks by SNMP. */
  asked(request: ObserverRequest): void {
    if (request.type === 'survey') this.#observer.survey(this.#services.views, request.traffic);
    if (request.type !== 'weigh') return;
    this.#services.weigh(request.virtualServer, request.realServer, request.weight);
    this.#config = { ...this.#config, virtualServers: this.#services.views.map(({ server }) => server) };
  }

  /** What dumps may look at. */
  view(): CheckersView {
    return {
      config: this.#config,
      services: this.#services.views,
      fileValue: (name) => this.#files.value(name),
    };
  }

  #leave(): void {
    this.#scriptsEnded = undefined;
    signalScripts(native.constants.SIGKILL);
    this.#fifos.close();
    this.#kernel.close();
    this.#context.log(stoppedLine(this.#context.options.logDetail));
    this.#context.exit(0);
  }

  #beginChecks(): void {
    const { checks, views } = this.#services;
    this.#guard.configure(this.#config.global.lvsRestoreServices);
    this.#haSuspend.configure(views);
    const wanted = checks.length + OWN_DESCRIPTORS;
    const limit = raiseDescriptorLimit(wanted);
    if (limit < wanted) this.#say(`Only ${limit} of the ${wanted} descriptors that all checks at once would need`);
    if (checks.some(({ checker }) => checker.kind === 'PING_CHECK')) this.#forbidPing ??= allowPing();
    for (const one of checks) {
      if (!asksItself(one.checker) || (one.enabled && one.verdict.hasRun)) continue;
      const verb = one.enabled ? 'Activating' : 'Deactivating';
      const { realServer, virtualServer } = targetOf(one);
      this.#say(`${verb} healthchecker for service ${realServer} for VS ${virtualServer}`);
    }
    this.#say('Activating BFD healthchecker');
    this.#healthChecks.replace(checks, this.#config.global.shareChecks);
    for (const [name, up] of this.#bfdStates) {
      if (this.#config.bfdInstances.some((instance) => instance.name === name)) this.#healthChecks.bfdChanged(name, up);
      else this.#bfdStates.delete(name);
    }
  }

  /** Follows the files that checks look at; their values. */
  #followFiles(): FileValues {
    const { trackFiles } = this.#config;
    const checkers = trackFiles.length > 0 ? checkersOf(this.#config) : [];
    const wanted = new Set(checkers.flatMap((one) => (one.kind === 'FILE_CHECK' ? one.trackFile : [])));
    const files = trackFiles.filter(({ name }) => wanted.has(name));
    this.#files.configure(files);
    return new Map(files.map(({ name }) => [name, this.#files.value(name)]));
  }

  #bfdChanged(name: string, up: boolean, at: Instant): void {
    if (this.#config.bfdInstances.some((instance) => instance.name === name && !instance.forCheckers)) return;
    const delay = micros(Math.max(0, this.#context.clock.now() - at));
    this.#context.log(printBfdEvent(name, up, delay));
    this.#bfdStates.set(name, up);
    this.#healthChecks.bfdChanged(name, up);
  }

  #openFifos({ notifyFifo, lvsNotifyFifo, umask }: GlobalConfig): void {
    this.#fifos.configure([notifyFifo, lvsNotifyFifo], umask);
  }

  #notify(action: ServiceAction): void {
    if (action.type === 'script') {
      const done = (): void => {
        if (runningScripts().length === 0) this.#scriptsEnded?.();
      };
      runScript(action.command, [], this.#context.log, { done });
    } else if (action.type === 'fifo') this.#fifos.write(action.text);
    else if (action.type === 'mail') this.#context.mail(action.subject, action.body);
    else if (action.type === 'change') this.#observer.changed(action);
  }

  #say(message: string): void {
    this.#context.log({ level: 'info', message });
  }
}

function checkersOf({ virtualServers }: Config): Checker[] {
  return virtualServers.flatMap(({ realServers }) => realServers.flatMap(({ checkers }) => checkers));
}

/** Only SSL_GET needs the certificate of the SSL block. */
function clientSecureDial(config: Config): ReturnType<typeof openSecureDial> {
  const wanted = config.ssl && checkersOf(config).some(({ kind }) => kind === 'SSL_GET');
  return openSecureDial(wanted ? config.ssl : undefined);
}

function stopMethod({ lvsFlushOnStop }: GlobalConfig): 'eachServer' | 'services' | 'flush' {
  if (lvsFlushOnStop === 'all') return 'flush';
  return lvsFlushOnStop === 'services' ? 'services' : 'eachServer';
}
