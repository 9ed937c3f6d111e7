import type { Log } from '../lib/log.ts';
import type { CompiledRegex, CompileRegex } from '../ports/regex.ts';
import { native } from './native.ts';

/** PCRE2's compile options (pcre2api(3), pcre2.h). */
const optionBits: Readonly<Record<string, number>> = {
  allow_empty_class: 0x1,
  alt_bsux: 0x2,
  auto_callout: 0x4,
  caseless: 0x8,
  dollar_endonly: 0x10,
  dotall: 0x20,
  dupnames: 0x40,
  extended: 0x80,
  firstline: 0x100,
  match_unset_backref: 0x200,
  multiline: 0x400,
  never_ucp: 0x800,
  never_utf: 0x1000,
  no_auto_capture: 0x2000,
  no_auto_possess: 0x4000,
  no_dotstar_anchor: 0x8000,
  no_start_optimize: 0x10000,
  ucp: 0x20000,
  ungreedy: 0x40000,
  utf: 0x80000,
  never_backslash_c: 0x100000,
  alt_circumflex: 0x200000,
  alt_verbnames: 0x400000,
  use_offset_limit: 0x800000,
};

/** PCRE2 of the system. Each pattern is compiled once; what is wrong with it is logged then. */
export function openRegex(log: Log): CompileRegex {
  const known = new Map<string, CompiledRegex | string>();
  return (pattern, options) => {
    const key = `${options.join(' ')}\n${pattern}`;
    let compiled = known.get(key);
    if (compiled === undefined) {
      compiled = compile(pattern, options);
      if (typeof compiled === 'string') log({ level: 'info', message: `Invalid regex '${pattern}': ${compiled}` });
      known.set(key, compiled);
    }
    return compiled;
  };
}

function compile(pattern: string, options: readonly string[]): CompiledRegex | string {
  const bits = options.reduce((sum, name) => sum | (optionBits[name] ?? 0), 0);
  const compiled = native.compileRegex(new TextEncoder().encode(pattern), bits);
  if (compiled === null) return 'libpcre2-8 is not installed';
  if (typeof compiled === 'string') return compiled;
  return {
    search: (subject, from) => {
      const at = compiled.search(subject, from);
      return at < 0 ? undefined : at;
    },
  };
}
