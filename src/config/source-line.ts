import type { ConfigClass, Diagnostic } from '../lib/diagnostic.ts';
import type { VirtualServer } from './types.ts';

/** Where a piece of configuration text came from. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A macro in whose value a text stood. */
export interface Definition extends Place {
  readonly name: string;
}

/** One logical line ready for the parser: no comments, conditions, definitions, macros or includes are left in it. */
export interface SourceLine extends Place {
  readonly text: string;
  /** The text stands in the file as it is here, so that offsets in it are columns there. */
  readonly verbatim: boolean;
  readonly definition?: Definition;
  readonly includedFrom?: Place;
  /** The line begins a block that an earlier reading has seen; the text is empty. */
  readonly known?: VirtualServer;
}

export type Report = (diagnostic: Diagnostic) => void;

export function reportAt(report: Report, place: Place, problem: ConfigClass, message: string): void {
  report({ class: problem, message, file: place.file, line: place.line });
}
