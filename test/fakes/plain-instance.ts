import type { VrrpInstance } from '../../src/config/types.ts';
import { type Duration, seconds } from '../../src/lib/duration.ts';

/** What an instance has that asks for nothing beyond adverts and addresses. */
export const nothingMore = {
  trackInterfaces: [],
  trackScripts: [],
  trackFiles: [],
  trackProcesses: [],
  trackBfds: [],
  trackSourceAddress: false,
  checkUnicastSource: false,
  unicastFaultNoPeer: false,
  oldUnicastChecksum: 'detect',
  v3ChecksumAsV2: false,
  vmacAddresses: false,
  vmacTransmitBase: false,
  linkbeatUsePolling: false,
  virtualRoutes: [],
  virtualRules: [],
  timerExpiredBackup: 0,
  garpExtraInterval: seconds(0) as Duration,
  garpExtraAll: false,
  kernelReceiveBufferSize: 0,
} as const satisfies Partial<VrrpInstance>;
