/** A compiled pattern. */
export interface CompiledRegex {
  /**
   * Offset of the first match that starts at `from` or later, or undefined; gives up, as no match, on patterns that
   * need too long.
   */
  search(subject: Uint8Array, from: number): number | undefined;
}

/** Compiles a PCRE2 pattern; the options are PCRE2's names in lower case. A string is why it cannot be compiled. */
export type CompileRegex = (pattern: string, options: readonly string[]) => CompiledRegex | string;
