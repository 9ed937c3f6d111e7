import { distributionName, kernelFacts, kernelHeaders, nodeVersion } from '../../os/system-facts.ts';
import type { SystemFacts } from './version.ts';

/** What -v and the first log lines say of this system. */
export function systemFacts(): SystemFacts {
  return {
    kernel: kernelFacts(),
    distribution: distributionName(),
    nodeVersion: nodeVersion(),
    headers: kernelHeaders(),
  };
}
