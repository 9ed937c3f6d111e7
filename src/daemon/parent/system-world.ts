import { KnownServers } from '../../config/known-servers.ts';
import type { GlobalRuntime } from '../../report/runtime.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { Config } from '../../config/types.ts';
import type { Role } from '../../ipc/messages.ts';
import { monotonicClock, wallMilliseconds } from '../../os/clock.ts';
import { closeUnwantedDebugger } from '../../os/debugger.ts';
import { setCorePattern } from '../../os/processes/core-pattern.ts';
import { dataFileComplaint, makeEmptyFile, replaceText, writeDataFile } from '../../os/files/data-file.ts';
import { tidyLater } from '../../os/garbage.ts';
import { firstLine, watchFile } from '../../os/files/reload-time-file.ts';
import { toldByAll } from '../../report/diagnostics.ts';
import { optimise, postponeOptimising } from '../../os/optimiser.ts';
import { runningScripts, runScript } from '../../os/processes/exec.ts';
import { allowCores } from '../../os/processes/started-with.ts';
import { native } from '../../os/native.ts';
import { openLocalService } from '../../os/sockets/local-service.ts';
import { openNotifySocket } from '../../os/sockets/notify-socket.ts';
import { feedWatchdog } from '../../os/watchdog.ts';
import { onSignal } from '../../os/processes/caught-signals.ts';
import { processId } from '../../os/processes/this-process.ts';
import { adoptOrphans } from '../../os/processes/orphans.ts';
import { makeDirectory, makeDirectoryPrivate, removeDirectoryIfEmpty } from '../../os/files/pid-directory.ts';
import { clearPidFile, lockPidFile, removeFile } from '../../os/files/pid-file.ts';
import {
  changeToRoot,
  forkSelf,
  leaveParent,
  processorTimes,
  setFileCreationMask,
} from '../../os/processes/processes.ts';
import { takeReply } from '../../notify/smtp.ts';
import { holdSmtpDialogue, mailDate } from '../../os/sockets/smtp.ts';
import { nodeName, readBeginning, temporaryDirectory } from '../../os/system-facts.ts';
import { openTimer } from '../../os/timer.ts';
import { loadConfiguration, loadParser } from '../config-loader.ts';
import { systemFacts } from '../command/facts.ts';
import { overTheConfiguration } from '../command/command-overrides.ts';
import { likelyChildren } from './likely-children.ts';
import { type DaemonLog, openDaemonLog } from './logger.ts';
import { enterNamespace } from '../namespace.ts';
import type { Options } from '../command/options.ts';
import type { ParentWorld } from './parent-world.ts';
import { dataPath, nameOfData } from '../dump-files.ts';
import { exitStatus } from '../../lib/exit-status.ts';
import { logPlaces, openLogSinks } from '../log-places.ts';
import { type Identity, needsPidDirectory, PID_DIRECTORY } from '../paths.ts';

/** A configuration whose beginning says nothing of its children is read before any is started. */
const GLANCE_BYTES = 256 * 1024;
/** The creation mask until the configuration has its say. */
const FIRST_MASK = 0o177;

export function openSystemLog(options: Options): DaemonLog {
  return openDaemonLog(openLogSinks(logPlaces(options)), options.logDetail, {
    wallClock: wallMilliseconds,
    clock: monotonicClock,
    openTimer,
  });
}

/** The running system as the parent's world. `words` is the command line with the program's name. */
export function systemWorld(options: Options, words: readonly string[], log: DaemonLog): ParentWorld {
  const systemd = openNotifySocket();
  // A parent whose event loop stands still is what the manager's watchdog is there for; children have our heartbeat.
  if (systemd) feedWatchdog(systemd);
  const children = new Set<number>();
  adoptOrphans(() => [...children, ...runningScripts()]);
  const known = new KnownServers();
  const ownInterfaces = new Set<string>();
  const foundInterfaces = new Set<string>();
  let namespaceSettled = false;
  let removePidDirectory: (() => void) | undefined;
  setFileCreationMask(FIRST_MASK);
  const restoreCorePattern = options.corePattern === undefined ? undefined : setCorePattern(options.corePattern);
  if (options.coreDump) allowCores();
  return {
    pid: processId(),
    words,
    facts: systemFacts(),
    now: () => monotonicClock.now(),
    openTimer,
    log: log.write,
    onSignal,
    fork: (role, events) => {
      const child = forkSelf(
        [`--role=${role}:${processId()}`, ...words],
        {
          ...events,
          end: (end) => {
            children.delete(child.pid);
            events.end(end);
          },
        },
        options.dontFork ? {} : { silent: true, directory: '/' },
      );
      children.add(child.pid);
      return child;
    },
    likelyChildren: () => glance(options),
    load: async () => {
      await loadParser();
      postponeOptimising();
      return loadConfiguration(options.configFile, {
        configId: options.configId ?? nodeName(),
        test: false,
        includeCheck: options.allConfig,
        namespaceSettled,
        ...overTheConfiguration(options),
        known,
        ownInterfaces,
        foundInterfaces,
      }).catch(unreadable);
    },
    testConfiguration: (path) => testInto(path, options),
    mark,
    saveConfiguration: (config, serial) => {
      saveConfiguration(config, serial).catch((error: unknown) => {
        const message = `Unable to save the configuration: ${error instanceof Error ? error.message : error}`;
        log.write({ level: 'info', message }, { ident: 'Keepalived', pid: processId() });
      });
    },
    wallClock: () => new Date(wallMilliseconds()),
    watchFile,
    firstLine,
    enterNamespace(name) {
      const refusal = enterNamespace(name);
      if (refusal === undefined) namespaceSettled = true;
      return refusal;
    },
    preparePidDirectory: (identity) => {
      if (!needsPidDirectory(identity)) return;
      if (identity.namespace === undefined) makeDirectory(PID_DIRECTORY);
      else removePidDirectory = makeDirectoryPrivate(PID_DIRECTORY, identity.namespace);
    },
    serve: openLocalService,
    pidFiles: { lock: lockPidFile, clear: clearPidFile },
    daemonise: () => {
      namespaceSettled = true;
      if (options.dontFork) return;
      changeToRoot();
      leaveParent({ type: 'daemonised' });
    },
    setUmask: setFileCreationMask,
    setProcessName: (name) => native.setProcessName(name),
    runScript: ({ command, timeout }, expired, done) =>
      runScript(command, [], () => {}, timeout === 0 ? { done } : { timeout, expired, done }),
    mailDate,
    deliverMail: (server, steps, progress) => holdSmtpDialogue(server, steps, takeReply, progress),
    notifySystemd: (state) => systemd?.notify(state),
    processorTimes,
    settle: () => {
      optimise();
      void log.settle();
      tidyLater({ before: closeUnwantedDebugger });
    },
    dumpParentData: (config, identity, runtime) => void dumpParentData(config, identity, runtime, log),
    giveBack: (identity) => {
      restoreCorePattern?.();
      if (removePidDirectory) removePidDirectory();
      else if (needsPidDirectory(identity)) removeDirectoryIfEmpty(PID_DIRECTORY);
    },
  };
}

/** Where reading has failed, as when descriptors have run out: a reload changes nothing, and a start ends as FATAL. */
function unreadable(error: unknown): LoadedConfig {
  const message = `Unable to read the configuration: ${error instanceof Error ? error.message : error}`;
  const diagnostics = [{ class: 'fatal', message } as const];
  return {
    diagnostics,
    testStatus: exitStatus.fatal,
    startStatus: exitStatus.fatal,
    hasVrrp: false,
    hasCheckers: false,
  };
}

/** reload_check_config: what keepalived's own copy with -t would report. */
async function testInto(path: string, options: Options): Promise<number> {
  const loaded = await loadConfiguration(options.configFile, {
    configId: options.configId ?? nodeName(),
    test: true,
    includeCheck: options.allConfig,
    namespaceSettled: true,
    ...overTheConfiguration(options),
  }).catch(unreadable);
  const diagnostics = loaded.diagnostics.filter(({ logOnly }) => logOnly !== true);
  const lines = toldByAll({ ...loaded, diagnostics });
  replaceText(path, lines.map((line) => `${line}\n`).join(''));
  return loaded.testStatus;
}

async function saveConfiguration(config: Config, serial: number): Promise<void> {
  const { saveDirectory } = config.global.dumps;
  if (saveDirectory === undefined) return;
  const { printConf } = await import('../../config/print-conf.ts');
  makeDirectory(saveDirectory, 0o700);
  replaceText(`${saveDirectory}/keepalived.conf.${processId()}.${serial}`, printConf(config));
}

function mark(path: string, present: boolean): void {
  if (present) makeEmptyFile(path);
  else removeFile(path);
}

async function dumpParentData(
  config: Config,
  identity: Identity,
  runtime: GlobalRuntime,
  log: DaemonLog,
): Promise<void> {
  const { dumpGlobal } = await import('../../report/dump.ts');
  const temporary = temporaryDirectory();
  const path = dataPath(config.global.dumps, identity, 'parent', temporary);
  try {
    writeDataFile(path, `${dumpGlobal(config, 'parent', runtime).join('\n')}\n`);
  } catch (error) {
    const message = dataFileComplaint(nameOfData(path, temporary), error);
    log.write({ level: 'info', message }, { ident: 'Keepalived', pid: processId() });
  }
}

function glance(options: Options): Role[] {
  if (options.namespace !== undefined) return [];
  const text = readBeginning(options.configFile, GLANCE_BYTES);
  if (text === undefined) return [];
  return likelyChildren(text).filter((role) => options.daemons[role]);
}
