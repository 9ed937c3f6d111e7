import type { Config } from '../../config/types.ts';
import { atEndOfTurn } from '../../os/turn.ts';
import { processId } from '../../os/processes/this-process.ts';
import { dumpVrrp, dumpVrrpGlobal, dumpVrrpParts } from '../../report/dump.ts';
import type { GlobalRuntime } from '../../report/runtime.ts';
import { printStatistics } from '../../report/statistics.ts';
import { vrrpJsonParts } from '../../report/vrrp-json.ts';
import type { ChildContext, ChildSignal } from '../child.ts';
import { ChildDumps, printTime } from '../child-dumps.ts';
import { type VrrpView, vrrpRuntime, wholeRuntime } from './vrrp-snapshot.ts';

/** Instances that a summary names. */
const MENTIONED = 8;

/** Answers an operator's signals to the VRRP process with files. */
export class VrrpReports {
  readonly #context: ChildContext;
  readonly #view: () => VrrpView;
  readonly #dumps: ChildDumps;
  #reloads = 0;

  constructor(context: ChildContext, view: () => VrrpView) {
    this.#context = context;
    this.#view = view;
    this.#dumps = new ChildDumps('vrrp', context);
  }

  /** Whatever is asked is made once the events that have arrived are dealt with. */
  asked(signal: ChildSignal): void {
    if (signal === 'data') this.#say('Printing VRRP data');
    else if (signal === 'stats') this.#say('Printing VRRP stats');
    else if (signal === 'statsClear') this.#say('Printing and clearing VRRP stats');
    atEndOfTurn(() => this.#write(signal));
  }

  /** Reloads in between two dumps of everything, where config_save_dir asks for them. */
  aroundReload(config: Config, reload: () => void): void {
    const wanted = config.global.dumps.saveDirectory !== undefined;
    this.#reloads += 1;
    if (wanted) this.#dumps.save(config, this.#everything(), this.#reloads, 'pre');
    reload();
    if (wanted) this.#dumps.save(config, this.#everything(), this.#reloads, 'post');
  }

  /** For the parent, should this process become stuck. */
  doing(): string {
    const { routers } = this.#view();
    const states = routers.slice(0, MENTIONED).map(({ instance: { name }, state }) => `${name} ${state.name}`);
    return routers.length <= MENTIONED ? states.join(', ') : `${states.join(', ')} …`;
  }

  /** -d: interfaces are known by then, the state of the instances is not shown. */
  describe(): readonly string[] {
    const { instance: _, sockets: __, ...known } = wholeRuntime(this.#view());
    const { config } = this.#view();
    return [...dumpVrrpGlobal(config), ...dumpVrrp(config, known)];
  }

  #write(signal: ChildSignal): void {
    const view = this.#view();
    const { config, routers } = view;
    if (signal === 'data') {
      this.#dumps.writeData(
        config,
        dumpVrrpParts(config, { ...wholeRuntime(view), global: this.#global(), printTime }),
      );
    } else if (signal === 'json') {
      this.#dumps.writeJson(config, vrrpJsonParts(config, vrrpRuntime(view)));
    } else {
      const counted = routers.map(({ instance: { name }, state }) => ({ name, statistics: state.memory.statistics }));
      this.#dumps.writeStatistics(config, printStatistics(counted));
      if (signal === 'statsClear') for (const router of routers) router.clearStatistics();
    }
  }

  #everything(): readonly string[] {
    const view = this.#view();
    const global = dumpVrrpGlobal(view.config, this.#global());
    return [...global, ...dumpVrrp(view.config, { ...wholeRuntime(view), printTime })];
  }

  #global(): GlobalRuntime {
    const { realtime } = this.#context.scheduling;
    return { ...(realtime && { realtime }) };
  }

  #say(what: string): void {
    this.#context.log({ level: 'info', message: `${what} for process(${processId()}) on signal` });
  }
}
