import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkerTarget } from '../../../src/checkers/registry.ts';
import { httpChecker, realServer, tcpChecker, virtualServer } from './examples.ts';

test('the name for a handshake is the checker’s own, or that of its virtual server', () => {
  const named = virtualServer([], { virtualHost: 'vs.example.com' });
  const host = (server: typeof named, checker: Parameters<typeof checkerTarget>[2]) =>
    checkerTarget(server, realServer('10.0.0.11'), checker).handshakeHost;
  assert.equal(host(named, httpChecker({ virtualHost: 'own.example.com' })), 'own.example.com');
  assert.equal(host(named, httpChecker()), 'vs.example.com');
  assert.equal(host(named, tcpChecker()), 'vs.example.com');
  const target = checkerTarget(virtualServer([]), realServer('10.0.0.11'), tcpChecker());
  assert.equal('handshakeHost' in target, false);
});
