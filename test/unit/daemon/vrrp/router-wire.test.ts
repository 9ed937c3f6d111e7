import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RouterWire } from '../../../../src/daemon/vrrp/router-wire.ts';
import { errno } from '../../../../src/lib/errno.ts';
import { keyedHashes as hashes } from '../../../../src/os/keyed-hash.ts';
import { decodeIpv4 } from '../../../../src/vrrp/received.ts';
import { transmit } from '../../../../src/vrrp/transmit.ts';
import { initialWireState } from '../../../../src/vrrp/wire-state.ts';
import { ip, parameters } from '../../vrrp/support.ts';

function wire(answer = 0, linkIsDown = false) {
  const sent: { readonly to: string; readonly bytes: Uint8Array }[] = [];
  const effects = {
    hashes,
    wallClock: () => 1e15,
    linkIsDown: () => linkIsDown,
    sendAdvert: (_: unknown, __: unknown, datagram: { destination: string; bytes: Uint8Array }) => {
      sent.push({ to: datagram.destination, bytes: Uint8Array.from(datagram.bytes) });
      return answer;
    },
  };
  return { wire: new RouterWire(effects), sent };
}

const peers = ['10.20.0.2', '10.20.0.3'].map((address) => ({ address: ip(address), minimumTtl: 0, maximumTtl: 255 }));

test('repeated adverts are what each would be, whatever comes between', () => {
  for (const changes of [{}, { version: 3 } as const, { unicast: { peers } }]) {
    const own = parameters(changes);
    const { wire: router, sent } = wire();
    for (const priority of [120, 120, 0, 120]) router.send(own, priority);
    router.reconfigured();
    router.send(parameters(changes), 120);
    let state = initialWireState;
    const expected = [120, 120, 0, 120, 120].flatMap((priority, index) => {
      if (index === 4) state = { ...state, identification: 0 };
      const transmission = transmit(own, state, priority, { wallClock: 1e15, hashes });
      state = transmission.wire;
      return transmission.datagrams.map(({ destination, bytes }) => ({ to: destination, bytes }));
    });
    assert.deepEqual(sent, expected);
  }
});

test('every peer that cannot be reached is told, but not for a last word on a dead link', () => {
  const { wire: router } = wire(-errno.ENETUNREACH);
  const own = parameters({ unicast: { peers } });
  assert.deepEqual(router.send(own, 120), [
    { event: 'sendError', errno: errno.ENETUNREACH, peer: '10.20.0.2' },
    { event: 'sendError', errno: errno.ENETUNREACH, peer: '10.20.0.3' },
  ]);
  assert.deepEqual(wire(-errno.ENETUNREACH, true).wire.send(own, 0), []);
  assert.deepEqual(router.send(parameters(), 120), [{ event: 'sendError', errno: errno.ENETUNREACH }]);
});

test('a backup that heard an authentication header goes on from its number', () => {
  const ah = { authentication: { type: 'ah', password: 's3cr3t' } } as const;
  const state = { ...initialWireState, ahSequence: 41 };
  const { datagrams } = transmit(parameters(ah, '10.20.0.2'), state, 120, { wallClock: 0, hashes });
  const { wire: router, sent } = wire();
  const packet = decodeIpv4(datagrams[0]!.bytes)!;
  assert.ok(router.hear(parameters(ah), packet, undefined).advert);
  router.becameMaster();
  router.send(parameters(ah), 120);
  assert.equal(decodeIpv4(sent[0]!.bytes)?.authenticationHeader?.sequence, 43);
});
