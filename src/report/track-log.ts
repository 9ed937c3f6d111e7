import { assertNever } from '../lib/assert-never.ts';
import type { ScriptLogEvent, ScriptRun } from '../track/script.ts';

/** The sentence for what a tracked script did, in keepalived's words. */
export function printScriptEvent(event: ScriptLogEvent): string {
  switch (event.event) {
    case 'scriptReturns':
      return `Script \`${event.name}\` now returning ${event.status}`;
    case 'scriptSucceeded':
      return `VRRP_Script(${event.name}) succeeded`;
    case 'scriptFailed':
      return `VRRP_Script(${event.name}) ${printFailure(event.run)}`;
    default:
      return assertNever(event);
  }
}

function printFailure(run: ScriptRun): string {
  switch (run.kind) {
    case 'exit':
      return `failed (exited with status ${run.status})`;
    case 'signal':
      return `failed (due to signal ${run.signal})`;
    case 'timeout':
      return 'timed_out';
    default:
      return assertNever(run);
  }
}
