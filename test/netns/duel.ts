import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { evenkeel, missing, reference } from '../support/machine.ts';
import { Link, type Pairing } from './link.ts';
import { type Transcript, transcriptOf } from './transcript.ts';

/** A play with two hosts. Its own assertions hold whichever program is on either side. */
export type Script = (link: Link) => Promise<void>;

interface Performance {
  readonly transcripts: { readonly a: Transcript; readonly b: Transcript } | undefined;
  readonly error: unknown;
}

const model: Pairing = { name: 'keepalived with keepalived', a: reference, b: reference };

/** DAEMON_A and DAEMON_B replace the three pairings with one. */
const pairings: readonly Pairing[] =
  process.env.DAEMON_A !== undefined || process.env.DAEMON_B !== undefined
    ? [{ name: 'as given', a: process.env.DAEMON_A ?? reference, b: process.env.DAEMON_B ?? reference }]
    : [
        { name: 'ours on the first host', a: evenkeel, b: reference },
        { name: 'ours on the second host', a: reference, b: evenkeel },
        { name: 'ours on both hosts', a: evenkeel, b: evenkeel },
      ];

/**
 * Plays the script with keepalived on both hosts and with ours on one, the other and both, all at the same time on links of
 * their own, with IPv6 if `surroundings` say so. The script's assertions must hold in each; the transcripts must equal those of keepalived with keepalived.
 */
export function duel(title: string, script: Script, surroundings: Pick<Pairing, 'ipv6'> = {}): void {
  const skip = missing([
    'root',
    'namespaces',
    'program ip',
    'program tcpdump',
    'program python3',
    `program ${reference}`,
  ]);
  describe(title, skip === undefined ? {} : { skip }, () => {
    let performances: readonly Performance[] = [];
    before(async () => {
      performances = await Promise.all(
        [model, ...pairings].map((pairing) => perform({ ...pairing, ...surroundings }, script)),
      );
    });
    test(model.name, () => {
      assertDone(performances[0]);
    });
    for (const [index, pairing] of pairings.entries()) {
      test(pairing.name, () => {
        const transcripts = assertDone(performances[index + 1]);
        const expected = assertDone(performances[0]);
        assert.deepEqual(transcripts.a, expected.a, 'first host');
        assert.deepEqual(transcripts.b, expected.b, 'second host');
      });
    }
  });
}

/** Plays the script with ours on both hosts, for what keepalived's 2.2.7 does not know. */
export function play(title: string, script: Script, surroundings: Pick<Pairing, 'ipv6'> = {}): void {
  const skip = missing(['root', 'namespaces', 'program ip', 'program tcpdump', 'program python3']);
  test(title, skip === undefined ? {} : { skip }, async () => {
    assertDone(await perform({ name: 'ours on both hosts', a: evenkeel, b: evenkeel, ...surroundings }, script));
  });
}

async function perform(pairing: Pairing, script: Script): Promise<Performance> {
  const link = await Link.open(pairing);
  try {
    await script(link);
    return { transcripts: { a: transcriptOf(link.a), b: transcriptOf(link.b) }, error: undefined };
  } catch (error) {
    const story = `log of the first host:\n${link.a.story}\nlog of the second host:\n${link.b.story}`;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { transcripts: undefined, error: new Error(`${text}\n${story}`) };
  } finally {
    await link.close();
  }
}

function assertDone(performance: Performance | undefined): { a: Transcript; b: Transcript } {
  assert.ok(performance, 'the play was not performed');
  if (performance.transcripts === undefined) throw performance.error;
  return performance.transcripts;
}
