import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { consoleSink, ctime, fileNameFor, fileSink } from '../../../src/os/log-sinks.ts';

describe('log sinks', () => {
  it('writes the time as ctime(3) does', () => {
    const at = new Date(2026, 10, 1, 2, 3, 4, 5).getTime();
    assert.equal(ctime(at), 'Sun Nov  1 02:03:04 2026');
    assert.equal(ctime(at, '.5'), 'Sun Nov  1 02:03:04.5 2026');
  });

  it('names a file for each process', () => {
    assert.equal(fileNameFor('/x/a.log', 'Keepalived'), '/x/a.log');
    assert.equal(fileNameFor('/x/a.log', 'Keepalived_vrrp'), '/x/a_vrrp.log');
    assert.equal(fileNameFor('/x/a.log', 'Keepalived_healthcheckers_blue'), '/x/a_check_blue.log');
    assert.equal(fileNameFor('/x.d/a', 'Keepalived_blue'), '/x.d/a_blue');
  });

  it('appends lines with nanoseconds, one file a process', () => {
    const directory = mkdtempSync(join(tmpdir(), 'evenkeel-log-'));
    const at = new Date(2026, 10, 21, 2, 3, 4, 56).getTime();
    const path = join(directory, 'k.log');
    for (const message of ['one', 'two']) {
      const sink = fileSink(path, true);
      sink.write({ level: 'info', message, ident: 'Keepalived', pid: 1, at });
      sink.write({ level: 'info', message: `v ${message}`, ident: 'Keepalived_vrrp', pid: 2, at });
      sink.close();
    }
    const stamp = 'Sat Nov 21 02:03:04.056000000 2026';
    assert.equal(readFileSync(path, 'utf8'), `${stamp}: one\n${stamp}: two\n`);
    assert.equal(readFileSync(join(directory, 'k_vrrp.log'), 'utf8'), `${stamp}: v one\n${stamp}: v two\n`);
    rmSync(directory, { recursive: true });
  });

  it('writes JSON objects to those who want them', () => {
    const directory = mkdtempSync(join(tmpdir(), 'evenkeel-log-'));
    const path = join(directory, 'k.log');
    const sink = fileSink(path, true, 'json');
    sink.write({ level: 'alert', message: 'said "so"', ident: 'Keepalived_vrrp', pid: 7, at: 0 });
    sink.close();
    assert.deepEqual(JSON.parse(readFileSync(join(directory, 'k_vrrp.log'), 'utf8')), {
      time: '1970-01-01T00:00:00.000Z',
      level: 'alert',
      ident: 'Keepalived_vrrp',
      pid: 7,
      message: 'said "so"',
    });
    rmSync(directory, { recursive: true });
  });

  it('survives a place that cannot be written', () => {
    const sink = fileSink('/proc/nowhere/k.log', false);
    sink.write({ level: 'info', message: 'x', ident: 'Keepalived', pid: 1, at: 0 });
    sink.close();
  });

  it('waits for the reader of a pipe that is full, without stopping anybody', () => {
    const directory = mkdtempSync(join(tmpdir(), 'evenkeel-log-'));
    const path = join(directory, 'pipe');
    execFileSync('mkfifo', [path]);
    const [reader, writer] = [constants.O_RDONLY | constants.O_NONBLOCK, constants.O_WRONLY].map((flags) =>
      openSync(path, flags),
    ) as [number, number];
    const sink = consoleSink('text', writer);
    const message = 'x'.repeat(200);
    for (let i = 0; i < 1000; i++) sink.write({ level: 'info', message, ident: 'Keepalived', pid: 1, at: 0 });
    let lines = 0;
    const piece = Buffer.alloc(65536);
    // Each reading makes room, and closing gives the waiting lines their last chance.
    const take = (): void => {
      lines += piece.subarray(0, readSync(reader, piece)).filter((byte) => byte === 10).length;
    };
    take();
    sink.write({ level: 'info', message, ident: 'Keepalived', pid: 1, at: 0 });
    sink.close();
    take();
    assert.ok(lines > 500, `${lines} lines`);
    for (const fd of [reader, writer]) closeSync(fd);
    rmSync(directory, { recursive: true });
  });
});
