import { block, nothing } from '../../keyword.ts';
import { connectionRows, hasReachableTarget, scheduleRows } from './connection.ts';

export const tcpCheck = block(
  nothing,
  'Health check by opening a TCP connection.',
  { ...connectionRows, ...scheduleRows },
  { finish: hasReachableTarget },
);
