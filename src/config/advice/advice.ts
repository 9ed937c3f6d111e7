import type { Prefix } from '../types-route.ts';
import type { Config } from '../types.ts';

/** Something legal that is seldom what was meant. */
export interface Advice {
  /** Name of the rule, for machines. */
  readonly rule: string;
  readonly message: string;
  /** The block it is about, by keyword and name. */
  readonly block: string;
  readonly name: string;
  /** The keyword of that block that it is about. */
  readonly keyword?: string;
}

/** What the rules may know beside the configuration. */
export interface AdviceFacts {
  /** Addresses with their networks that the interface has now; empty when nothing is known of it. */
  networks(interfaceName: string): readonly Prefix[];
}

export type AdviceRule = (config: Config, facts: AdviceFacts) => readonly Advice[];

/** `10.0.0.1, 10.0.0.2 and 2 more` */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, 3).join(', ');
  return words.length > 3 ? `${shown} and ${words.length - 3} more` : shown;
}
