import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureText } from '../../../src/ipvs/failure.ts';
import type { Destination, Service } from '../../../src/ipvs/types.ts';
import { errno } from '../../../src/lib/errno.ts';
import { ip } from './arbitrary.ts';

const service: Service = {
  key: { kind: 'address', address: ip('10.9.0.1'), port: 80, protocol: 'TCP' },
  scheduler: 'rr',
  flags: 0,
  timeout: 0,
  netmask: ip('255.255.255.255'),
};
const marked: Service = { ...service, key: { kind: 'fwmark', fwmark: 7, family: 6 } };
const destination: Destination = {
  address: ip('10.9.1.1'),
  port: 8080,
  forwardingMethod: 'NAT',
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
};

test('refusals are logged in the words of keepalived', () => {
  const cases = [
    [
      { command: { kind: 'newService', service }, errno: errno.EEXIST },
      'IPVS cmd IP_VS_SO_SET_ADD(1154) error: Service already exists(17) (10.9.0.1:tcp:80)',
    ],
    [
      { command: { kind: 'newService', service }, errno: errno.ENOENT },
      'IPVS cmd IP_VS_SO_SET_ADD(1154) error: Scheduler or persistence engine not found(2) (10.9.0.1:tcp:80)',
    ],
    [
      { command: { kind: 'setService', service }, errno: errno.ESRCH },
      'IPVS cmd IP_VS_SO_SET_EDIT(1155) error: Scheduler or persistence engine not found(2) (10.9.0.1:tcp:80)',
    ],
    [
      { command: { kind: 'deleteService', service: marked }, errno: errno.ESRCH },
      'IPVS cmd IP_VS_SO_SET_DEL(1156) error: No such file or directory(2) (Fwm 7 inet6)',
    ],
    [
      { command: { kind: 'newDestination', service, destination }, errno: errno.EEXIST },
      'IPVS cmd IP_VS_SO_SET_ADDDEST(1159) error: Destination already exists(17) (10.9.0.1:tcp:80 -> 10.9.1.1:8080)',
    ],
    [
      { command: { kind: 'newDestination', service, destination }, errno: errno.ESRCH },
      'IPVS cmd IP_VS_SO_SET_ADDDEST(1159) error: No such file or directory(2) (10.9.0.1:tcp:80 -> 10.9.1.1:8080)',
    ],
    [
      { command: { kind: 'deleteDestination', service, destination }, errno: errno.ENOENT },
      'IPVS cmd IP_VS_SO_SET_DELDEST(1160) error: No such destination(2) (10.9.0.1:tcp:80 -> 10.9.1.1:8080)',
    ],
    [{ command: { kind: 'flush' }, errno: 1 }, 'IPVS cmd IP_VS_SO_SET_FLUSH(1157) error: Operation not permitted(1)'],
  ] as const;
  for (const [failure, text] of cases) assert.equal(failureText(failure), text);
});
