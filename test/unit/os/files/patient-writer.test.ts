import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PatientWriter } from '../../../../src/os/files/patient-writer.ts';

/** A pipe of so many bytes whose reader empties it when told to. */
class Pipe {
  text = '';
  #retry: (() => void) | undefined;
  #room: number;
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#room = capacity;
  }

  attempt(bytes: Uint8Array): number | 'full' {
    if (this.#room === 0) return 'full';
    const count = Math.min(this.#room, bytes.length);
    this.#room -= count;
    this.text += Buffer.from(bytes.subarray(0, count)).toString();
    return count;
  }

  later(retry: () => void): void {
    this.#retry = retry;
  }

  wait(): boolean {
    return false;
  }

  /** The reader takes everything, and the writer tries again. */
  empty(): void {
    this.#room = this.#capacity;
    const retry = this.#retry;
    this.#retry = undefined;
    retry?.();
  }
}

const lossLine = (count: number): string => `${count} lost\n`;

describe('a patient writer', () => {
  it('keeps what finds no room, in order, and whole', () => {
    const pipe = new Pipe(5);
    const writer = new PatientWriter(pipe, lossLine, 100);
    for (const line of ['one\n', 'two\n', 'three\n']) writer.write(line);
    assert.equal(pipe.text, 'one\nt');
    for (let i = 0; i < 3; i++) pipe.empty();
    assert.equal(pipe.text, 'one\ntwo\nthree\n');
    writer.write('four\n');
    assert.equal(pipe.text, 'one\ntwo\nthree\nfour\n');
  });

  it('counts what no longer fits, and says so in its place', () => {
    const pipe = new Pipe(4);
    const writer = new PatientWriter(pipe, lossLine, 10);
    for (const line of ['one\n', 'two\n', 'six\n', 'ten\n', 'x\n']) writer.write(line);
    for (let i = 0; i < 5; i++) pipe.empty();
    assert.equal(pipe.text, 'one\ntwo\nsix\n2 lost\n');
    writer.write('y\n');
    pipe.empty();
    assert.equal(pipe.text, 'one\ntwo\nsix\n2 lost\ny\n');
  });

  it('gives up at the end', () => {
    const pipe = new Pipe(4);
    const writer = new PatientWriter(pipe, lossLine, 10);
    for (const line of ['one\n', 'two\n']) writer.write(line);
    writer.close();
    pipe.empty();
    assert.equal(pipe.text, 'one\n');
  });

  it('property: every line arrives in order, or is counted where it is missing', () => {
    const step = fc.oneof(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 }), fc.constant(undefined));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (steps, capacity) => {
        const pipe = new Pipe(capacity);
        const writer = new PatientWriter(pipe, (count) => `#${count}\n`, 40);
        const written: string[] = [];
        for (const [index, text] of steps.entries()) {
          if (text === undefined) pipe.empty();
          else writer.write(`${written.push(`${index}${text}`) && `${index}${text}`}\n`);
        }
        for (let i = 0; i < 200; i++) pipe.empty();
        const rebuilt = pipe.text
          .split('\n')
          .slice(0, -1)
          .flatMap((line) =>
            line.startsWith('#') ? new Array<string | undefined>(Number(line.slice(1))).fill(undefined) : [line],
          );
        assert.equal(rebuilt.length, written.length);
        for (const [index, line] of rebuilt.entries()) assert.ok(line === undefined || line === written[index]);
      }),
    );
  });
});
