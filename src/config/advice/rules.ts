import type { Config } from '../types.ts';
import type { Advice, AdviceFacts, AdviceRule } from './advice.ts';
import {
  addressOutsideNetworks,
  hastyAdverts,
  readablePassword,
  slowScripts,
  strictAddresses,
  weightsWithoutPreemption,
  weightsWithoutRoom,
} from './instances.ts';
import { granularityOfGroups, mailsWithoutRecipient, slowChecks, uncheckedServers } from './servers.ts';

const rules: readonly AdviceRule[] = [
  strictAddresses,
  addressOutsideNetworks,
  weightsWithoutPreemption,
  weightsWithoutRoom,
  readablePassword,
  slowScripts,
  hastyAdverts,
  slowChecks,
  uncheckedServers,
  granularityOfGroups,
  mailsWithoutRecipient,
];

/** What an experienced operator would ask about this configuration. */
export function advise(config: Config, facts: AdviceFacts): readonly Advice[] {
  return rules.flatMap((rule) => rule(config, facts));
}
