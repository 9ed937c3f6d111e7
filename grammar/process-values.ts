import type { Statement, ValueKind } from './keyword.ts';
import { readInteger, readIntegerText } from './numbers.ts';

const minimumRealtimePriority = 1;
/** Of SCHED_RR on Linux (sched(7)). */
const maximumRealtimePriority = 99;
const minimumInteger = -0x80000000;
const maximumInteger = 0x7fffffff;

/** A real-time priority; what lies outside is moved to the nearest that exists. `process` is for messages. */
export function realtimePriority(process: string): ValueKind<number> {
  const name = `${process} process real-time priority`;
  return {
    syntax: `a whole number from ${minimumRealtimePriority} to ${maximumRealtimePriority}`,
    read(statement) {
      const value = readInteger(statement, 1, minimumInteger, maximumInteger, 'lenient', this.syntax);
      if (value === undefined) return undefined;
      if (value < minimumRealtimePriority) {
        const message = `${name} ${value} less than minimum ${minimumRealtimePriority} - setting to minimum`;
        statement.report('general-error', message, 1, this.syntax);
        return minimumRealtimePriority;
      }
      if (value > maximumRealtimePriority) {
        const message = `${name} ${value} greater than maximum ${maximumRealtimePriority} - setting to maximum`;
        statement.report('general-error', message, 1, this.syntax);
        return maximumRealtimePriority;
      }
      return value;
    },
    print: String,
  };
}

/** Processors by number; one bad number makes the whole set empty. */
export function processorSet(process: string): ValueKind<readonly number[]> {
  return {
    syntax: 'numbers of processors',
    example: '0 1',
    read(statement: Statement) {
      const processors = new Set<number>();
      for (let i = 1; i < statement.words.length; i++) {
        const word = statement.words[i] as string;
        const value = readIntegerText(word, statement, i, 0, statement.surroundings.processorCount - 1);
        if (value === undefined) {
          const shown = Number(/^\d*/.exec(word)?.[0]);
          statement.report('general-error', `Invalid cpu_id:${shown} specified for ${process} process`, i, this.syntax);
          return [];
        }
        processors.add(value);
      }
      return [...processors].sort((a, b) => a - b);
    },
    print: (value) => (value.length === 0 ? undefined : value.join(' ')),
  };
}
