import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { errnoText } from '../../../src/lib/errno.ts';
import { constantNames } from '../../../src/os/constants.ts';
import { native } from '../../../src/os/native.ts';

const { AF_UNIX, SOCK_DGRAM, EAGAIN, EBADF, SOL_SOCKET, SO_RCVBUF, SO_TYPE } = native.constants;

test('every constant is a number', () => {
  for (const name of constantNames) assert.equal(typeof native.constants[name], 'number', name);
  assert.deepEqual(Object.keys(native.constants).sort(), [...constantNames].sort());
});

test('a failed call says which and why', () => {
  assert.throws(() => native.bind(-1, new Uint8Array(2)), { code: 'EBADF', errno: EBADF, syscall: 'bind' });
  assert.throws(() => native.interfaceIndex('no-such-if'), { code: 'ENODEV' });
  assert.deepEqual(native.describeError(EAGAIN), ['EAGAIN', 'Resource temporarily unavailable']);
});

test('arguments of the wrong type are refused', () => {
  const loose = native as unknown as Record<string, (...values: unknown[]) => unknown>;
  assert.throws(() => loose.bind?.(1), TypeError);
  assert.throws(() => loose.bind?.(1, 'address'), TypeError);
  assert.throws(() => loose.sendmsg?.(1, new Uint16Array(2), null, null, 0), TypeError);
  assert.throws(() => loose.setProcessName?.(5), TypeError);
  assert.throws(() => loose.watch?.(0, undefined), TypeError);
  assert.throws(() => loose.spawn?.([], [], 0, 0, []), TypeError);
  assert.throws(() => loose.spawn?.([1], [], 0, 0, []), TypeError);
});

test('socket options take numbers and structures', () => {
  const fd = native.socket(AF_UNIX, SOCK_DGRAM, 0);
  native.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, 8192);
  const type = native.getsockopt(fd, SOL_SOCKET, SO_TYPE, 4);
  assert.equal(new Int32Array(type.buffer)[0], SOCK_DGRAM);
  assert.throws(() => native.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, new Uint8Array(1)), { code: 'EINVAL' });
  native.close(fd);
});

test('monotonic time is that of the kernel', () => {
  const before = process.hrtime.bigint() / 1000n;
  const now = native.monotonicNow();
  const after = process.hrtime.bigint() / 1000n;
  assert.ok(before <= now && now <= after + 1n);
});

test('an exception in a callback is an uncaught exception, not the end of the process', () => {
  const script = `
    const { createRequire } = require('node:module');
    const native = createRequire(${JSON.stringify(`${process.cwd()}/package.json`)})('#native');
    process.on('uncaughtException', (error) => console.log('caught', error.message));
    const timer = native.timer(() => { throw new Error('thrown'); });
    timer.arm(1);
  `;
  const text = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: process.cwd() });
  assert.equal(text.trim(), 'caught thrown');
});

test('the addon can be loaded by workers, whose watches end with them', () => {
  const script = `
    const { Worker } = require('node:worker_threads');
    const body = "const native = require('node:module').createRequire(process.cwd() + '/package.json')('#native');" +
      "const timer = native.timer(() => process.exit()); timer.arm(native.monotonicNow() + 1000); setTimeout(() => {}, 1e6);";
    let left = 5;
    for (let i = 0; i < 5; i++) new Worker(body, { eval: true }).on('exit', () => { if (--left === 0) console.log('done'); });
  `;
  const text = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: process.cwd() });
  assert.equal(text.trim(), 'done');
});

test('error numbers are called what the C library calls them', () => {
  for (let number = 0; number < 140; number++) assert.equal(errnoText(number), native.describeError(number)[1]);
});
