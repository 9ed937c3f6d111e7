import { block, leaf, nothing } from '../../keyword.ts';
import { integer, maximumUnsigned } from '../../values.ts';
import { connectionRows, hasReachableTarget, scheduleRows } from './connection.ts';

export const tcpCheck = block(
  nothing,
  'Health check by opening a TCP connection.',
  {
    ...connectionRows,
    ...scheduleRows,
    nb_get_retry: leaf(integer(0, maximumUnsigned), 'Old spelling of retry.', {
      invalid: "Invalid retry connection value '%s'",
      deprecated: { instead: 'retry' },
    }),
  },
  { finish: hasReachableTarget },
);
