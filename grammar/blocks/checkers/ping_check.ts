import { block, nothing } from '../../keyword.ts';
import { connectionRows, hasReachableTarget, scheduleRows } from './connection.ts';

export const pingCheck = block(
  nothing,
  'Health check by an ICMP echo request.',
  { ...connectionRows, ...scheduleRows },
  { finish: hasReachableTarget },
);
