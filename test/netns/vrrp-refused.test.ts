import assert from 'node:assert/strict';
import { configuration, passwordAuthentication } from './configuration.ts';
import { duel } from './duel.ts';
import { altered, offset } from './frame.ts';
import { seconds } from './processes.ts';
import { becomes, stateOf } from './states.ts';
import { adverts, intervals } from './transcript.ts';

/** A higher priority from the second host's addresses. */
const usurper = { [offset.sourceMac + 5]: 2, [offset.source + 3]: 2, [offset.priority]: 200 };

duel('packets that break a rule change nothing', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: passwordAuthentication }));
  await becomes(a, 'MASTER');
  const own = adverts(a)[0]!.bytes;
  const refused = {
    'wrong password': altered(own, { ...usurper, [offset.password]: 0x39 }),
    'wrong TTL': altered(own, { ...usurper, [offset.ttl]: 254 }),
    'version 3': altered(own, { ...usurper, [offset.versionAndType]: 0x31 }),
    'version 1': altered(own, { ...usurper, [offset.versionAndType]: 0x11 }),
    'type 2': altered(own, { ...usurper, [offset.versionAndType]: 0x22 }),
    'other virtual router': altered(own, { ...usurper, [offset.vrid]: 52 }),
    'no authentication': altered(own, { ...usurper, [offset.authenticationType]: 0 }),
    'unknown authentication': altered(own, { ...usurper, [offset.authenticationType]: 7 }),
    'other interval': altered(own, { ...usurper, [offset.interval]: 3 }),
    'wrong checksum': wrongChecksum(altered(own, usurper)),
    truncated: shortened(altered(own, usurper), 4),
    'header only': shortened(altered(own, usurper), 20),
  };
  for (const [name, frame] of Object.entries(refused)) {
    await a.inject(frame);
    await seconds(0.1);
    assert.equal(stateOf(a), 'MASTER', name);
  }
  await a.inject(altered(own, usurper));
  await becomes(a, 'BACKUP', 1);
  await becomes(a, 'MASTER', 6);
  await a.stop();
  await b.stop();
});

duel('with different passwords both are master', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: passwordAuthentication }));
  await becomes(a, 'BACKUP');
  const other = passwordAuthentication.map((line) => line.replace('1111', '2222'));
  b.start(configuration(b, { priority: 50, instance: other }));
  await Promise.all([becomes(a, 'MASTER'), becomes(b, 'MASTER')]);
  await seconds(2.5);
  assert.equal(stateOf(a), 'MASTER');
  assert.equal(stateOf(b), 'MASTER');
  await a.stop();
  await b.stop();
});

duel('a password against none: both are master', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100, instance: passwordAuthentication }));
  await becomes(a, 'BACKUP');
  b.start(configuration(b, { priority: 50 }));
  await Promise.all([becomes(a, 'MASTER'), becomes(b, 'MASTER')]);
  await seconds(1.5);
  await a.stop();
  await b.stop();
});

duel('a lower priority advert makes the master answer at once, with gratuitous ARP', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100 }));
  await becomes(a, 'MASTER');
  await seconds(1.5);
  await a.inject(altered(adverts(a)[0]!.bytes, { ...usurper, [offset.priority]: 50 }));
  await seconds(0.2);
  assert.ok(
    intervals(a).some((interval) => interval < 0.9),
    'it answers before its next advert is due',
  );
  assert.equal(stateOf(a), 'MASTER');
  await a.stop();
  await b.stop();
});

duel('priority 0 from elsewhere makes the master advertise at once', async ({ a, b }) => {
  a.start(configuration(a, { priority: 100 }));
  await becomes(a, 'MASTER');
  await seconds(1.4);
  await a.inject(altered(adverts(a)[0]!.bytes, { ...usurper, [offset.priority]: 0 }));
  await seconds(0.2);
  assert.ok(
    intervals(a).some((interval) => interval < 0.9),
    'it advertises before its next advert is due',
  );
  assert.equal(stateOf(a), 'MASTER');
  await a.stop();
  await b.stop();
});

function wrongChecksum(frame: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(frame);
  copy[offset.checksum] = copy[offset.checksum]! ^ 0xff;
  return copy;
}

/** The frame without its last bytes; the IP header says so too, and its checksum is right. */
function shortened(frame: Uint8Array, by: number): Uint8Array {
  const length = frame.length - by;
  return altered(frame.subarray(0, length), { 16: (length - 14) >> 8, 17: (length - 14) & 0xff });
}
