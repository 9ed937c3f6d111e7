import type { LoadedConfig } from '../../config/load.ts';
import type { GlobalConfig, LvsSyncDaemon, TimedScript } from '../../config/types.ts';
import type { Role } from '../../ipc/messages.ts';
import { seconds } from '../../lib/duration.ts';
import type { Log, LogLevel } from '../../lib/log.ts';
import type { PidFile } from '../../os/files/pid-file.ts';
import { toldBy, toldFirstBy } from '../../report/diagnostics.ts';
import { childOptions, configFor, identityOf, isNeeded, syncDaemonKeeper } from './child-part.ts';
import { Children, type ChildrenHost } from './children.ts';
import { claimPidFiles } from './claim.ts';
import type { LogSource } from './logger.ts';
import type { Options } from '../command/options.ts';
import { mailerWorld, type ParentWorld, statusWorld, timedReloadWorld, waitUntil } from './parent-world.ts';
import { overrideByCommandLine } from '../command/command-overrides.ts';
import { exitStatus } from '../../lib/exit-status.ts';
import { type Identity, identSuffix, pidPaths, reloadMarkers } from '../paths.ts';
import { refusalOf } from './reload-policy.ts';
import { Mailer } from './mailer.ts';
import { Monitors } from './monitors.ts';
import { type OwnScript, runOwnScript } from './own-script.ts';
import { purposeOf, SIGINT, SIGNAL_NUMBERS, type SignalPurpose } from '../signals.ts';
import { processorTimesText, startLines } from './start-lines.ts';
import { CHILD_IDENTS, describeExit } from './supervisor.ts';
import { TimedReload } from './timed-reload.ts';
import { KEEPALIVED_VERSION } from '../command/version.ts';

/** How long a killed child may take to disappear. */
const KILL_GRACE = seconds(2);
/** What the last alerts get to be delivered. */
const LAST_MAILS = seconds(1);

/** The parent process: reads the configuration, keeps the children running, passes on what operators ask for. */
export class Parent {
  readonly #options: Options;
  readonly #world: ParentWorld;
  readonly #children: Children;
  readonly #mailer: Mailer;
  readonly #monitors: Monitors;
  readonly #timedReload: TimedReload;
  readonly #finished: Promise<number>;
  #finish: (status: number) => void = () => {};
  #loaded: LoadedConfig | undefined;
  #syncDaemonKeeper: LvsSyncDaemon['keeper'];
  #identity: Identity = {};
  #pidFile: PidFile | undefined;
  #script: OwnScript | undefined;
  /** `loading` covers the start and every reload until all children have followed. */
  #phase: 'loading' | 'running' | 'stopping' = 'loading';
  #reloads = 0;
  /** Children have followed once; until there is something to run there are none. */
  #started = false;
  #reloadPending = false;
  #stopStatus: number | undefined;

  constructor(options: Options, world: ParentWorld) {
    this.#options = options;
    this.#world = world;
    const log: Log = (line) => world.log(line, this.#source());
    this.#mailer = new Mailer(mailerWorld(world, log));
    this.#timedReload = new TimedReload(timedReloadWorld(world, log, () => this.#signalled(SIGNAL_NUMBERS.RELOAD)));
    const { now, openTimer } = mailerWorld(world, log);
    this.#monitors = new Monitors({
      log,
      now,
      openTimer,
      reload: () => this.#signalled(SIGNAL_NUMBERS.RELOAD),
      ask: (role, request) => this.#children.of(role).ask(request),
      say: (role, message) => this.#children.of(role).say(message),
      signalVrrp: (signal) => this.#children.of('vrrp').signal(signal),
      ...statusWorld(world, options, () => this.#identity, log),
      processes: () => this.#children.wanted.map(({ facts }) => facts),
    });
    this.#children = new Children(world, this.#childrenHost());
    this.#finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** Runs the daemon until it stops; the exit status. */
  async run(): Promise<number> {
    const world = this.#world;
    for (const line of startLines(world.facts, world.words)) world.log(line, this.#source());
    world.onSignal((signal) => this.#signalled(signal));
    for (const role of world.likelyChildren()) this.#children.of(role).prepare();
    const loaded = await this.#loadMarked();
    const { config, missingNamespace } = loaded;
    if (missingNamespace !== undefined && !this.#identify(missingNamespace)) return this.#abandon(0);
    if (config === undefined || loaded.startStatus !== 0) {
      this.#tellRest(loaded);
      if (loaded.failsInChild) {
        world.daemonise();
        // keepalived learns it from the child.
        const role = isNeeded('vrrp', loaded, this.#options) ? 'vrrp' : 'checker';
        const end = { kind: 'status', status: loaded.startStatus } as const;
        for (const line of describeExit(CHILD_IDENTS[role], end)) world.log(line, this.#source());
      }
      return this.#abandon(loaded.startStatus);
    }
    if (this.#stopStatus !== undefined) return this.#abandon(this.#stopStatus);
    this.#loaded = loaded;
    if (!this.#identify(this.#options.namespace ?? config.global.netNamespace, config.global)) return this.#abandon(0);
    const refusal = this.#claim(loaded);
    if (refusal !== undefined) return this.#abandon(0, refusal);
    this.#pidFile?.write(world.pid);
    world.daemonise();
    this.#follow(config.global);
    if (config.global.defaults.maxAutoPriority === 0) {
      this.#say('NOTICE: setting config option max_auto_priority should result in better keepalived performance');
    }
    this.#monitors.prepare(config);
    void this.#runScript('startup script', config.global.startupScript).then(() => {
      if (this.#stopStatus === undefined) this.#start(loaded);
    });
    return this.#finished;
  }

  #childrenHost(): ChildrenHost {
    const world = this.#world;
    return {
      fork: (role, events) => world.fork(role, events),
      openTimer: (expired) => world.openTimer(expired),
      now: () => world.now(),
      lockPidFile: (path) => world.pidFiles.lock(path),
      log: (line) => world.log(line, this.#source()),
      relay: (role, pid, line) => world.log(line, { ident: CHILD_IDENTS[role] + identSuffix(this.#identity), pid }),
      dontRespawn: this.#options.dontRespawn,
      childOptions: () => childOptions(this.#options, this.#identity),
      settled: () => this.#childSettled(),
      mail: (mail) => this.#mailer.send(mail),
      observed: (event) => this.#monitors.observed(event),
      reloadRequested: () => this.#signalled(SIGNAL_NUMBERS.RELOAD),
      terminate: (status) => {
        // errno, as the service manager shows it: EPERM or EINVAL.
        if (status !== 0) world.notifySystemd(`ERRNO=${status === exitStatus.missingPermission ? 1 : 22}`);
        this.#stop(status);
      },
    };
  }

  #source(): LogSource {
    return { ident: `Keepalived${identSuffix(this.#identity)}`, pid: this.#world.pid };
  }

  #say(message: string, level: LogLevel = 'info', detail = false): void {
    this.#world.log({ level, message, detail }, this.#source());
  }

  async #load(): Promise<LoadedConfig> {
    const loaded = await this.#world.load();
    if (loaded.startStatus !== exitStatus.noConfig) {
      this.#say(`Opening file '${this.#options.configFile}'.`, 'info', true);
      this.#say(`Configuration file ${this.#options.configFile}`);
    }
    for (const line of toldBy('parent', loaded)) this.#say(line);
    if (loaded.config === undefined) return loaded;
    const { config, messages } = overrideByCommandLine(loaded.config, this.#options);
    for (const message of messages) this.#say(message);
    this.#world.saveConfiguration(config, this.#reloads);
    return { ...loaded, config };
  }

  /** What the children would have said, had the configuration come to them. */
  #tellRest(loaded: LoadedConfig): void {
    for (const slot of this.#children.readers) for (const line of toldFirstBy(slot.role, loaded)) slot.say(line);
  }

  /** Takes a name of its own and enters its network namespace; false when there is none. */
  #identify(namespace: string | undefined, global?: GlobalConfig): boolean {
    this.#identity = identityOf(namespace, global);
    const suffix = identSuffix(this.#identity);
    if (suffix !== '') this.#say(`Changing syslog ident to Keepalived${suffix}`);
    const refusal = namespace === undefined ? undefined : this.#world.enterNamespace(namespace);
    if (refusal === undefined) return true;
    this.#say(refusal);
    this.#say(`Unable to set network namespace ${namespace} - exiting`);
    return false;
  }

  /** What this process itself goes by. */
  #follow(global: GlobalConfig): void {
    this.#mailer.configure(global);
    this.#world.setUmask(this.#options.umask ?? global.umask);
    this.#world.setProcessName(global.processNames.parent ?? 'keepalived');
  }

  /** Locks the pid files; when that fails, whether the line "Stopped" is due. */
  #claim(loaded: LoadedConfig): 'silently' | 'with a word' | undefined {
    this.#world.preparePidDirectory(this.#identity);
    const paths = pidPaths(this.#options, this.#identity);
    const { daemons } = this.#options;
    const needed = (role: Role): boolean => isNeeded(role, loaded, this.#options);
    const claimed = claimPidFiles(paths, daemons, needed, this.#world.pidFiles);
    if ('message' in claimed) {
      this.#say(claimed.message);
      return claimed.alreadyRunning ? 'silently' : 'with a word';
    }
    this.#pidFile = claimed.parent;
    for (const slot of this.#children.all)
      if (daemons[slot.role]) slot.own(paths[slot.role], claimed.children.get(slot.role));
    return undefined;
  }

  /** Starts the children that `loaded` calls for; those that run already stay, even with nothing left to do. */
  #apply(loaded: LoadedConfig): boolean {
    const { config } = loaded;
    if (config === undefined) return false;
    const runs = (role: Role): boolean => this.#children.of(role).wanted || isNeeded(role, loaded, this.#options);
    this.#syncDaemonKeeper = syncDaemonKeeper(config, runs, this.#syncDaemonKeeper);
    for (const slot of this.#children.readers) {
      const { role } = slot;
      if (runs(role)) slot.configure(configFor(role, config, this.#syncDaemonKeeper), toldBy(role, loaded));
      else slot.stop();
    }
    return this.#children.wanted.length > 0;
  }

  #start(loaded: LoadedConfig): void {
    if (this.#apply(loaded)) return;
    this.#say('Warning - keepalived has no configuration to run');
    this.#completed();
  }

  #childSettled(): void {
    if (this.#phase !== 'loading' || !this.#children.settled) return;
    this.#say(`${this.#started ? 'Reload' : 'Startup'} complete`);
    this.#started = true;
    this.#completed();
  }

  #completed(): void {
    this.#world.notifySystemd(`READY=1\nMAINPID=${this.#world.pid}`);
    this.#world.settle();
    if (this.#loaded?.config) this.#timedReload.configure(this.#loaded.config.global.reload);
    if (this.#loaded?.config) this.#monitors.configure(this.#loaded.config);
    this.#resume();
  }

  #resume(): void {
    this.#phase = 'running';
    if (!this.#reloadPending) return;
    this.#say('Processing queued reload');
    void this.#reload();
  }

  #queueReload(): void {
    this.#say('Reload already in progress, request queued');
    this.#reloadPending = true;
  }

  #signalled(signal: number): void {
    const purpose = purposeOf(signal);
    if (purpose === 'STOP') {
      if (signal !== SIGINT || !this.#options.ignoreSigint) this.#stop(0);
    } else if (this.#phase === 'stopping' || purpose === undefined) {
      return;
    } else if (purpose === 'RELOAD') {
      if (this.#phase === 'running') void this.#reload();
      else this.#queueReload();
    } else {
      this.#passOn(purpose);
    }
  }

  #passOn(purpose: SignalPurpose): void {
    const signal = SIGNAL_NUMBERS[purpose];
    if (purpose === 'DATA') {
      this.#say(`Printing parent data for process(${this.#world.pid}) on signal`);
      const { scheduled } = this.#timedReload;
      const runtime = { ...(scheduled && { reload: { text: scheduled.text, dated: !scheduled.daily } }) };
      if (this.#loaded?.config) this.#world.dumpParentData(this.#loaded.config, this.#identity, runtime);
      for (const slot of this.#children.all) slot.signal(signal);
    } else {
      this.#children.of('vrrp').signal(signal);
    }
  }

  async #reload(): Promise<void> {
    this.#phase = 'loading';
    this.#reloadPending = false;
    const fails = await this.#failsTest();
    if (fails && this.#stopStatus === undefined) this.#resume();
    if (fails || this.#stopStatus !== undefined) return;
    this.#reloads += 1;
    this.#timedReload.stop();
    this.#world.notifySystemd('RELOADING=1');
    this.#say('Reloading ...');
    const next = await this.#loadMarked();
    if (this.#stopStatus !== undefined) return;
    const refusal = this.#loaded && refusalOf(this.#loaded, next, this.#options.configFile);
    if (refusal !== undefined) {
      this.#tellRest(next);
      this.#say(refusal, 'err');
      this.#monitors.refused(refusal);
      this.#completed();
      return;
    }
    this.#loaded = next;
    if (next.config) this.#follow(next.config.global);
    if (this.#apply(next)) this.#childSettled();
    else this.#completed();
  }

  /** reload_check_config: whether the new configuration is not even to be tried. */
  async #failsTest(): Promise<boolean> {
    const report = this.#loaded?.config?.global.reload.checkOutput;
    if (report === undefined || (await this.#world.testConfiguration(report)) === 0) return false;
    const refusal = `New config failed validation, see ${report} for details`;
    this.#say(refusal);
    this.#monitors.refused(refusal);
    return true;
  }

  /** reload_file exists while the configuration is read anew; what lies there from before goes. */
  async #loadMarked(): Promise<LoadedConfig> {
    const marked = reloadMarkers(this.#loaded?.config, this.#identity);
    for (const path of marked) this.#world.mark(path, true);
    const loaded = await this.#load();
    for (const path of new Set([...marked, ...reloadMarkers(loaded.config, this.#identity)]))
      this.#world.mark(path, false);
    return loaded;
  }

  #stop(status: number): void {
    if (this.#stopStatus !== undefined) return;
    this.#stopStatus = status;
    if (this.#pidFile !== undefined) void this.#stopAll();
  }

  async #stopAll(): Promise<void> {
    if (this.#phase === 'stopping') return;
    this.#phase = 'stopping';
    this.#timedReload.close();
    // Otherwise it has been said that a child's end is ours.
    if (this.#stopStatus === 0) this.#say('Stopping');
    this.#world.notifySystemd('STOPPING=1');
    for (const slot of this.#children.all) slot.stop();
    if (this.#script) {
      this.#script.end();
      await this.#script.over;
    }
    await this.#children.awaitEnd(this.#loaded?.config?.global.childWaitTime ?? seconds(5));
    for (const slot of this.#children.all) slot.kill();
    await this.#children.awaitEnd(KILL_GRACE);
    await this.#runScript('shutdown script', this.#loaded?.config?.global.shutdownScript);
    await waitUntil(this.#world, LAST_MAILS, (wake) => void this.#mailer.idle().then(wake));
    this.#mailer.close();
    await this.#monitors.close();
    this.#finish(this.#leave(this.#stopStatus ?? 0));
  }

  async #runScript(title: string, script: TimedScript | undefined): Promise<void> {
    if (script === undefined) return;
    this.#script = runOwnScript(this.#world, (line) => this.#world.log(line, this.#source()), title, script);
    await this.#script.over;
    this.#script = undefined;
  }

  /** Ends a start that cannot go on: nothing has been configured yet, but children may be waiting. */
  async #abandon(status: number, farewell: 'silently' | 'with a word' = 'with a word'): Promise<number> {
    for (const slot of this.#children.all) slot.stop();
    await this.#children.awaitEnd(KILL_GRACE);
    return farewell === 'silently' ? status : this.#leave(status);
  }

  #leave(status: number): number {
    this.#pidFile?.remove();
    this.#world.giveBack(this.#identity);
    this.#say(processorTimesText(this.#world.processorTimes()), 'info', true);
    this.#say(`Stopped ${KEEPALIVED_VERSION}`);
    return status;
  }
}
